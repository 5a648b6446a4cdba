import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { ToolTarget } from '../boards/uploads';
import type { FoundTool } from '../toolchains/find-tools';
import { runTool, type ToolRun } from '../toolchains/run-tool';
import * as problems from './problems';

/** What an argument may refer to. */
export interface ToolPlaces {
  /** Absolute path of the image. */
  readonly image: string;
  /** Folder that the images lie in. */
  readonly folder: string;
  /** Folder of the project's own files. */
  readonly project: string;
  readonly port?: string;
}

/**
 * Placeholders replaced within each argument; never split, never through a shell. An argument in double braces is quoted for a
 * tool that reads commands (OpenOCD's Tcl): a value that could end that quotation is refused.
 * @throws ProblemError where a port is wanted and none is chosen.
 */
export function argumentsFor(target: ToolTarget, places: ToolPlaces): string[] {
  return target.args.map((argument) =>
    argument.replace(/(\{?)\{(image|folder|project|port)\}/g, (_, quote: string, name: keyof ToolPlaces) => {
      const value = places[name];
      if (value === undefined) throw new ProblemError(problems.toolNeedsPort(target.tool));
      if (quote && /[{}\\]/.test(value)) throw new ProblemError(problems.toolCannotTake(target.tool, value));
      return quote + value;
    }),
  );
}

/** Uploads by a program that the user has installed. Its percentages, where it prints any, are the progress. */
export async function uploadByTool(target: ToolTarget, tool: FoundTool, places: ToolPlaces, variables: NodeJS.ProcessEnv, task: Task): Promise<void> {
  const args = argumentsFor(target, places);
  task.progress({ stage: `Uploading with ${target.tool}` });
  const onOutput = (text: string): void => {
    const percent = [...text.matchAll(/(\d{1,3})(?:\.\d+)?\s?%/g)].at(-1);
    if (percent && Number(percent[1]) <= 100) task.progress({ stage: 'Writing', done: Number(percent[1]), total: 100 });
  };
  const run = await runTool(tool.path, args, { cwd: places.folder, variables, signal: task.signal, onOutput });
  if (run.exitCode !== 0) throw new ProblemError(problemOf(run, places.port ?? target.tool));
}

/** Failures that tools word alike, with what helps; else the tool's own last lines. */
function problemOf(run: ToolRun, port: string): ReturnType<typeof problems.toolFailed> {
  const text = run.stderr + run.stdout;
  const busy = /busy|access is denied|permission denied|could not open port/i.test(text);
  return problems.toolFailed(port, run, busy);
}
