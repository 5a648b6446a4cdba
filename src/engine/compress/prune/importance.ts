import { constantTensor } from '../../ir/tensor';
import type { Model } from '../../ir/types';
import { layerWeights } from '../layer-weights';
import { removalOrder } from './input-statistics';
import { columnsOfUnits, type LayerStatistics } from './narrow';
import type { Site, Unit } from './units';
import type { Importance } from './importances';

/** Units of a site, the least important first; the last is the one that stays. `losses` are what `loss` ranks by. */
export function rankUnits(model: Model, site: Site, importance: Importance, statistics: LayerStatistics, losses?: ArrayLike<number>): readonly Unit[] {
  const byScore = (scores: ArrayLike<number>): Unit[] => site.units.map((_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b).map((i) => site.units[i]);
  if (importance === 'loss' && losses) return byScore(losses);
  const nodes = site.readers.map((id) => model.graph.nodes.find((node) => node.id === id)!);
  const known = nodes.filter((node) => statistics.has(node.id));
  // Where no gradient reaches, what readers cannot make up for says most.
  const isByReaders = importance === 'reconstruction' || importance === 'loss';
  if (isByReaders && known.length) {
    const readers = known.map((node) => ({ statistics: statistics.get(node.id)!, weights: layerWeights(model, node.id).weights, columns: columnsOfUnits(model, node, site.units) }));
    const { order } = removalOrder(readers, site.units.length);
    const gone = new Set(order);
    return [...order, ...site.units.map((_, i) => i).filter((i) => !gone.has(i))].map((i) => site.units[i]);
  }
  const scores = importance === 'activation' && known.length
    ? powers(model, site, known.map((node) => node.id), statistics)
    : site.units.map((unit) => norm(model, unit, importance === 'l1' ? Math.abs : (w) => w * w));
  return byScore(scores);
}

function powers(model: Model, site: Site, readers: readonly number[], statistics: LayerStatistics): number[] {
  const scores = site.units.map(() => 0);
  for (const id of readers) {
    const node = model.graph.nodes.find((other) => other.id === id)!;
    const { depth, covariance, mean } = statistics.get(id)!;
    const { weights } = layerWeights(model, id);
    columnsOfUnits(model, node, site.units).forEach((columns, unit) => {
      for (const c of columns) for (let at = c; at < weights.length; at += depth) scores[unit] += weights[at] ** 2 * (covariance[c * depth + c] + mean[c] ** 2);
    });
  }
  return scores;
}

/** Over the constants that make the unit: output rows of weights, not the columns that read it. */
function norm(model: Model, unit: Unit, of: (w: number) => number): number {
  let sum = 0;
  for (const { value, axis, entry } of unit.places) {
    const { constant, type } = model.graph.values.get(value)!;
    if (!constant || axis !== 0 || type.shape!.length < 2) continue;
    const { data } = constantTensor(model.graph.values.get(value)!);
    const size = data.length / type.shape![0];
    for (let i = entry * size; i < (entry + 1) * size; i++) sum += of(data[i]);
  }
  return sum;
}
