import type { LayerFacts, PlanRequest } from '../engine-contract';

/** What the host computes in each layer, and why a board may compute something else: plain data. */

export interface TraceRequest extends PlanRequest {
  /** Instruction set of the board: the constants lie in the order of its kernels. */
  readonly isa: string;
  /** Bytes of input 0 of each run since the start; the last one is told of. More than one for models that keep a state. */
  readonly inputs: readonly Uint8Array[];
}

export interface TraceReport {
  readonly layers: readonly HostLayer[];
}

export interface HostLayer extends LayerFacts {
  readonly index: number;
  /** Bytes of the layer's first result, and their CRC-32. */
  readonly bytes: number;
  readonly crc: number;
  /** All constants of the layer, in the order of the generated sources; 0 bytes where it has none. */
  readonly weights: { readonly bytes: number; readonly crc: number };
  /** Layers whose results it reads. */
  readonly sources: readonly number[];
  /** Header of its kernel. */
  readonly kernel: string;
}

export interface ExplainRequest extends TraceRequest {
  readonly layer: number;
  /** The layer's result as the board has it. */
  readonly board: Uint8Array;
  /** Of the layer's constants on the board. */
  readonly weights?: { readonly bytes: number; readonly crc: number };
}

/** One layer on host and board. */
export interface LayerDifference {
  readonly layer: number;
  /** Elements that differ: in any bit for integers, beyond rounding for floats. */
  readonly differ: number;
  readonly of: number;
  /** Largest difference: in codes, or real numbers of a float layer. */
  readonly max: number;
  /** Differing elements in the order of the tensor, the first of them only. */
  readonly values: readonly { readonly at: readonly number[]; readonly host: number; readonly board: number }[];
  /** Differing elements by channel (last axis), where any differ, most first. */
  readonly channels: readonly { readonly channel: number; readonly differ: number }[];
  /** Both results, element by element. */
  readonly host: readonly number[];
  readonly board: readonly number[];
  readonly cause: LikelyCause;
}

export type CauseKind = 'none' | 'weights' | 'rounding' | 'saturation' | 'activation' | 'kernel';

export interface LikelyCause {
  readonly kind: CauseKind;
  readonly title: string;
  readonly certainty: 'certain' | 'very likely' | 'likely' | 'unknown';
  /** What was tested, and what came out. */
  readonly evidence: string;
  readonly ruledOut: readonly string[];
}
