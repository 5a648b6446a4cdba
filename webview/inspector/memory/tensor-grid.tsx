import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../../../src/base/units';
import type { LayerView } from '../../../src/messages/inspector';
import type { Block } from '../map/geometry';
import { rowAfterKey } from '../../kit/row-keys';
import { Name } from '../../kit/name';
import { PINNED_PX, ROW_PX, useVirtualRows } from '../../kit/use-virtual-rows';

interface TensorGridProps {
  readonly blocks: readonly Block[];
  /** Layers by step of the plan. */
  readonly order: readonly number[];
  readonly layers: readonly LayerView[];
  readonly current: number;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly onChoose: (block: number) => void;
}

const heads = ['Tensor', 'Kind', 'Offset', 'Bytes', 'Made by', 'Last read by'] as const;

/** The same picture as a table: every tensor by name, with its place and its life. Arrow keys walk through it. */
export const TensorGrid = ({ blocks, order, layers, current, gridRef, onChoose }: TensorGridProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(blocks.length, () => scroller.current, 0, () => {}, { rowPx: ROW_PX, pinnedPx: PINNED_PX });
  useEffect(() => {
    if (current >= 0) virtual.scrollTo(current);
  }, [current]);
  const keyDown = (event: KeyboardEvent): void => {
    const next = rowAfterKey(event.key, current, blocks.length, virtual.pageRows);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
  };
  const layer = (step: number): string => {
    const found = layers[order[step]];
    return found ? `${found.index} ${found.title}` : '';
  };
  return (
    <div class="tensor-grid" ref={scroller}>
      <div role="grid" tabIndex={0} ref={gridRef} aria-label="Tensors in the arena" aria-rowcount={blocks.length + 1} aria-activedescendant={current >= 0 ? `tensor-${current}` : undefined} onKeyDown={keyDown}>
        <div class="tensor-row tensor-head" role="row" aria-rowindex={1}>{heads.map((head, i) => <div key={head} role="columnheader" class={`cell ${i === 2 || i === 3 ? 'right' : 'left'}`}><span>{head}{i > 1 && i < 4 && <em> B</em>}</span></div>)}</div>
        <div role="rowgroup" style={{ height: `${virtual.totalPx}px`, position: 'relative' }}>
          {virtual.items.map(({ index }) => {
            const block = blocks[index];
            if (!block) return null;
            const { tensor } = block;
            return (
              <div key={index} id={`tensor-${index}`} class={`tensor-row${index === current ? ' selected' : ''}`} role="row" aria-rowindex={index + 2} aria-selected={index === current} style={{ transform: `translateY(${index * ROW_PX}px)` }} onMouseDown={() => onChoose(index)}>
                <div role="gridcell" class="cell left"><Name text={tensor.name} /></div>
                <div role="gridcell" class="cell left dim">{tensor.role}</div>
                <div role="gridcell" class="cell right">{formatCount(tensor.offset)}</div>
                <div role="gridcell" class="cell right">{formatCount(tensor.bytes)}</div>
                <div role="gridcell" class="cell left">{tensor.firstStep < 0 ? <span class="dim">before the first layer</span> : <Name text={layer(block.first)} />}</div>
                <div role="gridcell" class="cell left">{tensor.role === 'output' || tensor.role === 'state' ? <span class="dim">kept after the last layer</span> : <Name text={layer(block.last)} />}</div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
};
