import type { RefObject } from 'preact';
import type { LayerView } from '../../../src/messages/inspector';
import { columns, columnWidths, largest, type CostColumn } from './columns';
import type { ColumnId, Sort } from './order';
import { Row } from './row';
import { ROW_PX, type VirtualRows } from './use-virtual-rows';

interface LayerTableProps {
  /** Rows as shown: filtered and sorted. */
  readonly rows: readonly LayerView[];
  readonly all: readonly LayerView[];
  readonly totals: { readonly label: string; readonly macs: string; readonly flashBytes: string; readonly ramBytes: string };
  readonly virtual: VirtualRows;
  readonly sort: Sort | null;
  readonly selected: number | null;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly onSort: (column: ColumnId) => void;
  readonly onSelect: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const sortState = (sort: Sort | null, id: ColumnId): 'none' | 'ascending' | 'descending' =>
  sort?.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending';

const sortMark = { none: '', ascending: ' ↑', descending: ' ↓' } as const;

export const LayerTable = ({ rows, all, totals, virtual, sort, selected, gridRef, onSort, onSelect, onKeyDown }: LayerTableProps) => {
  const scales: Record<CostColumn, number> = { macs: largest(all, 'macs'), flashBytes: largest(all, 'flashBytes'), ramBytes: largest(all, 'ramBytes') };
  return (
    <div
      ref={gridRef}
      class="layer-table"
      role="grid"
      tabIndex={0}
      aria-label="Layers"
      aria-rowcount={rows.length + 2}
      aria-colcount={columns.length}
      aria-activedescendant={selected === null ? undefined : `layer-${selected}`}
      style={columnWidths(all, totals)}
      onKeyDown={onKeyDown}
    >
      <div class="layer-head" role="row" aria-rowindex={1}>
        {columns.map(({ id, title, unit, tooltip, align }) => (
          <div key={id} role="columnheader" class={`cell ${align} c-${id}`} aria-sort={sortState(sort, id)}>
            <button type="button" tabIndex={-1} title={`${tooltip}. Click to sort.`} onClick={() => onSort(id)}>
              {title}
              {unit && <em> {unit}</em>}
              {sortMark[sortState(sort, id)]}
            </button>
          </div>
        ))}
      </div>
      <div class="layer-body" role="rowgroup" style={{ height: `${virtual.totalPx}px` }}>
        {virtual.items.map(({ index }) => (
          <Row key={rows[index].index} layer={rows[index]} position={index} topPx={index * ROW_PX} selected={rows[index].index === selected} scales={scales} onSelect={onSelect} />
        ))}
      </div>
      <div class="layer-total" role="row" aria-rowindex={rows.length + 2}>
        <div role="gridcell" class="cell right c-index" />
        <div role="gridcell" class="cell left c-name">Total</div>
        <div role="gridcell" class="cell left c-op dim">{totals.label}</div>
        <div role="gridcell" class="cell left c-output" />
        {(['macs', 'flashBytes', 'ramBytes'] as const).map((id) => (
          <div key={id} role="gridcell" class={`cell right c-${id}`}><span class="number">{totals[id]}</span></div>
        ))}
      </div>
    </div>
  );
};
