import type { LayerView } from '../../../src/messages/inspector';
import { Name } from '../../shell/name';
import { cellText, columns, type CostColumn } from './columns';

interface CostProps {
  readonly layer: LayerView;
  readonly column: CostColumn;
  readonly scale: number;
}

const Cost = ({ layer, column, scale }: CostProps) => {
  const value = layer[column];
  const over = column === 'ramBytes' && layer.overRam;
  const kind = column === 'ramBytes' ? (over ? 'over' : 'neutral') : layer.family;
  return (
    <>
      <span class="bar-room">{value !== null && value > 0 && <b class={`bar ${kind}`} style={{ width: `${Math.max((value / Math.max(scale, 1)) * 100, 0)}%` }} />}</span>
      <span class={`number${value === null ? ' unknown' : value === 0 ? ' dim' : ''}${over ? ' error strong' : ''}`}>{cellText(layer, column)}</span>
    </>
  );
};

interface RowProps {
  readonly layer: LayerView;
  readonly position: number;
  readonly topPx: number;
  readonly selected: boolean;
  readonly scales: Readonly<Record<CostColumn, number>>;
  readonly onSelect: (index: number) => void;
}

export const Row = ({ layer, position, topPx, selected, scales, onSelect }: RowProps) => (
  <div
    id={`layer-${layer.index}`}
    class={`layer-row${selected ? ' selected' : ''}`}
    role="row"
    aria-rowindex={position + 2}
    aria-selected={selected}
    style={{ transform: `translateY(${topPx}px)` }}
    onMouseDown={() => onSelect(layer.index)}
  >
    {columns.map(({ id, align }) => (
      <div key={id} role="gridcell" class={`cell ${align} c-${id}`} title={titleOf(layer, id)}>
        {id === 'macs' || id === 'flashBytes' || id === 'ramBytes' ? (
          <Cost layer={layer} column={id} scale={scales[id]} />
        ) : id === 'name' ? (
          <Name text={layer.name} />
        ) : id === 'op' && layer.family === 'unknown' ? (
          <span class="chip">{layer.op}</span>
        ) : (
          cellText(layer, id)
        )}
      </div>
    ))}
  </div>
);

function titleOf(layer: LayerView, id: (typeof columns)[number]['id']): string | undefined {
  if (id === 'name' && layer.origin.length) return `${layer.name}\nComputes ${layer.origin.join(', ')}`;
  if (id === 'op') return layer.op;
  return undefined;
}
