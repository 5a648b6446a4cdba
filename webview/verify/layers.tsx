import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatTimeUs } from '../../src/base/units';
import type { VerifyLayerView, VerifyResultView } from '../../src/messages/verify';
import { Icon } from '../kit';
import { Name } from '../kit/name';

interface LayersProps {
  readonly result: VerifyResultView;
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

/** Every layer with both check sums; the first that differs is where to look. */
export const Layers = ({ result: { layers, notes, differences }, selected, onSelect }: LayersProps) => {
  const grid = useRef<HTMLDivElement>(null);
  const first = differences.find(({ cause }) => cause)?.layer;
  useEffect(() => grid.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [selected]);
  const move = (event: KeyboardEvent): void => {
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onSelect(Math.min(layers.length - 1, Math.max(0, (selected ?? (by > 0 ? -1 : layers.length)) + by)));
  };
  return (
    <section class="verify-layers">
      <div class="grid" role="grid" aria-label="Layers" tabIndex={0} ref={grid} aria-rowcount={layers.length + 1} onKeyDown={move}>
        <div class="columns" role="row">
          {['#', 'Layer', 'Op', 'CRC host', 'CRC board', 'Differ', 'of', 'Max', 'Time'].map((title, i) => <div key={title} role="columnheader" class={i > 4 || i === 0 ? 'right' : ''}>{title}</div>)}
          <div role="columnheader"><span class="visually-hidden">Result</span></div>
        </div>
        {layers.map((layer) => <Row key={layer.index} layer={layer} isFirst={layer.index === first} selected={layer.index === selected} onSelect={onSelect} />)}
      </div>
      {notes.map((note) => <p key={note} class="dim small-text">{note}</p>)}
    </section>
  );
};

interface RowProps {
  readonly layer: VerifyLayerView;
  readonly isFirst: boolean;
  readonly selected: boolean;
  readonly onSelect: (index: number) => void;
}

const Row = ({ layer, isFirst, selected, onSelect }: RowProps) => {
  const differs = layer.differ !== 0;
  return (
    <div role="row" class={`line${differs ? ' differs' : ''}${selected ? ' selected' : ''}`} aria-selected={selected} data-layer={layer.index} onMouseDown={() => onSelect(layer.index)}>
      <div role="gridcell" class="right dim">{layer.index}</div>
      <div role="gridcell" class="layer-name"><Name text={layer.name} /></div>
      <div role="gridcell" class="dim op" title={layer.label}>{layer.label}</div>
      <div role="gridcell" class="mono">{layer.crcHost}</div>
      <div role="gridcell" class={`mono${layer.crcBoard === null ? ' dim' : ' strong'}`}>{layer.crcBoard ?? 'same'}</div>
      <div role="gridcell" class={`right${differs ? ' strong' : ' dim'}`}>{layer.differ === null ? 'unknown' : formatCount(layer.differ)}</div>
      <div role="gridcell" class="right dim">{formatCount(layer.of)}</div>
      <div role="gridcell" class={`right${differs ? ' strong' : ' dim'}`}>{layer.max}</div>
      <div role="gridcell" class="right dim">{formatTimeUs(layer.us)}</div>
      <div role="gridcell" class="sign"><Sign layer={layer} isFirst={isFirst} /></div>
    </div>
  );
};

const Sign = ({ layer, isFirst }: { readonly layer: VerifyLayerView; readonly isFirst: boolean }) => {
  if (isFirst) return <><Icon small name="arrow-left" /><span class="visually-hidden">the first that differs</span></>;
  if (layer.otherWeights) return <span title="The constants on the board are not the model's"><Icon small name="error" /><span class="visually-hidden">other weights</span></span>;
  if (layer.differ !== 0) return <><Icon small name="warning" /><span class="visually-hidden">differs</span></>;
  return <><Icon small name="check" /><span class="visually-hidden">same</span></>;
};
