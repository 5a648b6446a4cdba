import type { PredictReport } from '../../app/engine-contract';
import { quantityText } from '../../app/budgets/problems';
import type { Budget } from '../../app/budgets/read';
import type { Remedy } from '../../app/budgets/remedies';
import type { Problem } from '../../base/problem';

/** `640 B, within the budget; accuracy is measured when it is done` */
export function predictedEffect({ resource, limit }: Pick<Budget, 'resource' | 'limit'>, { value, isAbout, caveat }: PredictReport): string {
  const fits = value <= limit ? 'within the budget' : `still over by ${quantityText(resource, value - limit)}`;
  return `${isAbout ? 'about ' : ''}${quantityText(resource, value)}, ${fits}; ${caveat}`;
}

/** On the line of a budget, where there is room: everything. */
export const lineTitle = ({ title }: Remedy, budget: Budget, predicted: PredictReport | undefined): string =>
  predicted ? `${predicted.title}: ${predictedEffect(budget, predicted)}` : `${title}: effect not known yet`;

/** On a button: what is done, and what comes of it. */
export const buttonTitle = ({ title }: Remedy, { resource }: Budget, predicted: PredictReport | undefined): string => (predicted ? `${predicted.title} → ${predicted.isAbout ? 'about ' : ''}${quantityText(resource, predicted.value)}` : title);

/** The inspector need not offer to be opened. */
export function withoutOpening(problem: Problem): Problem {
  const [first, ...rest] = problem.fixes.filter(({ command }) => command?.id !== 'tinyml.openModel');
  return first ? { ...problem, fixes: [first, ...rest] } : problem;
}
