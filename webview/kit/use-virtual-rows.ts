import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

/** One step is one row, in the table and in the memory map beside it. */
export const ROW_PX = 20;
/** Header and total row are pinned: a row under them is not visible. */
export const PINNED_PX = 24;

export interface VirtualRows {
  readonly items: readonly VirtualItem[];
  readonly totalPx: number;
  /** First and last row that are drawn. */
  readonly first: number;
  readonly last: number;
  /** Rows that fit on the screen at once. */
  readonly pageRows: number;
  scrollTo(row: number): void;
}

/** Sizes of another list than the table. */
export interface RowSizes {
  readonly rowPx: number;
  /** Height of a head and of a foot that stay in sight. */
  readonly pinnedPx: number;
}

/** Draws only the rows in sight: 10,000 layers scroll like ten. */
export function useVirtualRows(
  count: number,
  scroller: () => HTMLElement | null,
  initialOffset: number,
  onScroll: (offset: number) => void,
  { rowPx, pinnedPx }: RowSizes = { rowPx: ROW_PX, pinnedPx: PINNED_PX },
): VirtualRows {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const options = {
    count,
    getScrollElement: scroller,
    estimateSize: () => rowPx,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 8,
    initialOffset,
    scrollMargin: pinnedPx,
    scrollPaddingStart: pinnedPx,
    scrollPaddingEnd: pinnedPx,
    onChange: (instance: Virtualizer<HTMLElement, HTMLElement>) => {
      if (instance.scrollOffset !== null) onScroll(instance.scrollOffset);
      redraw(0 as never);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  const items = virtualizer.getVirtualItems();
  const heightPx = virtualizer.scrollRect?.height ?? 0;
  return {
    items,
    totalPx: count * rowPx,
    first: items[0]?.index ?? 0,
    last: items[items.length - 1]?.index ?? 0,
    pageRows: Math.max(1, Math.floor((heightPx - 2 * pinnedPx) / rowPx) - 1),
    scrollTo: (row) => virtualizer.scrollToIndex(row, { align: 'auto' }),
  };
}
