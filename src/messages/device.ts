import type { Fix, Problem } from '../base/problem';

/** What crosses between host and device panel. The host batches: at most 30 updates a second, each with everything new. */
export type DeviceContract = {
  requests: {
    /** Everything a panel needs that opens in the middle of a run. */
    attach: { params: null; result: DeviceSnapshot };
    stop: { params: null; result: null };
    /** The same model on the same board again. */
    rerun: { params: null; result: null };
    chooseBoard: { params: null; result: null };
    showOutput: { params: null; result: null };
    fix: { params: { readonly fix: Fix }; result: null };
  };
  notices: {
    update: DeviceUpdate;
    /** A new run began: what is shown belongs to the past. */
    reset: DeviceSnapshot;
  };
};

export type DevicePhase = 'idle' | 'preparing' | 'streaming' | 'stopping' | 'finished' | 'stopped' | 'failed';

export interface DeviceState {
  readonly phase: DevicePhase;
  /** `Building firmware`, `Streaming`, … */
  readonly text: string;
  readonly board?: { readonly id: string; readonly name: string; readonly simulated: boolean };
  readonly model?: string;
  /** What the firmware says about itself, as one line. */
  readonly firmware?: string;
  readonly problem?: Problem;
}

export interface PredictionView {
  /** Running number from 1. */
  readonly number: number;
  readonly sample: number;
  readonly label: string;
  readonly score: number;
  readonly scores: readonly number[];
  readonly truth?: string;
  readonly us: number;
  readonly equalsHost: boolean;
  /** Milliseconds since the epoch at which the host received it. */
  readonly at: number;
}

/** A line of text that the firmware printed. */
export interface TextView {
  readonly text: string;
  readonly at: number;
}

export interface DeviceTotals {
  readonly samples: number;
  readonly labelled: number;
  readonly right: number;
  readonly equal: number;
  /** Median of the latest runs, microseconds; null before the first. */
  readonly medianUs: number | null;
  readonly p99Us: number | null;
  /** How many runs median and p99 are made of. */
  readonly latencySamples: number;
}

export interface DeviceUpdate {
  readonly state: DeviceState;
  readonly totals: DeviceTotals;
  readonly predictions: readonly PredictionView[];
  readonly texts: readonly TextView[];
}

export interface DeviceSnapshot extends DeviceUpdate {
  readonly labels: readonly string[];
}

/** Lines that panel and snapshot keep; the output channel keeps all of them. */
export const HISTORY_LIMIT = 500;
