import type { Fix, Problem, ProblemPlace } from '../../base/problem';
import { formatCount, formatEnergyUj, formatPercent, formatTimeUs } from '../../base/units';
import type { Budget, Place } from './read';
import { unitsOf, type Resource } from './quantity';

/** Wording of budgets: the same in Problems, in the inspector and on the command line. */

const names: Readonly<Record<Resource, string>> = { flash: 'Flash', ram: 'RAM', macs: 'MACs', timeUs: 'Time', energyUj: 'Energy', accuracy: 'Accuracy' };

export const quantityText = (resource: Resource, value: number): string => {
  if (resource === 'timeUs') return formatTimeUs(value);
  if (resource === 'energyUj') return formatEnergyUj(value);
  if (resource === 'accuracy') return formatPercent(value);
  return resource === 'macs' ? formatCount(value) : `${formatCount(value)} B`;
};

/** What is being limited: "RAM of vww.tflite", "Time of layer conv_1 of vww.tflite". */
const subject = ({ resource, layer, model }: Budget): string => `${names[resource]} of ${layer === undefined ? '' : `layer ${layer} of `}${model}`;
const verb = (resource: Resource): string => (resource === 'macs' ? 'are' : 'is');

/** What was found of a budget's quantity. */
export interface Measured {
  readonly value: number;
  /** exact, modelled, calibrated, measured. */
  readonly basis: string;
  /** The value is a lower bound: some layers are not counted. */
  readonly lowerBound: boolean;
  /** "peak at layer 3", "314 of 360". */
  readonly note?: string;
  /** What it rests on. */
  readonly detail?: string;
}

const examples: Readonly<Record<Resource, string>> = { flash: '"128 KiB"', ram: '"32 KiB"', macs: '"2 M"', timeUs: '"20 ms"', energyUj: '"0.5 mJ"', accuracy: '"90 %"' };
const whereOf = (place: Place): ProblemPlace => ({ path: place.path, line: place.line, columns: place.columns });
/** `its budget of 32,768 B`, `the 2,048 B of Arduino Uno` */
const limitName = ({ resource, ofBoard }: Budget, limit: string): string => (ofBoard === undefined ? `${resource === 'macs' ? 'their' : 'its'} budget of ${limit}` : `the ${limit} of ${ofBoard}`);
const codeOf = (resource: Resource): string => `TINYML-BUDGET-${resource.replace(/U[sj]$/, '').toUpperCase()}`;
const openInspector = (budget: Budget): Fix => ({ title: `Open ${budget.model} in the inspector`, command: { id: 'tinyml.openModel', args: [budget.modelPath] } });
const chooseBoard: Fix = { title: 'Choose another board…', command: { id: 'tinyml.chooseBoard' } };
const raise = (to: string): Fix => ({ title: `Set the budget to ${to}` });

const fixesOf = (budget: Budget, to: string, remedies: readonly Fix[]): Problem['fixes'] => {
  const [first, ...rest] = [...remedies, ...(budget.ofBoard === undefined ? [raise(to)] : [chooseBoard]), openInspector(budget)];
  return [first, ...rest];
};

export const budgetProblems = {
  over: (budget: Budget, { value, basis, lowerBound, note, detail }: Measured, remedies: readonly Fix[]): Problem => {
    const { resource, limit } = budget;
    const text = (quantity: number): string => quantityText(resource, quantity);
    const distance = resource === 'accuracy' ? `${((limit - value) * 100).toFixed(1)} points` : text(Math.abs(value - limit));
    return {
      code: codeOf(resource), severity: 'error', where: whereOf(budget.place),
      title: `${subject(budget)} ${verb(resource)} ${lowerBound ? '≥ ' : ''}${text(value)}, ${resource === 'accuracy' ? 'under' : 'over'} ${limitName(budget, text(limit))} by ${distance}${note ? ` (${note})` : ''}`,
      detail: [`Basis: ${basis}.`, detail].filter(Boolean).join(' '),
      fixes: fixesOf(budget, text(value), remedies),
    };
  },
  near: (budget: Budget, { value, basis, lowerBound, note }: Measured): Problem => ({
    code: codeOf(budget.resource), severity: 'warning', where: whereOf(budget.place),
    title: `${subject(budget)} ${verb(budget.resource)} at ${lowerBound ? '≥ ' : ''}${((value / budget.limit) * 100).toFixed(0)} % of ${quantityText(budget.resource, budget.limit)}: ${quantityText(budget.resource, budget.limit - value)} left`,
    detail: [`Basis: ${basis}.`, note].filter(Boolean).join(' '),
    fixes: [openInspector(budget)],
  }),
  unknown: (budget: Budget, why: string, fix: Fix): Problem => ({
    code: 'TINYML-BUDGET-UNKNOWN', severity: budget.resource === 'accuracy' ? 'info' : 'warning', where: whereOf(budget.place), title: `${subject(budget)} is unknown`, detail: why, fixes: [fix],
  }),
  noModel: (budget: Budget, why: string): Problem => ({
    code: 'TINYML-BUDGET-MODEL', severity: 'error', where: whereOf(budget.place), title: `${budget.model} cannot be checked`, detail: why,
    fixes: [{ title: 'Correct the path: it is relative to tinyml.json and uses forward slashes' }],
  }),
  noLayer: (budget: Budget, nearest: readonly string[]): Problem => ({
    code: 'TINYML-BUDGET-LAYER', severity: 'error', where: whereOf(budget.place), title: `${budget.model} has no layer ${budget.layer}`,
    detail: `Its layers: ${nearest.join(', ')}.`, fixes: [{ title: 'Name a layer as the inspector does, or by #number' }],
  }),
  badBudget: (place: Place, why: string): Problem => ({
    code: 'TINYML-BUDGET-FILE', severity: 'error', where: whereOf(place), title: 'This budget cannot be used', detail: why,
    fixes: [{ title: 'Correct the file; the editor marks what its schema does not allow' }],
  }),
  howToWrite: (resource: Resource): string =>
    resource === 'accuracy' ? 'Expected a share such as 0.9 or "90 %".' : `Expected a number, or a number with one of ${unitsOf(resource)}: for instance ${examples[resource]}.`,
};
