import { neverCancelled, type CancelSignal } from './cancel';
import { silentLog, type Log } from './log';

/** One report of a long task: a named stage and, where it can be counted, how far it is. */
export interface Progress {
  readonly stage: string;
  readonly done?: number;
  readonly total?: number;
  /** Estimate of how long the stage will still take. */
  readonly secondsLeft?: number;
}

/** What every long task is given: a way to report, a way to be stopped, a place to log. */
export interface Task {
  readonly signal: CancelSignal;
  readonly log: Log;
  progress(progress: Progress): void;
}

export const quietTask: Task = { signal: neverCancelled, log: silentLog, progress: () => {} };
