import { useMemo, useRef } from 'preact/hooks';
import type { LayerView } from '../../../src/messages/inspector';
import { IconButton } from '../../kit';
import type { Sort } from '../table/order';
import { columnOf, largest, numberText, type CellContext, type ColumnId } from '../table/columns';
import { rowAfterKey } from '../../kit/row-keys';
import { Name } from '../../kit/name';
import { useVirtualRows } from '../../kit/use-virtual-rows';

const ROW_PX = 25;
/** A digit of a wide interface font at 12 px. */
const PX_PER_CHARACTER = 7.7;

interface LayerListProps {
  readonly rows: readonly LayerView[];
  /** Column whose costs stand beside the names. */
  readonly costs: ColumnId;
  /** How the rows are sorted; null: order of execution. */
  readonly sort: Sort | null;
  readonly context: CellContext;
  readonly index: number;
  readonly onSelect: (index: number) => void;
  readonly onBack: () => void;
}

/** The layers at the left of the detail, with the cost that the table was sorted by. */
export const LayerList = ({ rows, costs, sort, context, index, onSelect, onBack }: LayerListProps) => {
  const column = columnOf(columnOf(costs).value && costs !== 'index' ? costs : 'macs');
  const scale = largest(rows, column.id, context);
  // Bars begin at one line: the room for numbers is that of the longest.
  const numberWidth = useMemo(() => `${rows.reduce((most, row) => Math.max(most, column.text(row, context).length), 3) * PX_PER_CHARACTER}px`, [rows, column, context]);
  const scroller = useRef<HTMLDivElement>(null);
  const at = rows.findIndex((row) => row.index === index);
  const virtual = useVirtualRows(rows.length, () => scroller.current, Math.max(0, (at - 6) * ROW_PX), () => {}, { rowPx: ROW_PX, pinnedPx: 0 });
  const keyDown = (event: KeyboardEvent): void => {
    const next = rowAfterKey(event.key, at, rows.length, virtual.pageRows);
    if (next === undefined) return;
    event.preventDefault();
    onSelect(rows[next].index);
    virtual.scrollTo(next);
  };
  return (
    <aside class="layer-list" aria-label="Layers">
      <div class="list-head">
        <IconButton icon="arrow-left" label="Back to the layers (Escape)" onClick={onBack} />
        <h3>Layers</h3>
        <span class="grow" />
        <span class="dim small-text">{column.title} {column.unit ?? ''}{sort?.column === column.id ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
      </div>
      <div class="list-rows" ref={scroller} role="listbox" aria-label="Layers" tabIndex={0} aria-activedescendant={`list-${index}`} onKeyDown={keyDown}>
        <div style={{ height: `${virtual.totalPx}px` }} role="presentation">
          {virtual.items.map(({ index: row }) => {
            const layer = rows[row];
            if (!layer) return null;
            const value = column.value!(layer, context);
            return (
              <div key={layer.index} id={`list-${layer.index}`} role="option" aria-selected={layer.index === index} class="list-row" style={{ transform: `translateY(${row * ROW_PX}px)`, '--number': numberWidth }} onMouseDown={() => onSelect(layer.index)}>
                <span class="c-index">{layer.index}</span>
                <Name text={layer.title} title={layer.name} />
                <span class="bar-room">{value !== null && value > 0 && <b class={`bar ${layer.family}`} style={{ width: `${(value / (scale || 1)) * 100}%` }} />}</span>
                <span class={`number${value ? '' : ' dim'}`}>{numberText(column.id, value)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </aside>
  );
};
