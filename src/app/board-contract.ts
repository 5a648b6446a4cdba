import type { PortReport } from '../engine/cost/report';
import type { DType } from '../engine/ir/types';

/** How a board's firmware is recognised, and what its outputs mean. */
export interface ModelIdentity {
  /** Of its firmware on every instruction set: mostly one, several where the first layers are run in strips that differ. */
  readonly modelHashes: readonly number[];
  readonly input: PortReport;
  readonly output: PortReport;
  readonly labels: readonly string[];
}

export interface ExtendDataRequest {
  /** The model whose data set it is. */
  readonly path: string;
  readonly data?: string;
  /** Test samples that are to calibrate. */
  readonly samples: readonly number[];
  /** Where absent `<data>.extended.npz` beside the model; numbered if that exists. */
  readonly out?: string;
}

export interface ExtendDataReport {
  readonly path: string;
  readonly added: number;
  /** Samples of the new data set. */
  readonly calibration: number;
  readonly test: number;
}

/** A layer's first result as the generated C computes it. */
export interface LayerFacts {
  readonly name: string;
  /** As a person writes it, e.g. `Conv 3×3 /2`. */
  readonly label: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly scale?: number;
  readonly zeroPoint?: number;
  /** The layer itself stops at this end of its codes (a ReLU, a softmax): codes there are no saturation. */
  readonly bound: { readonly low: boolean; readonly high: boolean };
}
