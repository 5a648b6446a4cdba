import type { RefObject, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { keyOf, type Item } from './blocks';
import type { Column, ColumnId } from './columns';
import type { Sort } from './order';
import { BlockLine, Row, type RowStyle } from './row';
import { ROW_PX, type VirtualRows } from '../../kit/use-virtual-rows';

interface LayerTableProps {
  /** Rows as shown: filtered, sorted, grouped. */
  readonly items: readonly Item[];
  readonly style: RowStyle;
  readonly template: string;
  readonly grouped: boolean;
  readonly totals: Readonly<Partial<Record<ColumnId, string>>>;
  readonly virtual: VirtualRows;
  readonly sort: Sort | null;
  readonly selected: number | null;
  readonly selection: ReadonlySet<number>;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly onSort: (column: ColumnId) => void;
  readonly onSelect: (key: number, event: MouseEvent) => void;
  readonly onOpen: (key: number) => void;
  readonly onHover: (index: number, on: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const sortState = (sort: Sort | null, id: ColumnId): 'none' | 'ascending' | 'descending' =>
  sort?.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending';

const sortMark = { none: '', ascending: ' ↑', descending: ' ↓' } as const;

export const LayerTable = ({ items, style, template, grouped, totals, virtual, sort, selected, selection, gridRef, onSort, onSelect, onOpen, onHover, onKeyDown }: LayerTableProps) => (
  <div
    ref={gridRef}
    class="layer-table"
    role={grouped ? 'treegrid' : 'grid'}
    tabIndex={0}
    aria-label="Layers"
    aria-multiselectable
    aria-rowcount={items.length + 2}
    aria-colcount={style.columns.length}
    aria-activedescendant={selected === null ? undefined : selected < 0 ? `block-${-1 - selected}` : `layer-${selected}`}
    style={{ '--columns': template }}
    onKeyDown={onKeyDown}
  >
    <div class="layer-head" role="row" aria-rowindex={1} onKeyDown={headKey}>
      {style.columns.map((column, i) => <Head key={column.id} column={column} sort={sort} isStop={style.columns.some(({ id }) => id === sort?.column) ? column.id === sort?.column : i === 0} onSort={onSort} />)}
    </div>
    <div class="layer-body" role="rowgroup" style={{ height: `${virtual.totalPx}px` }}>
      <Rows items={items} style={style} grouped={grouped} virtual={virtual} selection={selection} onSelect={onSelect} onOpen={onOpen} onHover={onHover} />
    </div>
    <div class="layer-total" role="row" aria-rowindex={items.length + 2}>
      {style.columns.map((column) => (
        <div key={column.id} role="gridcell" class={`cell ${column.align} c-${column.id}${column.id === 'op' ? ' dim' : ''}`}>
          {column.total ? <span class="number">{totals[column.id]}</span> : totals[column.id]}
        </div>
      ))}
    </div>
  </div>
);

type RowsProps = Pick<LayerTableProps, 'items' | 'style' | 'grouped' | 'virtual' | 'selection' | 'onSelect' | 'onOpen' | 'onHover'>;

interface Drawn {
  readonly item: Item;
  readonly index: number;
  readonly style: RowStyle;
  readonly selected: boolean;
  readonly node: VNode;
}

/** Rows in sight. One that is the same as before is given back as it was, so that scrolling builds only those that come into sight. */
const Rows = ({ items, style, grouped, virtual, selection, ...actions }: RowsProps) => {
  const latest = useRef(actions);
  latest.current = actions;
  const before = useRef(new Map<number, Drawn>());
  const drawn = new Map<number, Drawn>();
  for (const { index } of virtual.items) {
    const item = items[index];
    if (!item) continue;
    const key = keyOf(item);
    const selected = selection.has(key);
    const known = before.current.get(key);
    const isSame = known && known.item === item && known.index === index && known.style === style && known.selected === selected;
    drawn.set(key, isSame ? known : { item, index, style, selected, node: rowOf(item, key, index, style, selected, grouped, latest) });
  }
  before.current = drawn;
  return <>{[...drawn.values()].map(({ node }) => node)}</>;
};

function rowOf(item: Item, key: number, index: number, style: RowStyle, selected: boolean, grouped: boolean, latest: { readonly current: Pick<RowsProps, 'onSelect' | 'onOpen' | 'onHover'> }): VNode {
  const row = { style, position: index, topPx: index * ROW_PX, selected, onSelect: (event: MouseEvent) => latest.current.onSelect(key, event), onOpen: () => latest.current.onOpen(key) };
  if (item.kind === 'block') return <BlockLine key={`b${key}`} {...row} block={item.block} />;
  return <Row key={key} {...row} layer={item.layer} level={grouped ? 2 : undefined} onHover={(on) => latest.current.onHover(key, on)} />;
}

/** The head is one stop for Tab: arrow keys move inside of it, Enter or Space sorts, the arrow down goes to the rows. */
function headKey(event: KeyboardEvent): void {
  const head = event.currentTarget as HTMLElement;
  const buttons = [...head.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  // Other keys of a button are not the table's, but for those that mean the same everywhere.
  if (to === undefined && !['ArrowDown', 'Enter', ' '].includes(event.key)) return;
  event.stopPropagation();
  if (event.key === 'Enter' || event.key === ' ') return;
  event.preventDefault();
  if (to === undefined) head.closest<HTMLElement>('.layer-table')?.focus();
  else buttons[(to + buttons.length) % buttons.length].focus();
}

interface HeadProps {
  readonly column: Column;
  readonly sort: Sort | null;
  /** Where Tab stops. */
  readonly isStop: boolean;
  readonly onSort: (column: ColumnId) => void;
}

const Head = ({ column: { id, title, unit, tooltip, align }, sort, isStop, onSort }: HeadProps) => (
  <div role="columnheader" class={`cell ${align} c-${id}`} aria-sort={sortState(sort, id)}>
    <button type="button" tabIndex={isStop ? 0 : -1} title={`${tooltip}. Click to sort.`} onClick={() => onSort(id)}>
      {title}
      {unit && <em> {unit}</em>}
      {sortMark[sortState(sort, id)]}
    </button>
  </div>
);
