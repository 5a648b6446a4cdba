import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../src/base/units';
import type { InspectorView, LayerView } from '../../src/messages/inspector';
import { Button, IconButton } from '../kit';
import { MemoryMap } from './map/memory-map';
import { SidewaysMap } from './map/sideways-map';
import { useSize } from '../shell/use-size';
import { headAsTsv, largest, rowAsTsv } from './table/columns';
import { LayerTable } from './table/layer-table';
import { rowAfterKey } from './table/keys';
import { filterLayers, nextSort, sortLayers, sumOf } from './table/order';
import { useVirtualRows } from './table/use-virtual-rows';
import { Toolbar } from './toolbar';
import type { InspectorState } from './state';

/** Below this width the map turns on its side and goes under the table. */
const NARROW_PX = 900;

interface LayersProps {
  readonly view: InspectorView;
  readonly state: InspectorState;
  readonly onState: (change: Partial<InspectorState>) => void;
  readonly onCopy: (text: string) => void;
}

/** The layer table and the memory map beside it, sharing rows, selection and scroll position. */
export const Layers = ({ view, state, onState, onCopy }: LayersProps) => {
  const rows = useMemo(() => sortLayers(filterLayers(view.layers, state.filter), state.sort), [view.layers, state.filter, state.sort]);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const filterField = useRef<HTMLElement>(null);
  const { width } = useSize(scroller);
  const [initialOffset] = useState(state.scroll);
  const virtual = useVirtualRows(rows.length, () => scroller.current, initialOffset, (scroll) => onState({ scroll }));
  const select = (index: number): void => onState({ selected: index });
  const inOrder = rows === view.layers;
  const narrow = width > 0 && width < NARROW_PX;

  const selectRow = (row: number): void => {
    if (!rows[row]) return;
    select(rows[row].index);
    virtual.scrollTo(row);
  };
  const keyDown = (event: KeyboardEvent): void => {
    const at = rows.findIndex((layer) => layer.index === state.selected);
    const next = rowAfterKey(event.key, at, rows.length, virtual.pageRows);
    if (next !== undefined) {
      event.preventDefault();
      selectRow(next);
    } else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && at >= 0) {
      event.preventDefault();
      onCopy([...(event.shiftKey ? [headAsTsv()] : []), rowAsTsv(rows[at])].join('\n'));
    } else if (event.key === 'Escape') {
      onState(state.filter ? { filter: '' } : { selected: null });
    }
  };
  useEffect(() => {
    const shortcut = (event: KeyboardEvent): void => {
      const typing = (event.target as HTMLElement).tagName === 'VSCODE-TEXT-FIELD';
      if ((event.key === '/' && !typing) || (event.key === 'f' && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        filterField.current?.focus();
      }
    };
    document.addEventListener('keydown', shortcut);
    return () => document.removeEventListener('keydown', shortcut);
  }, []);

  const sideways = <SidewaysMap arena={view.arena} steps={view.layers.length} selected={state.selected} onSelect={select} />;
  return (
    <>
      <Toolbar filter={state.filter} shown={rows.length} total={view.layers.length} filterRef={filterField} onFilter={(filter) => onState({ filter })} onLeave={() => grid.current?.focus()} />
      <div class={`layers${narrow ? ' narrow' : ''}`} ref={scroller}>
        <LayerTable
          rows={rows}
          all={view.layers}
          totals={totalsOf(view, rows)}
          virtual={virtual}
          sort={state.sort}
          selected={state.selected}
          gridRef={grid}
          onSort={(column) => onState({ sort: nextSort(state.sort, column) })}
          onSelect={select}
          onKeyDown={keyDown}
        />
        {!narrow && (
          <div class="map-column">
            {inOrder
              ? <MemoryMap arena={view.arena} steps={view.layers.length} first={virtual.first} last={virtual.last} selected={state.selected} onSelect={selectRow} />
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

/** Sums of the rows shown; RAM is a peak, not a sum. */
function totalsOf(view: InspectorView, rows: readonly LayerView[]): Parameters<typeof LayerTable>[0]['totals'] {
  const at = view.totals.lowerBound ? '≥ ' : '';
  const all = rows.length === view.layers.length;
  return {
    label: `${formatCount(rows.length)} ${rows.length === 1 ? 'layer' : 'layers'}`,
    macs: at + formatCount(all ? view.totals.macs : sumOf(rows, 'macs')),
    flashBytes: at + formatCount(all ? view.totals.weightBytes : sumOf(rows, 'flashBytes')),
    ramBytes: `peak ${at}${formatCount(all ? view.totals.ramBytes : largest(rows, 'ramBytes'))}`,
  };
}
