import { formatCount, formatDecimals, formatShort } from '../../../src/base/units';
import type { LayerView, TotalsView, WeightsView } from '../../../src/messages/inspector';

/** Columns of the layer table; `index` is the order of execution. */
export type ColumnId = 'index' | 'name' | 'op' | 'output' | 'dtype' | 'macs' | 'params' | 'flashBytes' | 'ramBytes' | 'outputBytes' | 'timeUs' | 'share' | 'zeros' | 'dead';

/** What a cell may need besides its layer. */
export interface CellContext {
  readonly weights?: ReadonlyMap<number, WeightsView>;
  readonly totals?: TotalsView;
  /** MACs as `7.49 M`: where there is no room for every digit. */
  readonly short?: boolean;
}

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** Unit, in secondary text behind the title: never in the cells. */
  readonly unit?: string;
  readonly tooltip: string;
  readonly align: 'left' | 'right';
  /** Raw number, where the column has one; null: unknown. */
  readonly value?: (layer: LayerView, context: CellContext) => number | null;
  /** Text of a cell, for the screen and for measuring. */
  readonly text: (layer: LayerView, context: CellContext) => string;
  /** What its bars are coloured by; absent: no bars. */
  readonly bar?: 'family' | 'neutral';
  /** How several layers are put together in totals and blocks. */
  readonly total?: 'sum' | 'peak';
  /** Shown without being asked for. */
  readonly standard?: true;
  /** Needs all weights to be read first. */
  readonly needsWeights?: true;
}

const UNKNOWN = 'unknown';
export const costText = (value: number | null): string => (value === null ? UNKNOWN : formatCount(value));
const msText = (us: number | null): string => (us === null ? UNKNOWN : formatDecimals(us / 1000, 2));
const percentText = (share: number | null): string => (share === null ? UNKNOWN : (share * 100).toFixed(1));

type Number_ = (layer: LayerView, context: CellContext) => number | null;
const count = (value: Number_): Pick<Column, 'value' | 'text' | 'align'> => ({ value, text: (layer, context) => costText(value(layer, context)), align: 'right' });

/** Part of the whole time, or of all MACs where no time is known. */
const share: Number_ = (layer, { totals }) => {
  const [part, whole] = totals?.timeUs === undefined ? [layer.macs, totals?.macs ?? 0] : [layer.timeUs, totals.timeUs];
  return part === null ? null : whole ? part / whole : 0;
};
const zeros: Number_ = (layer, { weights }) => {
  const known = weights?.get(layer.index);
  return known ? known.zeros / Math.max(1, known.elements) : 0;
};

export const columns: readonly Column[] = [
  { id: 'index', title: '#', tooltip: 'Order of execution', align: 'right', value: ({ index }) => index, text: ({ index }) => String(index), standard: true },
  { id: 'name', title: 'Layer', tooltip: 'Name in the source model', align: 'left', text: ({ title }) => title, standard: true },
  { id: 'op', title: 'Op', tooltip: 'Operation', align: 'left', text: ({ op }) => op, standard: true },
  { id: 'output', title: 'Output', tooltip: 'Shape of the output', align: 'left', text: ({ output }) => output, standard: true },
  { id: 'dtype', title: 'Type', tooltip: 'Type of the output', align: 'left', text: ({ dtype }) => dtype },
  { id: 'macs', title: 'MACs', tooltip: 'Multiply-accumulates of one inference', align: 'right', value: ({ macs }) => macs, text: ({ macs }, context) => numberText('macs', macs, context), bar: 'family', total: 'sum', standard: true },
  { id: 'params', title: 'Parameters', tooltip: 'Weights and biases', ...count(({ params }) => params), total: 'sum' },
  { id: 'flashBytes', title: 'Flash', unit: 'B', tooltip: 'Bytes of weights and other constants in flash', ...count(({ flashBytes }) => flashBytes), bar: 'family', total: 'sum', standard: true },
  { id: 'ramBytes', title: 'RAM', unit: 'B', tooltip: 'Bytes of the arena in use while the layer runs', ...count(({ ramBytes }) => ramBytes), bar: 'neutral', total: 'peak', standard: true },
  { id: 'outputBytes', title: 'Result', unit: 'B', tooltip: 'Bytes of the output', ...count(({ outputBytes }) => outputBytes) },
  {
    id: 'timeUs', title: 'Time', unit: 'ms', tooltip: 'Modelled time on the chosen board', align: 'right', bar: 'family', total: 'sum', standard: true,
    value: ({ timeUs }) => timeUs, text: ({ timeUs }) => msText(timeUs),
  },
  { id: 'share', title: '%', tooltip: 'Share of the time, or of all MACs where no time is known', align: 'right', value: share, text: (layer, context) => percentText(share(layer, context)), total: 'sum', standard: true },
  { id: 'zeros', title: 'Zeros', unit: '%', tooltip: 'Share of the weights that are exactly zero', align: 'right', value: zeros, text: (layer, context) => percentText(zeros(layer, context)), needsWeights: true },
  { id: 'dead', title: 'Dead', tooltip: 'Output channels whose weights are all zero', ...count(({ index }, { weights }) => weights?.get(index)?.dead ?? 0), total: 'sum', needsWeights: true },
];

const byId = new Map(columns.map((column) => [column.id, column]));
export const columnOf = (id: ColumnId): Column => byId.get(id)!;

/** Columns of the table: those that the user has chosen, else the standard ones; times only where some are known. */
export function shownColumns(chosen: readonly ColumnId[] | null, hasTimes: boolean): readonly Column[] {
  return columns.filter(({ id, standard }) => (id !== 'timeUs' || hasTimes) && (chosen ? chosen.includes(id) : standard));
}

/** Below this width there is no room for bars beside the numbers, nor for every digit of the MACs. */
export const BARS_FROM_PX = 480;

/** Largest value of a column: what its bars are scaled to. */
export const largest = (layers: readonly LayerView[], id: ColumnId, context: CellContext = {}): number =>
  layers.reduce((most, layer) => Math.max(most, columnOf(id).value?.(layer, context) ?? 0), 0);

/** Sum or peak of a column over counted layers; null where the column has none. */
export function together(layers: readonly LayerView[], { value, total }: Column, context: CellContext): number | null {
  if (!value || !total) return null;
  return layers.reduce((sum, layer) => (total === 'sum' ? sum + (value(layer, context) ?? 0) : Math.max(sum, value(layer, context) ?? 0)), 0);
}

/** A number of a column as its cells write it. */
export function numberText(id: ColumnId, value: number | null, { short }: CellContext = {}): string {
  if (id === 'timeUs') return msText(value);
  if (id === 'macs' && short && value !== null) return formatShort(value);
  return id === 'share' || id === 'zeros' ? percentText(value) : costText(value);
}

/** Row as tab-separated text, numbers without grouping so that a spreadsheet reads them. */
export const rowAsTsv = (layer: LayerView, shown: readonly Column[], context: CellContext): string =>
  shown
    .map(({ id, value, text }) => {
      const number = value?.(layer, context);
      if (number === undefined) return id === 'name' ? layer.name : text(layer, context);
      return number === null ? UNKNOWN : id === 'timeUs' ? String(number / 1000) : String(number);
    })
    .join('\t');

export const headAsTsv = (shown: readonly Column[]): string => shown.map(({ title, unit }) => (unit ? `${title} ${unit}` : title)).join('\t');
