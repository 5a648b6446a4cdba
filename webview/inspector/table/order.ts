import type { LayerView } from '../../../src/messages/inspector';
import { columnOf, type CellContext, type ColumnId } from './columns';

export interface Sort {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** A header click: descending, ascending, order of execution (no sort). */
export function nextSort(current: Sort | null, column: ColumnId): Sort | null {
  if (current?.column !== column) return { column, descending: true };
  return current.descending ? { column, descending: false } : null;
}

const elements = (shape: string): number => shape.split('×').reduce((product, extent) => product * (Number(extent) || 1), 1);

/** Shapes are ordered by their number of elements, names as people count (`conv2` before `conv10`). */
function compareBy(id: ColumnId, context: CellContext): (a: LayerView, b: LayerView) => number {
  const { value, text } = columnOf(id);
  if (value) return (a, b) => value(a, context)! - value(b, context)!;
  if (id === 'output') return (a, b) => elements(a.output) - elements(b.output);
  return (a, b) => text(a, context).localeCompare(text(b, context), 'en', { numeric: true });
}

/** Unknown costs stand at the end in both directions: they are neither large nor small. Equal rows keep their order. */
export function sortLayers(layers: readonly LayerView[], sort: Sort | null, context: CellContext = {}): readonly LayerView[] {
  if (!sort) return layers;
  const { value } = columnOf(sort.column);
  const isKnown = (layer: LayerView): boolean => !value || value(layer, context) !== null;
  const compare = compareBy(sort.column, context);
  const known = layers.filter(isKnown).sort((a, b) => (sort.descending ? -1 : 1) * compare(a, b));
  return [...known, ...layers.filter((layer) => !isKnown(layer))];
}
