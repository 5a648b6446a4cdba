import type { LayerView } from '../../../src/messages/inspector';

/** Columns of the layer table; `index` is the order of execution. */
export type ColumnId = 'index' | 'name' | 'op' | 'output' | 'macs' | 'flashBytes' | 'ramBytes';

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
const compare: Readonly<Record<ColumnId, (a: LayerView, b: LayerView) => number>> = {
  index: (a, b) => a.index - b.index,
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
  op: (a, b) => a.op.localeCompare(b.op, 'en', { numeric: true }),
  output: (a, b) => elements(a.output) - elements(b.output),
  macs: (a, b) => a.macs! - b.macs!,
  flashBytes: (a, b) => a.flashBytes! - b.flashBytes!,
  ramBytes: (a, b) => a.ramBytes! - b.ramBytes!,
};

/** Unknown costs stand at the end in both directions: they are neither large nor small. Equal rows keep their order. */
export function sortLayers(layers: readonly LayerView[], sort: Sort | null): readonly LayerView[] {
  if (!sort) return layers;
  const { column, descending } = sort;
  const isKnown = (layer: LayerView): boolean => layer[column] !== null;
  const known = layers.filter(isKnown).sort((a, b) => (descending ? -1 : 1) * compare[column](a, b));
  return [...known, ...layers.filter((layer) => !isKnown(layer))];
}

/** Rows that contain every word of the text in name, op or origin, whatever the case. */
export function filterLayers(layers: readonly LayerView[], text: string): readonly LayerView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return layers;
  return layers.filter((layer) => {
    const hay = [layer.name, layer.op, ...layer.origin].join('\n').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** Sum over counted rows; null where none of them is counted. */
export const sumOf = (layers: readonly LayerView[], column: 'macs' | 'flashBytes'): number =>
  layers.reduce((sum, layer) => sum + (layer[column] ?? 0), 0);
