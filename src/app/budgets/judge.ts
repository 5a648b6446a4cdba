import type { Problem } from '../../base/problem';
import { namedSteps } from '../../base/units';
import type { InspectReport, LayerReport } from '../../engine/cost/report';
import type { Accuracy } from '../engine-contract';
import { findLayer } from './find-layer';
import { budgetProblems, type Measured } from './problems';
import type { Budget } from './read';
import { remediesFor } from './remedies';
import type { Resource } from './quantity';

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
  const layer = budget.layer === undefined ? undefined : findLayer(report.layers, budget.layer);
  if (budget.layer !== undefined && !layer) return unknown(budgetProblems.noLayer(budget, report.layers.slice(0, 8).map(({ name }) => name)));
  const measured = budget.resource === 'accuracy' ? accuracyOf(accuracy) : layer ? ofLayer(budget.resource, layer, report) : ofModel(budget.resource, report);
  if (!measured) return unknown(whyUnknown(budget, report, layer));
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

function ofModel(resource: Exclude<Resource, 'accuracy'>, { totals, arena, time }: InspectReport): Measured | undefined {
  const { lowerBound } = totals;
  switch (resource) {
    case 'flash':
      return { value: totals.flashBytes, basis: totals.basis.flashBytes, lowerBound };
    case 'ram':
      return { value: totals.ramBytes, basis: totals.basis.ramBytes, lowerBound, ...(arena.peakSteps.length ? { note: `peak at ${namedSteps(arena.peakSteps)}` } : {}) };
    case 'macs':
      return { value: totals.macs, basis: totals.basis.macs, lowerBound };
    case 'timeUs':
      return time && { value: time.us, basis: time.basis, lowerBound: lowerBound || time.lowerBound, detail: time.how.join(' ') };
  }
}

function ofLayer(resource: Exclude<Resource, 'accuracy'>, layer: LayerReport, { time }: InspectReport): Measured | undefined {
  if (!layer.counted) return undefined;
  const exact = (value: number): Measured => ({ value, basis: 'exact', lowerBound: false });
  switch (resource) {
    case 'flash':
      return exact(layer.weightBytes);
    case 'ram':
      return exact(layer.liveBytes);
    case 'macs':
      return exact(layer.macs);
    case 'timeUs':
      return layer.timeUs === undefined || !time ? undefined : { value: layer.timeUs, basis: time.basis, lowerBound: false, detail: time.how.join(' ') };
  }
}

const accuracyOf = (accuracy: Accuracy | undefined): Measured | undefined =>
  accuracy && { value: accuracy.right / accuracy.total, basis: 'measured', lowerBound: false, note: `${accuracy.right} of ${accuracy.total}` };

function whyUnknown(budget: Budget, report: InspectReport, layer: LayerReport | undefined): Problem {
  if (budget.resource === 'accuracy') {
    return budgetProblems.unknown(budget, 'It has not been measured since the model changed.', { title: 'Measure accuracy', command: { id: 'tinyml.measureAccuracy', args: [budget.modelPath] } });
  }
  if (layer && !layer.counted) return budgetProblems.unknown(budget, `The op ${layer.label} is not understood.`, { title: 'Open the model in the inspector', command: { id: 'tinyml.openModel', args: [budget.modelPath] } });
  const choose = { title: 'Choose a board', command: { id: 'tinyml.chooseBoard' } };
  if (budget.board === undefined) return budgetProblems.unknown(budget, 'Time depends on the board, and the budget names none: add "board" to the file.', choose);
  return budgetProblems.unknown(budget, report.time ? 'This kernel was never counted on the board\'s instruction set.' : `Nothing is known of the speed of ${budget.board}.`, choose);
}
