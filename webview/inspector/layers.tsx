import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../src/base/units';
import type { InspectorView, LayerView } from '../../src/messages/inspector';
import { Button, IconButton } from '../kit';
import { useSize } from '../shell/use-size';
import { MemoryMap } from './map/memory-map';
import { SidewaysMap } from './map/sideways-map';
import { itemsOf, keyOf, type Item } from './table/blocks';
import { BARS_FROM_PX, columnOf, headAsTsv, largest, numberText, rowAsTsv, shownColumns, together, type CellContext, type Column, type ColumnId } from './table/columns';
import { rowAfterKey } from '../kit/row-keys';
import { LayerTable } from './table/layer-table';
import { nextSort } from './table/order';
import type { RowStyle } from './table/row';
import { afterClick, keysOf, range } from './table/selection';
import { useVirtualRows } from '../kit/use-virtual-rows';
import { layoutOf } from './table/widths';
import type { InspectorState } from './state';

/** Below this width the map turns on its side and goes under the table. */
const NARROW_PX = 900;
/** A row is shown in the map too when the pointer rests on it for so long. */
const PREVIEW_MS = 80;

interface LayersProps {
  readonly view: InspectorView;
  /** Layers that the filter leaves, sorted. */
  readonly rows: readonly LayerView[];
  readonly context: CellContext;
  readonly state: InspectorState;
  readonly scroll: number;
  readonly onScroll: (scroll: number) => void;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly apartBytes: number | undefined;
  readonly onState: (change: Partial<InspectorState>) => void;
  readonly onCopy: (text: string) => void;
}

/** The layer table and the memory map beside it, sharing rows, selection and scroll position. */
export const Layers = ({ view, rows, context, state, scroll, onScroll, gridRef, apartBytes, onState, onCopy }: LayersProps) => {
  const items = useMemo(() => itemsOf(rows, state.grouped, view.blocks, new Set(state.folded)), [rows, state.grouped, state.folded, view.blocks]);
  const order = useMemo(() => items.map(keyOf), [items]);
  const scroller = useRef<HTMLDivElement>(null);
  const { width } = useSize(scroller);
  const [initialOffset] = useState(scroll);
  const [hovered, setHovered] = useState<number | null>(null);
  const hoverTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const virtual = useVirtualRows(items.length, () => scroller.current, initialOffset, onScroll);
  const selection = useMemo(() => keysOf(state), [state.selected, state.more]);
  const narrow = width > 0 && width < NARROW_PX;
  const shown = shownColumns(state.columns, view.totals.timeUs !== undefined);
  const tableWidth = (narrow ? width : width * 0.66) || NARROW_PX;
  const bars = tableWidth >= BARS_FROM_PX;
  const cells = useMemo((): CellContext => ({ ...context, short: !bars }), [context, bars]);
  const totals = useMemo(() => totalsOf(view, rows, selection, shown, cells, bars ? 'peak ' : ''), [view, rows, selection, shown.map(({ id }) => id).join(), cells, bars]);
  const layout = useMemo(() => layoutOf(shown, { layers: view.layers, totals, context: cells, widthPx: tableWidth }), [view.layers, cells, Math.round(tableWidth / 10), shown.map(({ id }) => id).join(), Object.values(totals).join()]);
  const scales = useMemo(() => Object.fromEntries(layout.columns.filter(({ bar }) => bar).map(({ id }) => [id, largest(view.layers, id, context)])), [view.layers, context, layout.columns]);
  const style = useMemo((): RowStyle => ({ columns: layout.columns, context: cells, scales, widths: layout.numbers, bars }), [layout, scales, cells, bars]);
  const lead = state.selected !== null && state.selected >= 0 ? state.selected : null;

  const selectLayer = (index: number): void => {
    onState({ selected: index, more: [] });
    const row = order.indexOf(index);
    if (row >= 0) virtual.scrollTo(row);
  };
  const fold = (id: number, on: boolean): void => onState({ folded: on ? [...state.folded, id] : state.folded.filter((other) => other !== id) });
  const open = (key: number): void => (key < 0 ? fold(-1 - key, !state.folded.includes(-1 - key)) : onState({ selected: key, more: [], detail: true }));
  const hover = (index: number, on: boolean): void => {
    clearTimeout(hoverTimer.current);
    hoverTimer.current = setTimeout(() => setHovered(on ? index : null), PREVIEW_MS);
  };
  const keyDown = (event: KeyboardEvent): void => {
    const at = state.selected === null ? -1 : order.indexOf(state.selected);
    const next = rowAfterKey(event.key, at, items.length, virtual.pageRows);
    if (next !== undefined) {
      onState(event.shiftKey && at >= 0 ? range(state, order[next], order) : { selected: order[next], more: [] });
      virtual.scrollTo(next);
    } else if (!tableKey(event, items[at])) return;
    event.preventDefault();
  };
  /** True where the key meant something. */
  const tableKey = (event: KeyboardEvent, item: Item | undefined): boolean => {
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape') onState(state.filter ? { filter: '' } : { selected: null, more: [] });
    else if (event.key === 'a' && command) onState({ selected: order[0] ?? null, more: order.slice(1) });
    else if (!item) return false;
    else if (event.key === 'Enter') open(keyOf(item));
    else if (event.key.toLowerCase() === 'c' && command) onCopy(copyText(event.shiftKey));
    else if (event.key === 'ArrowLeft' && state.grouped) foldFrom(item);
    else if (event.key === 'ArrowRight' && item.kind === 'block') fold(item.block.id, false);
    else return false;
    return true;
  };
  /** Folds the block; from a layer inside goes to it first. */
  const foldFrom = (item: Item): void => {
    if (item.kind === 'block') return item.block.folded ? undefined : fold(item.block.id, true);
    const key = -1 - item.layer.block;
    onState({ selected: key, more: [] });
    virtual.scrollTo(order.indexOf(key));
  };
  const copyText = (withHead: boolean): string => {
    const copied = items.flatMap((item) => (!selection.has(keyOf(item)) ? [] : item.kind === 'layer' ? [item.layer] : item.block.layers));
    return [...(withHead ? [headAsTsv(shown)] : []), ...copied.map((layer) => rowAsTsv(layer, shown, context))].join('\n');
  };
  useEffect(() => {
    const row = lead === null ? -1 : order.indexOf(lead);
    if (row >= 0 && (row < virtual.first || row > virtual.last)) virtual.scrollTo(row);
  }, [lead]);

  const inOrder = rows === view.layers && !state.grouped;
  const sideways = <SidewaysMap arena={view.arena} steps={view.layers.length} selected={lead} preview={hovered} onSelect={selectLayer} />;
  return (
    <>
      <div class={`layers${narrow ? ' narrow' : ''}${bars ? '' : ' tight'}`} ref={scroller} id="tab-panel" role="tabpanel" aria-labelledby="tab-layers">
        <LayerTable
          items={items}
          style={style}
          template={layout.template}
          grouped={state.grouped}
          totals={totals}
          virtual={virtual}
          sort={state.sort}
          selected={state.selected}
          selection={selection}
          gridRef={gridRef}
          onSort={(column) => onState({ sort: nextSort(state.sort, column) })}
          onSelect={(key, event) => onState(afterClick(state, key, order, event))}
          onOpen={open}
          onHover={hover}
          onKeyDown={keyDown}
        />
        {!narrow && (
          <div class="map-column">
            {inOrder
              ? <MemoryMap arena={view.arena} steps={view.layers.length} first={virtual.first} last={virtual.last} selected={lead} preview={hovered} onSelect={selectLayer} apartBytes={apartBytes} />
              : sideways}
          </div>
        )}
        {!rows.length && <NoMatch view={view} filter={state.filter} onClear={() => onState({ filter: '' })} />}
      </div>
      {narrow && (
        <section class="map-below">
          {state.mapOpen && sideways}
          <IconButton
            icon={state.mapOpen ? 'chevron-down' : 'chevron-up'}
            expanded={state.mapOpen}
            label={state.mapOpen ? 'Hide the arena' : 'Show the arena'}
            onClick={() => onState({ mapOpen: !state.mapOpen })}
          />
          {!state.mapOpen && <span class="small-text dim">Arena over layers</span>}
        </section>
      )}
    </>
  );
};

const NoMatch = ({ view, filter, onClear }: { readonly view: InspectorView; readonly filter: string; readonly onClear: () => void }) => (
  <div class="no-match">
    <span>
      {filter && <>No layer matches <code>{filter}</code>. </>}
      {view.layers.length ? `The largest of the ${view.layers.length} has ${formatCount(largest(view.layers, 'macs'))} MACs.` : 'This model has no layers.'}
    </span>
    {filter && <Button onClick={onClear}>Clear filter</Button>}
  </div>
);

/** Sums of the rows selected, or of all shown; RAM is a peak, not a sum. Of the whole model its own totals. */
function totalsOf(view: InspectorView, rows: readonly LayerView[], selection: ReadonlySet<number>, shown: readonly Column[], context: CellContext, peak: string): Readonly<Partial<Record<ColumnId, string>>> {
  const several = selection.size > 1;
  const chosen = several ? view.layers.filter(({ index, block }) => selection.has(index) || selection.has(-1 - block)) : rows;
  const all = chosen.length === view.layers.length;
  const whole: Partial<Record<ColumnId, number>> = { macs: view.totals.macs, flashBytes: view.totals.weightBytes, ramBytes: view.totals.ramBytes, timeUs: view.totals.timeUs };
  const plural = chosen.length === 1 ? 'layer' : 'layers';
  return {
    name: several ? 'Selected' : 'Total',
    op: `${formatCount(chosen.length)} ${plural}`,
    ...Object.fromEntries(
      shown.filter(({ total }) => total).map(({ id, total }) => {
        const known = chosen.filter((layer) => columnOf(id).value!(layer, context) !== null).length;
        // What some layers leave unknown is a lower bound; a share of such a bound says nothing.
        const isBound = known < chosen.length;
        const value = (all ? whole[id] : undefined) ?? together(chosen, columnOf(id), context);
        if (isBound && (!value || id === 'share')) return [id, id === 'share' ? '' : numberText(id, null)];
        return [id, `${total === 'peak' ? peak : ''}${isBound ? '≥ ' : ''}${numberText(id, value, context)}`];
      }),
    ),
  };
}
