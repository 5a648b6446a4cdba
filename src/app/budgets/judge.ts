import type { Problem } from '../../base/problem';
import type { InspectReport, LayerReport } from '../../engine/cost/report';
import type { Accuracy } from '../engine-contract';
import { findLayers } from './find-layer';
import { measuredOf } from './measure';
import { budgetProblems, type Measured } from './problems';
import type { Budget } from './read';
import { remediesFor } from './remedies';

/** From this part of a limit on it is called near: docs/style.md. */
const NEAR = 0.9;

/** What is known of a budget's model on the budget's board. */
export interface Facts {
  readonly report?: InspectReport;
  /** Why there is no report. */
  readonly failure?: string;
  /** Of labelled test samples; absent where it has not been measured. */
  readonly accuracy?: Accuracy;
}

export type BudgetState = 'kept' | 'near' | 'over' | 'unknown';

export interface Verdict {
  readonly budget: Budget;
  readonly state: BudgetState;
  readonly measured?: Measured;
  readonly problem?: Problem;
}

/** One budget against what the engine reports: the same judgement in the editor and in `tinyml check`. */
export function judge(budget: Budget, { report, failure, accuracy }: Facts): Verdict {
  const unknown = (problem: Problem): Verdict => ({ budget, state: 'unknown', problem });
  if (!report) return unknown(budgetProblems.noModel(budget, failure ?? 'It could not be read.'));
  const layers = budget.layer === undefined ? [] : findLayers(report.layers, budget.layer);
  if (budget.layer !== undefined && !layers.length) return unknown(budgetProblems.noLayer(budget, report.layers.slice(0, 8).map(({ name }) => name)));
  const measured = budget.resource === 'accuracy' ? accuracyOf(accuracy) : measuredOf({ ...budget, resource: budget.resource }, report);
  if (!measured) return unknown(whyUnknown(budget, report, layers.find((layer) => !layer.counted)));
  if (isBroken(budget, measured.value)) return { budget, state: 'over', measured, problem: budgetProblems.over(budget, measured, remediesFor(budget, report)) };
  // A lower bound that keeps a limit proves nothing.
  if (measured.lowerBound) {
    const fix = { title: 'Open the model in the inspector to see which layers are not counted', command: { id: 'tinyml.openModel', args: [budget.modelPath] } };
    return { ...unknown(budgetProblems.unknown(budget, 'Some layers are not counted, so what is known is a lower bound. It is within the budget.', fix)), measured };
  }
  if (budget.resource !== 'accuracy' && measured.value >= budget.limit * NEAR && budget.limit > 0) return { budget, state: 'near', measured, problem: budgetProblems.near(budget, measured) };
  return { budget, state: 'kept', measured };
}

const isBroken = ({ resource, limit }: Budget, value: number): boolean => (resource === 'accuracy' ? value < limit : value > limit);

const accuracyOf = (accuracy: Accuracy | undefined): Measured | undefined =>
  accuracy && { value: accuracy.right / accuracy.total, basis: 'measured', lowerBound: false, note: `${accuracy.right} of ${accuracy.total}` };

function whyUnknown(budget: Budget, report: InspectReport, uncounted: LayerReport | undefined): Problem {
  if (budget.resource === 'accuracy') {
    return budgetProblems.unknown(budget, 'It has not been measured since the model changed.', { title: 'Measure accuracy', command: { id: 'tinyml.measureAccuracy', args: [budget.modelPath] } });
  }
  if (uncounted) return budgetProblems.unknown(budget, `The op ${uncounted.label} is not understood.`, { title: 'Open the model in the inspector', command: { id: 'tinyml.openModel', args: [budget.modelPath] } });
  const choose = { title: 'Choose a board', command: { id: 'tinyml.chooseBoard' } };
  if (budget.board === undefined) return budgetProblems.unknown(budget, 'Time and energy depend on the board, and the budget names none: add "board" to the file.', choose);
  if (budget.resource === 'energyUj' && report.time) return budgetProblems.unknown(budget, `Nothing is known of the current that ${budget.board} draws.`, choose);
  return budgetProblems.unknown(budget, report.time ? 'This kernel was never counted on the board\'s instruction set.' : `Nothing is known of the speed of ${budget.board}.`, choose);
}
