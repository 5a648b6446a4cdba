import path from 'node:path';
import { throwIfCancelled } from '../../base/cancel';
import type { Outcome } from '../../base/outcome';
import type { Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import { findProgram, type ToolEnvironment } from './environment';
import * as problems from './problems';
import { runTool } from './run-tool';
import { toolchains } from './toolchains';
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

/** What a board needs to be built for and run. */
export const toolsOfBoard = (board: Board): readonly ToolId[] => [toolchains[board.toolchain].compiler, ...board.runTools];

/** Finds and versions the tools of a board; each one that is missing or broken is a problem with its package's name. */
export async function findTools(board: Board, environment: ToolEnvironment, task: Task): Promise<Outcome<FoundTools>> {
  const byId = new Map<ToolId, FoundTool>();
  const found: Problem[] = [];
  for (const id of toolsOfBoard(board)) {
    throwIfCancelled(task.signal);
    const tool = await findTool(id, board.name, environment, task);
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
