import type { Model } from '../../../engine/ir/types';
import type { StepReport, Target } from '../steps';
import type { SampleArray } from '../../data/samples';
import type { Deadline } from '../deadline';
import type { Lab } from '../lab';
import type { Timing } from './board-time';
import type { Measure } from './measure';

/** What a step that makes a model smaller works with. */
export interface ReduceContext {
  readonly lab: Lab;
  readonly data: {
    /** Everything that weights may be fitted on. */
    readonly all: SampleArray;
    /** What weights are fitted on while choices are made: three fourths, or all where there are validation samples. */
    readonly fit: SampleArray;
    /** What choices are made by: as many of them as are worth the time, a fourth or all of which nothing was fitted to. */
    readonly judged: SampleArray;
    /** Those that nothing was fitted to; the same as `fit` where there are too few to hold some back. */
    readonly held: SampleArray;
  };
  readonly deadline: Deadline;
  /** The quantized form of a model that is looked at on real numbers: its sizes are those that count. */
  readonly coded?: (model: Model) => Model;
  /** The board that `time` is about; without one it is multiplications in full blocks. */
  readonly timing?: Timing;
}

export interface Reduced {
  readonly model: Model;
  readonly report: StepReport;
}

/** What may be left of the measure. */
export const mostOf = ({ share, most }: Target, before: number): number => (share === undefined ? most! : before * (1 - share));

/** Where a measure is in another unit than its usual one. */
export const unitOf = ({ timing }: ReduceContext, measure: Measure): { readonly unit?: 'us' } => (measure === 'time' && timing ? { unit: 'us' } : {});
