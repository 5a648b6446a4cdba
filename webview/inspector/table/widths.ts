import type { LayerView } from '../../../src/messages/inspector';
import { BARS_FROM_PX, type CellContext, type Column, type ColumnId } from './columns';

/** A digit of the widest common interface font (DejaVu Sans) at 12 px; separators are narrower, which leaves slack. */
const PX_PER_CHARACTER = 7.7;
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

export interface Widths {
  /** Value of `grid-template-columns`. */
  readonly template: string;
  /** Width of the number alone in each column with bars, so that the bars beside it begin at one line. */
  readonly numbers: Readonly<Partial<Record<ColumnId, string>>>;
}

/**
 * Widths that keep shapes and numbers whole: names are shortened, numbers never are. Rows are grids of their own, so that the
 * widths must not depend on what a row holds.
 */
export function columnWidths(shown: readonly Column[], layers: readonly LayerView[], totals: Readonly<Partial<Record<ColumnId, string>>>, context: CellContext, widthPx: number): Widths {
  const bars = widthPx >= BARS_FROM_PX;
  const px = (characters: number): string => `${Math.ceil(characters * PX_PER_CHARACTER + (bars ? CELL_PADDING_PX : NARROW_PADDING_PX))}px`;
  const opPx = Math.ceil(widest(layers.map(({ op }) => op)) * PX_PER_CHARACTER + CELL_PADDING_PX);
  const numbers: Partial<Record<ColumnId, string>> = {};
  const template = shown.map(({ id, title, unit, text, bar }) => {
    if (id === 'name') return bars ? 'minmax(84px, 1.6fr)' : 'minmax(48px, 1.6fr)';
    if (id === 'op') return bars ? `minmax(84px, ${Math.min(OP_AT_MOST_PX, opPx)}px)` : 'minmax(84px, 1.1fr)';
    const cells = widest(layers.map((layer) => text(layer, context)));
    const characters = Math.max(cells, totals[id]?.length ?? 0, title.length + (unit ? unit.length + 1 : 0) + 1, 3);
    if (!bar) return px(characters);
    numbers[id] = `${Math.ceil(cells * PX_PER_CHARACTER)}px`;
    return bars ? `minmax(${Math.ceil(characters * PX_PER_CHARACTER + CELL_PADDING_PX + (widthPx < 900 ? 8 : BAR_PX))}px, 1fr)` : px(characters);
  });
  return { template: template.join(' '), numbers };
}
