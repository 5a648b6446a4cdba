import type { LayerView } from '../../../src/messages/inspector';
import { BARS_FROM_PX, type CellContext, type Column, type ColumnId } from './columns';

/** A digit of the widest common interface font (DejaVu Sans) at 12 px; separators are narrower, which leaves slack. */
const PX_PER_CHARACTER = 7.7;
const PX_PER_STRONG_CHARACTER = 8.4;
/** Heads are 11 px. */
const PX_PER_HEAD_CHARACTER = 7.3;
const CELL_PADDING_PX = 12;
/** Where there is no room for bars either. */
const NARROW_PADDING_PX = 6;
/** Ops with longer words are cut: names need the room. */
const OP_AT_MOST_PX = 150;
/** Room that a bar asks for beside its number. */
const BAR_PX = 26;

const widest = (texts: Iterable<string>): number => {
  let most = 0;
  for (const text of texts) most = Math.max(most, text.length);
  return most;
};

/** Columns as they are drawn. */
export interface Layout {
  /** Those that fit. */
  readonly columns: readonly Column[];
  /** Value of `grid-template-columns`. */
  readonly template: string;
  /** Width of the number alone in each column with bars, so that the bars beside it begin at one line. */
  readonly numbers: Readonly<Partial<Record<ColumnId, string>>>;
}

/** What a table is measured by. */
export interface Measured {
  readonly layers: readonly LayerView[];
  readonly totals: Readonly<Partial<Record<ColumnId, string>>>;
  readonly context: CellContext;
  /** Pixels that the table has. */
  readonly widthPx: number;
}

/** Columns that go where there is too little room, in this order: numbers of costs never. */
const YIELDING: readonly ColumnId[] = ['output', 'share', 'dtype', 'op'];
/** A name wants so much before the last of them goes. */
const NAME_WISH_PX = 124;
const ROW_PADDING_PX = 8;

/**
 * Columns and widths that keep shapes and numbers whole beside names that can be told apart: names are shortened, numbers never
 * are. Rows are grids of their own, so that the widths must not depend on what a row holds.
 */
export function layoutOf(shown: readonly Column[], measured: Measured): Layout {
  const rooms = new Map(shown.map((column) => [column.id, roomOf(column, measured)]));
  let columns = shown;
  for (const id of YIELDING) {
    const needed = columns.reduce((sum, column) => sum + (column.id === 'name' ? NAME_WISH_PX : rooms.get(column.id)!.px), ROW_PADDING_PX);
    if (needed <= measured.widthPx) break;
    columns = columns.filter((column) => column.id !== id);
  }
  const template = columns.map(({ id }) => {
    const { px, grows } = rooms.get(id)!;
    return grows ? `minmax(${px}px, ${grows})` : `${px}px`;
  });
  const numbers = Object.fromEntries(columns.filter(({ bar }) => bar).map(({ id }) => [id, `${Math.ceil(rooms.get(id)!.cells * PX_PER_CHARACTER)}px`]));
  return { columns, template: template.join(' '), numbers };
}

interface Room {
  /** The least. */
  readonly px: number;
  /** Characters of the longest cell. */
  readonly cells: number;
  /** What it may grow to, as an end of `minmax`; absent: fixed. */
  readonly grows?: string;
}

function roomOf({ id, title, unit, text, bar }: Column, { layers, totals, context, widthPx }: Measured): Room {
  const bars = widthPx >= BARS_FROM_PX;
  if (id === 'name') return { px: bars ? 84 : 48, cells: 0, grows: '1.6fr' };
  if (id === 'op') return { px: 84, cells: 0, grows: bars ? `${Math.min(OP_AT_MOST_PX, Math.ceil(widest(layers.map(({ op }) => op)) * PX_PER_CHARACTER + CELL_PADDING_PX))}px` : '1.1fr' };
  const cells = widest(layers.map((layer) => text(layer, context)));
  const head = title.length + (unit ? unit.length + 1 : 0);
  if (!bars) {
    // Heads are written smaller, and their arrow may take the padding; totals are strong.
    const texts = [Math.max(cells, 3) * PX_PER_CHARACTER, (totals[id]?.length ?? 0) * PX_PER_STRONG_CHARACTER, head * PX_PER_HEAD_CHARACTER];
    return { px: Math.ceil(Math.max(...texts) + NARROW_PADDING_PX), cells };
  }
  const px = Math.ceil(Math.max(cells, totals[id]?.length ?? 0, head + 1, 3) * PX_PER_CHARACTER + CELL_PADDING_PX);
  return bar ? { px: px + (widthPx < 900 ? 8 : BAR_PX), cells, grows: '1fr' } : { px, cells };
}
