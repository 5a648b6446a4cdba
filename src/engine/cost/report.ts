import type { Problem } from '../../base/problem';
import type { DType, ModelFormat, Origin, RoundingRule } from '../ir/types';

/** How a number came to be; shown with every number (invariant 8). */
export type Basis = 'exact' | 'modelled' | 'measured';

/** What a layer's bar is coloured by. */
export type LayerFamily = 'conv' | 'depthwise' | 'dense' | 'other' | 'unknown';

/** Time and energy of one inference. `calibrated`: the model of the time, scaled by a measurement on the very board. */
export interface TimeReport {
  readonly us: number;
  /** Absent where the chip's current is not published. */
  readonly energyUj?: number;
  readonly basis: 'modelled' | 'calibrated';
  /** True where the kernels of some layers were never counted. */
  readonly lowerBound: boolean;
  /** Sentences that say where each factor comes from and how far off such figures have been. */
  readonly how: readonly string[];
}

/** Shape of a tensor of which not even the rank is known: written `?`, not as a scalar. An extent below zero is one that nobody knows. */
export const UNKNOWN_SHAPE: readonly number[] = [-1];

export interface PortReport {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly scale?: number;
  readonly zeroPoint?: number;
}

/** One step of the generated C. */
export interface LayerReport {
  /** Position in execution order, from 0. */
  readonly index: number;
  readonly name: string;
  /** Canonical op, e.g. `conv`. */
  readonly op: string;
  /** Op as a person writes it, e.g. `Conv 3×3 /2`. */
  readonly label: string;
  readonly family: LayerFamily;
  /** Multiply-accumulates of the layer as the file has it. */
  readonly macs: number;
  /** Those that the generated C runs: fewer where constant channels are folded away. */
  readonly executedMacs: number;
  /** Weights and biases, in elements. */
  readonly params: number;
  /** Bytes of constants in flash, as packed by the code generator. */
  readonly weightBytes: number;
  readonly outputBytes: number;
  /** Bytes of the arena that hold live tensors while this step runs, scratch included. */
  readonly liveBytes: number;
  /** On the chosen board, in µs; basis: `time.basis` of the report. Absent without a board, or where its kernel was never counted. */
  readonly timeUs?: number;
  readonly outputShape: readonly number[];
  readonly dtype: DType;
  /** Layers of the source file that this step computes. */
  readonly origin: readonly Origin[];
  /**
   * True for a step that only brings an input or output between the caller's layout, which is the file's, and the kernels'
   * (channels last): not a layer of the network. Without these one network has one table, whatever the format of its file.
   */
  readonly layoutOnly: boolean;
  /** False where the op is not understood: its costs are unknown, not zero. */
  readonly counted: boolean;
}

/** Where a tensor lies in the arena, and during which steps (both inclusive; -1 is before the first step). */
export interface PlacementReport {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly role: 'input' | 'output' | 'activation' | 'scratch' | 'state';
}

export interface InspectReport {
  readonly schema: 'tinyml-inspect/1';
  readonly model: {
    readonly name: string;
    readonly path: string;
    readonly format: ModelFormat;
    readonly fileBytes: number;
    readonly producer: string;
    /** float32, int8, ... or `mixed`: arithmetic of the layers that have weights. */
    readonly arithmetic: string;
    readonly rounding: RoundingRule;
    readonly inputs: readonly PortReport[];
    readonly outputs: readonly PortReport[];
    readonly labels: readonly string[];
    /** That of the C generated from it; only where it was asked for. */
    readonly hash?: number;
    /** Names of input extents that the file leaves open and nobody has given: what depends on them is not counted. */
    readonly openExtents: readonly string[];
  };
  readonly totals: {
    readonly layers: number;
    readonly macs: number;
    readonly executedMacs: number;
    readonly params: number;
    readonly weightBytes: number;
    /** weightBytes plus modelled code size. */
    readonly flashBytes: number;
    /** Arena of the generated C: activations, scratch, state, inputs and outputs. */
    readonly ramBytes: number;
    readonly basis: { readonly macs: Basis; readonly weightBytes: Basis; readonly flashBytes: Basis; readonly ramBytes: Basis };
    /** How each was made, and how far off such figures have been, as sentences. */
    readonly how: { readonly macs: string; readonly weightBytes: string; readonly flashBytes: string; readonly ramBytes: string };
    /** True where some layer is not counted: totals are then lower bounds. */
    readonly lowerBound: boolean;
  };
  /** On the chosen board; absent without one, and where nothing is known of its core. */
  readonly time?: TimeReport;
  readonly arena: {
    readonly bytes: number;
    /** No plan of this order can need less. */
    readonly liveBoundBytes: number;
    /** What the search for an order of the layers has brought: arena in the file's order, and whether a lower peak is ruled out. */
    readonly order: { readonly fileOrderBytes: number; readonly isChanged: boolean; readonly isOptimal: boolean };
    /** Where the first layers are run in strips of rows, for a RAM budget. */
    readonly strips?: { readonly count: number; readonly layers: number; readonly extraMacs: number };
    /** Steps at which `bytes` are in use. */
    readonly peakSteps: readonly number[];
    readonly placements: readonly PlacementReport[];
  };
  readonly layers: readonly LayerReport[];
  readonly uncounted: readonly { readonly layer: string; readonly op: string }[];
  readonly problems: readonly Problem[];
}
