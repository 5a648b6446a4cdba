import type { BrokenReason, StreamStats } from './framing';
import type { logLevels, TickKind } from './messages';

/** What the board says about itself. Sizes in bytes; `ticksHz` is the rate of `InferResult.ticks`. */
export interface Hello {
  readonly firmware: string;
  readonly board: string;
  readonly model: string;
  readonly modelHash: number;
  readonly arenaBytes: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly clockHz: number;
  readonly tickHz: number;
  readonly tickKind: TickKind;
  /** Largest payload the board takes in one frame. */
  readonly maxPayload: number;
  /** Bytes that the board's receiver lost since its start. */
  readonly overruns: number;
}

export interface InferResult {
  /** All outputs, in order, without gaps. */
  readonly output: Uint8Array;
  readonly ticks: number;
  readonly tickHz: number;
  readonly tickKind: TickKind;
  /** ticks / tickHz: time on the board for cycles and ns; for instructions, the time at one instruction per clock cycle. */
  readonly us: number;
}

export interface LogLine {
  readonly level: (typeof logLevels)[number];
  readonly text: string;
}

export interface BrokenPiece {
  readonly bytes: Uint8Array;
  readonly reason: BrokenReason;
}

/** `repeats`: requests sent again; `unexpected`: good frames that answered nothing open, such as late replies. */
export interface LinkStats extends StreamStats {
  readonly requests: number;
  readonly repeats: number;
  readonly unexpected: number;
}

export interface SessionOptions {
  /** For a reply that the board gives at once. */
  readonly replyTimeoutMs?: number;
  /** For one run of the model. */
  readonly runTimeoutMs?: number;
  /** While a run is awaited, its result is asked for again at this interval: the first one may have been lost. */
  readonly runPollMs?: number;
  /** A request is sent at most this many times. */
  readonly attempts?: number;
  readonly maxFrameBytes?: number;
}

/** What a watched run tells of one layer, in the order of execution. */
export interface LayerTrace {
  readonly layer: number;
  /** Of this layer alone, at `InferResult.tickHz`. */
  readonly ticks: number;
  readonly us: number;
  /** Bytes of its first result, and their CRC-32. */
  readonly bytes: number;
  readonly crc: number;
  /** Smallest and largest element: int32, or the bits of a float32 (see `floatOfBits`). */
  readonly least: number;
  readonly most: number;
  /** Elements at the ends of the type's range. */
  readonly atLeast: number;
  readonly atMost: number;
}

export interface TracedResult extends InferResult {
  readonly layers: readonly LayerTrace[];
  /** The result of the layer that was asked for. */
  readonly tensor?: Uint8Array;
}

/** Bytes; both 0 where the board cannot tell. */
export interface StackReport {
  readonly stackUsed: number;
  readonly stackBytes: number;
}
