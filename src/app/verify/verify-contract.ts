import type { Problem } from '../../base/problem';
import type { RunEvent, RunRequest } from '../run-contract';
import type { HostLayer, LayerDifference } from './trace-contract';

export interface VerifyRequest extends RunRequest {
  /** The float model; where absent the one that the model's name points to. */
  readonly floatPath?: string;
}

export type VerifyEvent = RunEvent | { readonly kind: 'compared'; readonly done: number; readonly total: number };

/** `of` samples, of which `equal` agree. */
export interface Agreement {
  readonly equal: number;
  readonly of: number;
}

export interface VerifyReport {
  readonly schema: 'tinyml-verify/1';
  readonly model: string;
  readonly board: { readonly id: string; readonly name: string };
  /** What was measured on: firmware as it says itself, compiler and flags that built it. */
  readonly basis: { readonly kind: 'measured'; readonly firmware: string; readonly modelHash: number; readonly clockHz: number; /** Empty where the board was taken as it is. */ readonly compiler: string; readonly flags: readonly string[] };
  readonly labels: {
    readonly boardAndHost: Agreement;
    /** Absent where no float model is known. */
    readonly hostAndFloat?: Agreement;
    readonly right?: { readonly board: Agreement; readonly host: Agreement; readonly float?: Agreement };
  };
  /** Samples whose output bytes are all the same (for float models: the same within rounding). */
  readonly bytes: Agreement;
  readonly floatModel?: string;
  /** Empty where the firmware had no room for layer reports. */
  readonly layers: readonly VerifiedLayer[];
  /** The sample that the layers are of. */
  readonly traced?: { readonly sample: number; readonly equal: number; readonly of: number };
  /** The first layer that differs, with both results and the likely cause. */
  readonly first?: LayerDifference;
  /** Every layer whose result was fetched, the first included. */
  readonly differences: readonly LayerDifference[];
  /** Layers whose constants on the board are not the model's. */
  readonly otherWeights: readonly number[];
  readonly samples: readonly { readonly index: number; readonly label: string; readonly board: string; readonly equal: boolean; readonly us: number }[];
  readonly verdict: string;
  readonly equal: boolean;
  readonly problems: readonly Problem[];
}

export interface VerifiedLayer extends HostLayer {
  readonly board: { readonly crc: number; readonly us: number; readonly ticks: number; readonly atLeast: number; readonly atMost: number };
  /** `unknown` where its result was not fetched: too many layers differ, or too many bytes. */
  readonly differ: number | 'unknown';
  readonly max: number;
  readonly weightsEqual: boolean;
}
