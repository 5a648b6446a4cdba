import os from 'node:os';
import path from 'node:path';
import { directEngine } from '../app/engine-direct';
import { programPath } from '../app/programs';
import type { RunDeps } from '../app/run-contract';
import type { Task } from '../base/progress';
import { UsageError, type Values } from './command';

/** What a run on a board needs, in this process. */
export const cliRunDeps = (values: Values, task: Task): RunDeps => ({
  engine: directEngine(task),
  programs: { avrSimulator: programPath('avr-simulator'), rp2040Simulator: programPath('rp2040-simulator') },
  buildRoot: path.resolve((values['build-dir'] as string | undefined) ?? path.join(os.tmpdir(), 'tinyml-workbench')),
  workspace: process.cwd(),
  env: process.env,
});

/** An option that counts something. */
export function countOption(values: Values, name: string): number | undefined {
  const value = values[name] === undefined ? undefined : Number(values[name]);
  if (value !== undefined && !(Number.isInteger(value) && value > 0)) throw new UsageError(`--${name} is a whole number above 0`);
  return value;
}
