import type { PredictReport } from '../../app/engine-contract';
import { quantityText } from '../../app/budgets/problems';
import type { Budget } from '../../app/budgets/read';

/** `640 B, within the budget; accuracy is measured when it is done`. */
export function predictedEffect({ resource, layer, limit }: Pick<Budget, 'resource' | 'layer' | 'limit'>, { totals, layers, caveat }: PredictReport): string {
  const part = layer === undefined ? undefined : layers.find(({ name, index }) => name === layer || `#${index}` === layer);
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
