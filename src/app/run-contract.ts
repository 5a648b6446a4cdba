import type { MemoryChoice } from '../engine/codegen/choose-strips';
import type { LogLevel } from '../base/log';
import type { RequestOptions } from '../base/rpc';
import type { Problem } from '../base/problem';
import type { Calibration, EngineContract, LayerFacts } from './engine-contract';

/**
 * What a run on a board is asked, and what it tells while it goes: plain data, so that editor, device panel, CLI and tests
 * read the same events. `run-on-board.ts` makes them.
 */

export interface RunRequest {
  /** Absolute path of the model. */
  readonly path: string;
  /** Extents that the model leaves open, by name; go before the `bind` of tinyml.json. */
  readonly bindings?: Readonly<Record<string, number>>;
  /** RAM budget and strips; see `MemoryChoice`. Where absent what tinyml.json says, or the editor's setting. */
  readonly memory?: MemoryChoice;
  /** Key of the boards table. */
  readonly boardId: string;
  /** Serial port of a real board; simulated boards and the host need none. */
  readonly portPath?: string;
  /** Another way of uploading than the board's usual one: a kind, or a tool's name. */
  readonly via?: string;
  /** At most so many test samples; all where absent. */
  readonly limit?: number;
  /** What was measured on this board before: modelled times are scaled by it. */
  readonly calibration?: Calibration;
  /** What is fed: a data set, a .wav, .csv or .bmp; otherwise the model's own. All of its samples where it names no parts. */
  readonly data?: string;
  /** Takes the board as it is, flashed with this model before: nothing is built or flashed. Boards on a port only. */
  readonly attach?: boolean;
  /** Firmware that tells of its layers, where it fits: 2 to 3 KiB of flash. */
  readonly trace?: boolean;
  /** A sensor of the board feeds the model, not the host. Boards without one play `data` in its place: a .wav, or what was recorded. */
  readonly sensor?: SensorRequest;
}

export interface SensorRequest {
  /** Of `Board.sensors`. */
  readonly id: string;
  /** Measurements between the starts of two runs; half a window where absent. */
  readonly hop?: number;
  /** What is played goes as fast as the board takes it, not at the sensor's rate. */
  readonly flatOut?: boolean;
}

/** What a run needs from whoever starts it. */
export interface RunDeps {
  readonly engine: EngineRequests;
  /** Absolute paths of our own programs that run as child processes. */
  readonly programs: { readonly avrSimulator: string; readonly rp2040Simulator?: string };
  /** Folder for firmware builds: ours, may be deleted at any time. */
  readonly buildRoot: string;
  /** Folder whose own boards count beside the catalogue's. */
  readonly workspace?: string;
  /** Environment in which compilers and uploaders are looked up. */
  readonly env: NodeJS.ProcessEnv;
}

/** The engine as a worker (editor) or in the same process (CLI). */
export interface EngineRequests {
  request<M extends keyof EngineContract['requests'] & string>(
    method: M,
    params: EngineContract['requests'][M]['params'],
    options?: RequestOptions,
  ): Promise<EngineContract['requests'][M]['result']>;
}

/** In this order; `verify` is not one: each prediction is compared with the host as it arrives. */
export type RunStage = 'generate' | 'build' | 'flash' | 'connect' | 'run';

/** What the firmware says about itself in its first frame. */
export interface HelloReport {
  readonly protocol: number;
  readonly firmware: string;
  readonly modelHash: number;
  readonly arenaBytes: number;
  /** 0 where the board has no fixed clock (the host). */
  readonly clockHz: number;
}

export interface PredictionEvent {
  readonly kind: 'prediction';
  /** Index of the test sample; -1 for what the board measured itself. */
  readonly index: number;
  /** Class with the highest score; its index where the model has no labels. */
  readonly label: string;
  /** Score of `label`, dequantized. */
  readonly score: number;
  /** Dequantized outputs, in the order of the model's labels. */
  readonly scores: readonly number[];
  readonly truth?: string;
  /** Time of the run on the board, from its own clock. */
  readonly us: number;
  /** The same in the board's own ticks (cycles where it counts cycles). */
  readonly ticks: number;
  /** True where every output byte equals what the host computes for this input; absent where the host does not know the input. */
  readonly equalsHost?: boolean;
  /** Time measured, times the power that the chip's maker states for a core that runs; absent where that is not known. */
  readonly energyUj?: number;
}

/** One layer in one run on the board. `least`, `most`: codes, or bits of a float32. */
export interface LayerMeasurement {
  readonly layer: number;
  readonly ticks: number;
  readonly us: number;
  readonly least: number;
  readonly most: number;
  /** Elements at the ends of the type's range. */
  readonly atLeast: number;
  readonly atMost: number;
}

export type RunEvent =
  | { readonly kind: 'stage'; readonly stage: RunStage }
  /** Measured from the linked firmware: flash and static RAM of the whole program. */
  | { readonly kind: 'built'; readonly flashBytes: number; readonly ramBytes: number }
  | { readonly kind: 'connected'; readonly hello: HelloReport; readonly board: { readonly id: string; readonly name: string }; readonly labels: readonly string[]; readonly layers: readonly LayerFacts[]; /** Modelled time of each layer in µs, where its kernel was counted. */ readonly modelledUs: readonly (number | undefined)[]; /** Board, compiler and flags that measured numbers are of. */ readonly basis: string; /** Where the power comes from that energies are reckoned with. */ readonly energyBasis?: string }
  | PredictionEvent
  /** Measured by the board in the run of this sample; stack in bytes, 0 of 0 where it cannot tell. */
  | { readonly kind: 'layers'; readonly sample: number; readonly layers: readonly LayerMeasurement[]; readonly stack: { readonly stackUsed: number; readonly stackBytes: number } }
  /** Of a port that is listened to: given back for a flash, gone, or back again. */
  | { readonly kind: 'link'; readonly state: 'live' | 'paused' | 'lost'; readonly text: string }
  /** Text that the firmware printed between frames, by line; with a level where it was logged as such. */
  | { readonly kind: 'text'; readonly text: string; readonly level?: LogLevel }
  /** The sensor that feeds the model. */
  | { readonly kind: 'sensor'; readonly sensor: SensorFacts }
  /** Measurements of the sensor, in its unit, channels in turn. */
  | { readonly kind: 'samples'; readonly values: Float32Array; /** Lost before these. */ readonly missed: number }
  /** Last event; a problem where the link ended before the run did. */
  | { readonly kind: 'closed'; readonly problem?: Problem };

export interface SensorFacts {
  readonly kind: string;
  /** Of a measurement; empty for a share of full scale. */
  readonly unit: string;
  readonly channels: readonly string[];
  readonly rateHz: number;
  /** Measurements of one run, and between the starts of two. */
  readonly window: number;
  readonly hop: number;
}

export interface RunSummary {
  readonly samples: number;
  /** Samples with a truth, and how many of them the board got right. */
  readonly labelled: number;
  readonly right: number;
  /** Samples that the host computed as well, and those of them whose outputs equal the host's byte for byte. */
  readonly compared: number;
  readonly equal: number;
  readonly medianUs: number;
}

/** A run whose board answers. */
export interface BoardRun {
  /** Idempotent; resolves when port and processes are released. */
  stop(): Promise<void>;
  /** Feeds no more until `step` (one sample) or `go`; the board stays connected. Nothing happens where nothing is fed. */
  hold(): void;
  step(): void;
  go(): void;
  /** A line of text to firmware that reads text. */
  send(line: string): Promise<void>;
  /** After the last sample, or when stopped: then the summary of what was seen. Rejects with a `ProblemError` where the link was lost. */
  readonly done: Promise<RunSummary>;
}
