import type { Importance } from '../../engine/compress/prune/importances';
import type { CodebookSize } from '../../engine/compress/store/cluster';
import type { SparsePattern } from '../../engine/compress/store/sparsify';
import type { Measure } from './reduce/measure';

/** One thing that makes a model smaller besides quantization, before it or after it. */
export type TransformStep = ReduceStep | StoreStep;
/** Fewer multiplications. */
export type ReduceStep = PruneStep | FactorizeStep;
/** Weights that take fewer bytes of flash. */
export type StoreStep = ClusterStep | SparsifyStep;

/** What is to shrink, and by how much. */
export interface Target {
  readonly measure: Measure;
  /** What is to go of the measure, from 0 to 1; or else what may be left of it. */
  readonly share?: number;
  readonly most?: number;
}

/**
 * What happens to weights that stay. Where absent or true: each layer is fitted by least squares, then all of them together by
 * gradient descent towards the original's results; `layers`: no gradient descent; false: they stay as they are, as in naive
 * pruning, for comparison.
 */
export type Refit = boolean | 'layers';

/** Channels, neurons and hidden units are left out; layers that read them are fitted again. */
export interface PruneStep extends Target {
  readonly kind: 'prune';
  /** How channels are ranked; where absent each group of layers gets the rule that costs least on samples held back. */
  readonly importance?: Importance;
  /** How what is left is fitted to the original; see `Refit`. */
  readonly refit?: Refit;
  /** Whole blocks may go where a shortcut leads around them or their input has the shape of their output. */
  readonly dropBlocks?: boolean;
  /** Channels that stay, by the layer that makes them, instead of a target: nothing is searched. */
  readonly widths?: Readonly<Record<string, number>>;
}

/** Layers become two of a lower rank. */
export interface FactorizeStep extends Target {
  readonly kind: 'factorize';
  /** Names of the layers that may be split; all where absent. */
  readonly only?: readonly string[];
  /** Ranks of layers by their names, instead of a target: nothing is searched. */
  readonly ranks?: Readonly<Record<string, number>>;
  /** How the layers are fitted to the original; see `Refit`. */
  readonly refit?: 'layers' | true;
}

/** Weights of each layer take few values: C stores codes and a codebook. Of int8 models the codes are clustered. */
export interface ClusterStep {
  readonly kind: 'cluster';
  readonly entries: CodebookSize;
}

/** Weights become zero: C stores the others. */
export interface SparsifyStep {
  readonly kind: 'sparsify';
  /** Zeros among the weights, from 0 to 1; absent where the pattern says how many. */
  readonly share?: number;
  /** `free` where absent. */
  readonly pattern?: SparsePattern;
  /** False: the smallest weights go and the others stay as they are, for comparison. */
  readonly refit?: boolean;
}

/** What has become of a model. */
export const stepNames: Readonly<Record<TransformStep['kind'], string>> = { prune: 'pruned', factorize: 'factorized', cluster: 'clustered', sparsify: 'sparse' };

export interface StepReport {
  readonly kind: TransformStep['kind'];
  readonly measure: Measure;
  /** Of `time` on a board; multiplications in full blocks of channels where absent. */
  readonly unit?: 'us';
  /** Of the measure: the model's own, what was asked for, what it came to. */
  readonly before: number;
  readonly asked: number;
  readonly after: number;
  /** The layer that ended a block which was left out. */
  readonly dropped?: string;
  /** What fitting all layers together came to; absent where it was not asked for. */
  readonly network?: NetworkFit;
  /** Choices of sizes that were fitted and judged on samples held back. */
  readonly trials: readonly { readonly step: string; readonly divergence: number; readonly right?: number; readonly kept: boolean }[];
  /**
   * Channels of layers that go together, or ranks of layers: how they were chosen, how many there were and are, and the
   * distance from the original at each size when only this place is made smaller.
   */
  readonly places: readonly { readonly name: string; readonly rule: string; readonly before: number; readonly after: number; readonly scan: readonly { readonly size: number; readonly divergence: number }[] }[];
}

/** Gradient descent on all layers. Losses are the divergence of decisions at two temperatures, or shares of the power of other outputs. */
export interface NetworkFit {
  /** Steps that the weights went; 0 where they stay as each layer by itself had them. */
  readonly steps: number;
  /** Why nothing was done. */
  readonly reason?: string;
  /** Loss on samples that nothing was fitted to. */
  readonly held?: { readonly before: number; readonly after: number };
  /** Loss on the samples that weights were fitted to. */
  readonly given?: { readonly before: number; readonly after: number };
}
