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
    verify: { params: null; result: null };
    /** Measures the board once more with a benchmark and scales its modelled times. */
    calibrate: { params: null; result: null };
    /** Begins or ends a recording of the series. */
    record: { params: null; result: null };
    /** Whether samples are fed, held, or fed one more. */
    feed: { params: { readonly how: 'hold' | 'step' | 'go' }; result: null };
    /** A line of text to the board. */
    send: { params: { readonly text: string }; result: null };
    /** Everything that the panel has of this run, as a table that the user names a file for. */
    exportCsv: { params: null; result: null };
    /** The samples that were read wrong join the calibration data, and the model is quantized with them once more. */
    requantize: { params: null; result: null };
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
  /** Samples wait to be fed one by one. */
  readonly held?: boolean;
  /** Samples are fed from here: they can be held. */
  readonly feeds?: boolean;
  /** The board measures by itself: what it tells can be recorded. */
  readonly canRecord?: boolean;
  /** Label of what is being recorded. */
  readonly recording?: string;
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
  /** Absent where the host does not know the input. */
  readonly equalsHost?: boolean;
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
  /** Predictions that the host computed as well, and those that are equal. */
  readonly compared: number;
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
  /** New points of `name:value` series. */
  readonly series: readonly SeriesView[];
  /** What the board told of its layers, where that is new. */
  readonly layers?: LayersView;
  /** Labelled samples of this run by [truth][prediction]; empty without labels, or for more than 40 classes. */
  readonly matrix: readonly (readonly number[])[];
  /** Classes read as others in this run, most frequent first. */
  readonly confusions: readonly ConfusionView[];
}

export interface SeriesView {
  readonly name: string;
  readonly unit?: string;
  /** Milliseconds since the epoch at which it came, and the number. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

export interface ConfusionView {
  readonly truth: string;
  readonly label: string;
  readonly count: number;
}

/** Measured by the board itself. */
export interface LayersView {
  /** Board, compiler and flags that the numbers are of. */
  readonly basis: string;
  readonly layers: readonly LayerTimeView[];
  readonly totalUs: number;
  /** Null where the time of some layer is not modelled. */
  readonly modelledTotalUs: number | null;
  readonly arenaBytes: number;
  /** Null where the board cannot tell. */
  readonly stack: { readonly usedBytes: number; readonly bytes: number } | null;
}

export interface LayerTimeView {
  readonly index: number;
  readonly name: string;
  readonly label: string;
  readonly us: number;
  readonly ticks: number;
  readonly modelledUs: number | null;
  /** Null for layers without codes. */
  readonly range: LayerRangeView | null;
}

/** Real numbers of a layer since the run began, against those that its codes reach. */
export interface LayerRangeView {
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
  /** Share of elements at an end of the codes that the layer does not stop at by itself. */
  readonly saturated: number;
}

export interface DeviceSnapshot extends DeviceUpdate {
  readonly labels: readonly string[];
}

/** Points that panel and snapshot keep of a series, and series at most. */
export const SERIES_LIMIT = { points: 4000, series: 32 };

/** Lines that panel and snapshot keep; the output channel keeps all of them. */
export const HISTORY_LIMIT = 500;
