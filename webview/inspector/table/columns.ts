import { formatCount } from '../../../src/base/units';
import type { LayerView } from '../../../src/messages/inspector';
import type { ColumnId } from './order';

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** Unit, in secondary text behind the title: never in the cells. */
  readonly unit?: string;
  readonly tooltip: string;
  readonly align: 'left' | 'right';
}

export const columns: readonly Column[] = [
  { id: 'index', title: '#', tooltip: 'Order of execution', align: 'right' },
  { id: 'name', title: 'Layer', tooltip: 'Name in the source model', align: 'left' },
  { id: 'op', title: 'Op', tooltip: 'Operation', align: 'left' },
  { id: 'output', title: 'Output', tooltip: 'Shape of the output', align: 'left' },
  { id: 'macs', title: 'MACs', tooltip: 'Multiply-accumulates of one inference', align: 'right' },
  { id: 'flashBytes', title: 'Flash', unit: 'B', tooltip: 'Bytes of weights and other constants in flash', align: 'right' },
  { id: 'ramBytes', title: 'RAM', unit: 'B', tooltip: 'Bytes of the arena in use while the layer runs', align: 'right' },
];

export type CostColumn = 'macs' | 'flashBytes' | 'ramBytes';
export const isCost = (id: ColumnId): id is CostColumn => id === 'macs' || id === 'flashBytes' || id === 'ramBytes';

export const costText = (value: number | null): string => (value === null ? 'unknown' : formatCount(value));

/** Text of a cell, for the screen, for the clipboard and for measuring. */
export function cellText(layer: LayerView, id: ColumnId): string {
  if (isCost(id)) return costText(layer[id]);
  return String(layer[id]);
}

/** A digit of the widest common interface font (DejaVu Sans) at 12 px; separators are narrower, which leaves slack. */
const PX_PER_CHARACTER = 7.7;
const CELL_PADDING_PX = 12;

const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, text.length), 0);

/**
 * Widths that keep shapes and numbers whole: names are shortened, numbers never are. Rows are grids of their own, so that the
 * widths must not depend on what a row holds.
 */
export function columnWidths(layers: readonly LayerView[], totals: Readonly<Record<CostColumn, string>>): Readonly<Record<string, string>> {
  const px = (characters: number): string => `${Math.ceil(characters * PX_PER_CHARACTER + CELL_PADDING_PX)}px`;
  const number = (id: CostColumn): number => widest(layers.map((layer) => cellText(layer, id)));
  const cost = (id: CostColumn): string => px(Math.max(number(id), totals[id].length, 7));
  const text = (id: CostColumn): string => `${Math.ceil(number(id) * PX_PER_CHARACTER)}px`;
  return {
    '--w-index': px(Math.max(3, String(layers.length).length)),
    '--w-output': px(Math.max(8, widest(layers.map((layer) => layer.output)))),
    '--w-macs': cost('macs'),
    '--w-flash': cost('flashBytes'),
    '--w-ram': cost('ramBytes'),
    // Width of the number alone, so that the bars beside it begin at one line.
    '--n-macs': text('macs'),
    '--n-flash': text('flashBytes'),
    '--n-ram': text('ramBytes'),
  };
}

/** Largest value of a column: what its bars are scaled to. */
export const largest = (layers: readonly LayerView[], id: CostColumn): number => layers.reduce((most, layer) => Math.max(most, layer[id] ?? 0), 0);

/** Row as tab-separated text, numbers without grouping so that a spreadsheet reads them. */
export const rowAsTsv = (layer: LayerView): string =>
  columns.map(({ id }) => (isCost(id) ? (layer[id] === null ? 'unknown' : String(layer[id])) : cellText(layer, id))).join('\t');

export const headAsTsv = (): string => columns.map(({ title, unit }) => (unit ? `${title} ${unit}` : title)).join('\t');
