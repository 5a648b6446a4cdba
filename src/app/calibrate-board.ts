import path from 'node:path';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { formatTimeUs } from '../base/units';
import type { Board } from '../device/boards/board';
import { benchmarkTimeUs } from '../engine/cost/latency';
import type { Calibration } from './engine-contract';
import { machineOf } from './machine';
import { appProblems } from './problems';
import type { RunDeps, RunEvent } from './run-contract';
import { runOnBoard } from './run-on-board';

/** Building and flashing come on top of it on a slow board. */
const MEASURE_SECONDS = 60;
/** Times of one board differ by well under a percent: more rounds bring nothing. */
const ROUNDS = 5;

export interface CalibrateRequest {
  readonly board: Board;
  readonly portPath?: string;
  readonly via?: string;
  /** When it was done, for the sentence that stands beside every figure. */
  readonly date: Date;
}

/**
 * Runs a small benchmark model on a board and compares its time with the modelled one: the factor that modelled times of this very
 * board are scaled by. At most 60 seconds of measuring.
 */
export async function calibrateBoard({ board, portPath, via, date }: CalibrateRequest, deps: RunDeps, task: Task): Promise<Calibration> {
  const { path: model } = await deps.engine.request('calibrationModel', { folder: path.join(deps.buildRoot, 'calibration') });
  const machine = machineOf(board);
  const modelledUs = machine && benchmarkTimeUs(machine);
  if (modelledUs === undefined) throw new ProblemError(appProblems.noTimeModel(board.name));
  const times: number[] = [];
  const collect = (event: RunEvent): void => {
    if (event.kind !== 'prediction') return;
    times.push(event.us);
    task.progress({ stage: 'Measuring', done: times.length });
  };
  const deadline = Date.now() + MEASURE_SECONDS * 1000;
  for (let round = 0; round < ROUNDS && (round === 0 || Date.now() < deadline); round++) {
    const run = await runOnBoard({ path: model, boardId: board.id, portPath, via }, deps, task, collect);
    const stop = (): void => void run.stop();
    task.signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, Math.max(1, deadline - Date.now()));
    try {
      await run.done;
    } finally {
      clearTimeout(timer);
      task.signal.removeEventListener('abort', stop);
    }
    // A simulated or attached board gives the same time again: one round tells.
    if (spreadOf(times) < 0.01) break;
  }
  if (!times.length) throw new ProblemError(appProblems.notMeasured(board.name));
  return calibrationFrom(times, modelledUs, board.name, date);
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const spreadOf = (times: readonly number[]): number => (times.length < 2 ? 1 : (Math.max(...times) - Math.min(...times)) / median(times));

/** The factor, and the sentence that says where it is from. */
export function calibrationFrom(times: readonly number[], modelledUs: number, board: string, date: Date): Calibration {
  const us = median(times);
  const factor = Number((us / modelledUs).toPrecision(4));
  const spread = (spreadOf(times) * 100).toFixed(1);
  return {
    factor,
    source: `Calibrated on ${board}, ${date.toISOString().slice(0, 10)}: ${times.length} runs of a benchmark model took ${formatTimeUs(us)} (spread ${spread} %), ${formatTimeUs(modelledUs)} were modelled: × ${factor}.`,
  };
}
