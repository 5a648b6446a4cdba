import type { LayerView } from '../../../src/messages/inspector';
import { Icon } from '../../kit';
import { Name } from '../../kit/name';
import { numberText, together, type CellContext, type Column, type ColumnId } from './columns';
import type { BlockRow } from './blocks';

interface NumberProps {
  readonly column: Column;
  readonly value: number | null;
  readonly context: CellContext;
  readonly scale: number;
  readonly bars: boolean;
  readonly kind: string;
  readonly over: boolean;
  readonly width: string | undefined;
}

const NumberCell = ({ column, value, context, scale, bars, kind, over, width }: NumberProps) => (
  <>
    {column.bar && bars && (
      <span class="bar-room">{value !== null && value > 0 && <b class={`bar ${over ? 'over' : kind}`} style={{ width: `${(value / Math.max(scale, Number.MIN_VALUE)) * 100}%` }} />}</span>
    )}
    <span class={`number${value === null ? ' unknown' : value === 0 ? ' dim' : ''}${over ? ' error strong' : ''}`} style={width ? { minWidth: width } : undefined}>
      {numberText(column.id, value, context)}
    </span>
  </>
);

/** What all rows of a table share. */
export interface RowStyle {
  readonly columns: readonly Column[];
  readonly context: CellContext;
  /** Largest value of each column with bars. */
  readonly scales: Readonly<Partial<Record<ColumnId, number>>>;
  readonly widths: Readonly<Partial<Record<ColumnId, string>>>;
  readonly bars: boolean;
}

interface RowProps {
  readonly style: RowStyle;
  readonly position: number;
  readonly topPx: number;
  readonly selected: boolean;
  /** Depth in blocks; undefined where the table is not grouped. */
  readonly level?: number;
  readonly onSelect: (event: MouseEvent) => void;
  readonly onOpen: () => void;
  readonly onHover?: (on: boolean) => void;
}

export const Row = ({ layer, style, position, topPx, selected, level, onSelect, onOpen, onHover }: RowProps & { readonly layer: LayerView }) => (
  <div
    id={`layer-${layer.index}`}
    class={`layer-row${selected ? ' selected' : ''}${level ? ' inside' : ''}`}
    role="row"
    aria-level={level}
    aria-rowindex={position + 2}
    aria-selected={selected}
    style={{ transform: `translateY(${topPx}px)` }}
    onMouseDown={onSelect}
    onDblClick={onOpen}
    onMouseEnter={onHover && (() => onHover(true))}
    onMouseLeave={onHover && (() => onHover(false))}
  >
    {style.columns.map((column) => (
      <div key={column.id} role="gridcell" class={`cell ${column.align} c-${column.id}`} title={titleOf(layer, column.id)}>
        <Cell layer={layer} column={column} style={style} />
      </div>
    ))}
  </div>
);

const Cell = ({ layer, column, style }: { readonly layer: LayerView; readonly column: Column; readonly style: RowStyle }) => {
  const { id, value, text, bar } = column;
  if (id === 'name') return <Name text={layer.title} title="" />;
  if (id === 'op' && layer.family === 'unknown') return <span class="chip">{layer.op}</span>;
  if (!value || id === 'index') return <>{text(layer, style.context)}</>;
  const over = id === 'ramBytes' && layer.overRam;
  const kind = bar === 'neutral' ? 'neutral' : layer.family;
  return <NumberCell column={column} value={value(layer, style.context)} context={style.context} scale={style.scales[id] ?? 0} bars={style.bars} kind={kind} over={over} width={style.widths[id]} />;
};

/** A block: its name, how many layers, and their sums; RAM is their peak. */
export const BlockLine = ({ block, style, position, topPx, selected, onSelect, onOpen }: RowProps & { readonly block: BlockRow }) => (
  <div
    id={`block-${block.id}`}
    class={`layer-row block${selected ? ' selected' : ''}`}
    role="row"
    aria-level={1}
    aria-expanded={!block.folded}
    aria-rowindex={position + 2}
    aria-selected={selected}
    style={{ transform: `translateY(${topPx}px)` }}
    onMouseDown={onSelect}
    onDblClick={onOpen}
  >
    {style.columns.map((column) => (
      <div key={column.id} role="gridcell" class={`cell ${column.align} c-${column.id}`}>
        {column.id === 'index' && <span class="fold" onMouseDown={(event) => (event.stopPropagation(), onOpen())}><Icon small name={block.folded ? 'chevron-right' : 'chevron-down'} /></span>}
        {column.id === 'name' && <Name text={block.title} />}
        {column.id === 'op' && <span class="dim">{block.layers.length === 1 ? '1 layer' : `${block.layers.length} layers`}</span>}
        {column.total && <BlockNumber block={block} column={column} style={style} />}
      </div>
    ))}
  </div>
);

/** Sum or peak of a block; a lower bound where some of its layers are unknown, unknown where all are. */
const BlockNumber = ({ block: { layers }, column, style: { context } }: { readonly block: BlockRow; readonly column: Column; readonly style: RowStyle }) => {
  const unknown = layers.filter((layer) => column.value!(layer, context) === null).length;
  const value = unknown === layers.length ? null : together(layers, column, context);
  const over = column.id === 'ramBytes' && layers.some((layer) => layer.overRam);
  return <span class={`number${value === null ? ' unknown' : ''}${over ? ' error strong' : ''}`}>{unknown > 0 && value !== null ? '≥ ' : ''}{numberText(column.id, value, context)}</span>;
};

function titleOf(layer: LayerView, id: ColumnId): string | undefined {
  if (id === 'name') return layer.origin.length ? `${layer.name}\nComputes ${layer.origin.join(', ')}` : layer.name;
  if (id === 'op') return layer.op;
  return undefined;
}
