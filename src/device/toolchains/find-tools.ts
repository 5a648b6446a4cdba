import path from 'node:path';
import { throwIfCancelled } from '../../base/cancel';
import type { Outcome } from '../../base/outcome';
import type { Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import { uploadOf } from '../boards/upload-of';
import { findProgram, type ToolEnvironment } from './environment';
import * as problems from './problems';
import { buildersOf } from './project-builders';
import { runTool } from './run-tool';
import { toolchains, type Toolchain } from './toolchains';
import { tools, type Tool, type ToolId } from './tools';

export interface FoundTool {
  readonly id: ToolId;
  /** Absolute path of the program. */
  readonly path: string;
  readonly version: string;
}

/** The tools found for a board, with the environment they run in. */
export interface FoundTools {
  readonly environment: ToolEnvironment;
  readonly byId: ReadonlyMap<ToolId, FoundTool>;
}

/** What a board needs to be built for and run: all of `every`, and one of `any` where there are some. */
export interface ToolNeeds {
  readonly every: readonly ToolId[];
  readonly any: readonly ToolId[];
}

/** `via`: another way of uploading than the board's first. */
export function toolsOfBoard(board: Board, via?: string): ToolNeeds {
  const toolchain: Toolchain = toolchains[board.toolchain];
  const upload = uploadOf(board, via);
  const uploader: readonly ToolId[] = upload?.kind === 'tool' ? [upload.target.tool] : [];
  if (toolchain.kind === 'compiler') return { every: [toolchain.compiler, ...board.runTools, ...uploader], any: [] };
  const builders = buildersOf(board.project);
  // what uploads is needed anyway, so it builds as well
  const any = builders.some((id) => uploader.includes(id)) ? [] : builders;
  return { every: [...board.runTools, ...uploader], any };
}

/** Finds and versions the tools of a board; each one that is missing or broken is a problem with its package's name. */
export async function findTools(board: Board, environment: ToolEnvironment, task: Task, via?: string): Promise<Outcome<FoundTools>> {
  const needs = toolsOfBoard(board, via);
  const every = await findToolsById(needs.every, board.name, environment, task);
  const any = await findToolsById(needs.any, board.name, environment, task);
  // one of several is enough; where none is there, the first is the one to get
  const missing = needs.any.length && any.value.byId.size === 0 ? [problems.oneOfTools(any.problems)] : [];
  return { value: { environment, byId: new Map([...every.value.byId, ...any.value.byId]) }, problems: [...every.problems, ...missing] };
}

/** `neededFor`: a board's name, for the problems. */
export async function findToolsById(ids: readonly ToolId[], neededFor: string, environment: ToolEnvironment, task: Task): Promise<Outcome<FoundTools>> {
  const byId = new Map<ToolId, FoundTool>();
  const found: Problem[] = [];
  for (const id of ids) {
    throwIfCancelled(task.signal);
    const tool = await findTool(id, neededFor, environment, task);
    if ('problem' in tool) found.push(tool.problem);
    else byId.set(id, tool);
  }
  return { value: { environment, byId }, problems: found };
}

async function findTool(id: ToolId, neededFor: string, environment: ToolEnvironment, task: Task): Promise<FoundTool | { problem: Problem }> {
  const tool: Tool = tools[id];
  const program = tool.programs.map((name) => findProgram(name, environment)).find((file) => file !== undefined);
  if (!program) return { problem: problems.toolMissing(tool, neededFor, environment) };
  const options = { variables: environment.variables, signal: task.signal };
  const run = await runTool(program, tool.versionArgs, options);
  const version = run.exitCode === 0 ? tool.versionPattern.exec(run.stdout + run.stderr)?.[1] : undefined;
  if (!version) return { problem: problems.toolBroken(tool, run, environment) };
  for (const companion of tool.companions) {
    // gcc prints the bare name back when it does not find the file
    const answer = (await runTool(program, companion.args, options)).stdout.trim();
    if (!path.isAbsolute(answer) && !answer.includes('/')) {
      return { problem: problems.companionMissing(companion, program, neededFor, environment) };
    }
  }
  task.log.write('debug', `${program}: version ${version}`);
  return { id, path: program, version };
}
