import { elementCount } from '../../ir/dtype';
import type { Model, Node, NodeId, StaticType, ValueId } from '../../ir/types';
import { layerWeights, withWeights, type LayerWeights } from '../layer-weights';
import type { InputStatistics } from './input-statistics';
import { keptEntries, leaveOut, type KeptEntries } from './leave-out';
import { compensate } from './refit';
import type { Unit } from './units';

export type LayerStatistics = ReadonlyMap<NodeId, InputStatistics>;

/**
 * The model without some units, and with the weights of layers that read what was left out made up for it where their inputs'
 * statistics are known.
 */
export function narrow(model: Model, units: readonly Unit[], statistics: LayerStatistics): Model {
  const kept = keptEntries(model, units);
  const smaller = leaveOut(model, units);
  const changes = new Map<NodeId, LayerWeights>();
  for (const node of model.graph.nodes) {
    const known = statistics.get(node.id);
    const columns = known && keptColumns(model, node, kept);
    if (!known || !columns || columns.length === known.depth) continue;
    const { weights, bias } = layerWeights(model, node.id);
    const whole = compensate(known, weights, bias, columns);
    const rows = keptOutputs(model, node, kept);
    changes.set(node.id, {
      weights: Float64Array.from({ length: rows.length * columns.length }, (_, i) => whole.weights[rows[Math.floor(i / columns.length)] * known.depth + columns[i % columns.length]]),
      bias: Float64Array.from(rows, (o) => whole.bias[o]),
    });
  }
  return withWeights(smaller, changes);
}

const shapeOf = (model: Model, id: ValueId): readonly number[] => (model.graph.values.get(id)!.type as StaticType).shape;

/** Output channels of a layer that stay. */
export function keptOutputs(model: Model, node: Node, kept: KeptEntries): readonly number[] {
  const id = node.inputs[1]!;
  return kept.get(id)?.get(0) ?? Array.from({ length: shapeOf(model, id)[0] }, (_, i) => i);
}

/** Columns, of the weights of one output channel, that stay. */
function keptColumns(model: Model, node: Node, kept: KeptEntries): number[] {
  const axes = kept.get(node.inputs[1]!);
  const places = columnPlaces(shapeOf(model, node.inputs[1]!));
  const sets = new Map([...(axes ?? [])].map(([axis, entries]) => [axis, new Set(entries)]));
  return places.flatMap((place, column) => (place.every((entry, i) => sets.get(i + 1)?.has(entry) ?? true) ? [column] : []));
}

/** Entry on each axis but the first, for each column. */
function columnPlaces(shape: readonly number[]): number[][] {
  const inner = shape.slice(1);
  return Array.from({ length: elementCount(inner) }, (_, column) => inner.map((extent, axis) => Math.floor(column / elementCount(inner.slice(axis + 1))) % extent));
}

/** Columns of a layer's weights that belong to each of some units. */
export function columnsOfUnits(model: Model, node: Node, units: readonly Unit[]): number[][] {
  const id = node.inputs[1]!;
  const places = columnPlaces(shapeOf(model, id));
  return units.map((unit) => {
    const own = unit.places.filter(({ value, axis }) => value === id && axis > 0);
    return places.flatMap((place, column) => (own.some(({ axis, entry }) => place[axis - 1] === entry) ? [column] : []));
  });
}
