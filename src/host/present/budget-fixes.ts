import type { PredictReport } from '../../app/engine-contract';
import { quantityText } from '../../app/budgets/problems';
import type { Budget } from '../../app/budgets/read';

/**
 * `640 B, within the budget; accuracy is measured when it is done`. `layer` is the name of the budget's layer: numbers are others in
 * the changed model.
 */
export function predictedEffect({ resource, limit }: Pick<Budget, 'resource' | 'limit'>, layer: string | undefined, { totals, layers, caveat }: PredictReport): string {
  const part = layer === undefined ? undefined : layers.find(({ name }) => name === layer);
  if (layer !== undefined && !part) return caveat;
  const value = {
    flash: part?.weightBytes ?? totals.flashBytes,
    ram: part?.liveBytes ?? totals.ramBytes,
    macs: part?.macs ?? totals.macs,
    timeUs: part ? part.timeUs : totals.timeUs,
    accuracy: undefined,
  }[resource];
  if (value === undefined) return caveat;
  const fits = value <= limit ? 'within the budget' : `still over by ${quantityText(resource, value - limit)}`;
  return `${quantityText(resource, value)}, ${fits}; ${caveat}`;
}
