import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import type { InspectReport } from '../../engine/cost/report';
import type { Model } from '../../engine/ir/types';
import type { CostOf } from '../budgets/measure';
import type { RealForm } from '../compress/real-form';
import type { RemedyRefused } from '../engine-contract';
import type { OpenModel } from '../model-file';

/** A model that is over a budget. */
export interface Situation {
  readonly open: OpenModel;
  readonly report: InspectReport;
  readonly budget: CostOf & { readonly limit: number };
  /** On real numbers, which steps that leave something out look at; undefined where the model's codes have no such form. */
  readonly real?: RealForm;
  /** The model in another form, planned like any other. */
  reportOf(changed: Changed): Promise<InspectReport>;
  /** What the budget is about, of such a form; undefined where it is not known. */
  costOf(report: InspectReport): number | undefined;
}

export interface Changed {
  readonly model?: Model;
  readonly memory?: MemoryChoice;
}

/** The model as a remedy would make it. */
export interface Rebuilt {
  /** The remedy with its numbers: `Prune 24 of 64 channels`. */
  readonly title: string;
  readonly report: InspectReport;
  /** What the remedy's command is asked for. */
  readonly plan?: unknown;
  /** What predicted figures do not say. */
  readonly caveat: string;
}

export const MEASURED_LATER = 'accuracy is measured when it is done';


export type Rebuild = (situation: Situation) => Promise<Rebuilt | RemedyRefused>;

export const NO_REAL_FORM: RemedyRefused = { why: 'Steps after quantization need codes of int8 or int16: start from the float model that this one was made from.' };
export const outOfReach = (what: string): RemedyRefused => ({ why: `${what} does not bring it within the budget with a quarter or more of the model left.` });

/** Shares of what there is that may be left, largest first: below a quarter little of a model is left that works. */
const SHARES = Array.from({ length: 16 }, (_, i) => 0.97 - i * 0.048);

/** The largest share with which a model keeps a budget, by halving: costs fall with the share. Undefined where none does. */
export async function largestShare<T>(make: (share: number) => Promise<T>, keeps: (made: T) => boolean): Promise<T | undefined> {
  let [from, to] = [0, SHARES.length];
  let best: T | undefined;
  while (from < to) {
    const middle = (from + to) >> 1;
    const made = await make(SHARES[middle]);
    if (keeps(made)) [best, to] = [made, middle];
    else from = middle + 1;
  }
  return best;
}
