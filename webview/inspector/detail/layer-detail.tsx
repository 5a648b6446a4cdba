import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../../../src/base/units';
import type { InspectorView, LayerDetailView, LayerView } from '../../../src/messages/inspector';
import type { Fix, Problem } from '../../../src/base/problem';
import { Basis, Button, Icon, IconButton } from '../../kit';
import { Messages } from '../messages';
import { useSize } from '../../shell/use-size';
import { columnOf, numberText, type CellContext, type ColumnId } from '../table/columns';
import { Name } from '../../kit/name';
import type { Sort } from '../table/order';
import { useCommands } from '../use-commands';
import type { Model } from '../use-model';
import { Histogram } from './histogram';
import { LayerList } from './layer-list';
import { ScaleChart } from './scale-chart';
import { TimeParts } from './time-parts';
import { useLayer } from './use-layer';

/** Below this width the list of layers gives way. */
const LIST_FROM_PX = 760;

interface LayerDetailProps {
  readonly view: InspectorView;
  /** Layers in the order of the table that it was opened from. */
  readonly rows: readonly LayerView[];
  readonly costs: ColumnId;
  readonly sort: Sort | null;
  readonly context: CellContext;
  readonly index: number;
  readonly client: Model['client'];
  readonly onSelect: (index: number) => void;
  /** What is wrong with this layer, with ways out. */
  readonly problems: readonly Problem[];
  readonly onFix: (fix: Fix) => void;
  readonly onBack: () => void;
  readonly onGraph: () => void;
  readonly onGoTo: (index: number, to: 'code' | 'source') => void;
}

/** Everything about one layer; J and K go to the next and the one before, Escape goes back. */
export const LayerDetail = ({ view, rows, costs, sort, context, index, client, problems, onFix, onSelect, onBack, onGraph, onGoTo }: LayerDetailProps) => {
  const root = useRef<HTMLDivElement>(null);
  const { width } = useSize(root);
  const { detail, problem } = useLayer(client, view, index);
  const layer = view.layers[index];
  const list = rows.some((row) => row.index === index) ? rows : view.layers;
  const go = (by: number): void => {
    const next = list[list.findIndex((row) => row.index === index) + by];
    if (next) onSelect(next.index);
  };
  useEffect(() => root.current?.focus(), []);
  useCommands({ nextLayer: () => go(1), previousLayer: () => go(-1) });
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onBack();
  };
  const wide = width === 0 || width >= LIST_FROM_PX;
  return (
    <div class={`detail${wide ? '' : ' narrow'}`} ref={root} tabIndex={-1} onKeyDown={keyDown}>
      {wide && <LayerList rows={list} costs={costs} sort={sort} context={context} index={index} onSelect={onSelect} onBack={onBack} />}
      <section class="detail-main" aria-label={`Layer ${index}, ${layer.title}`}>
        <div class="detail-head">
          {!wide && <IconButton icon="arrow-left" label="Back to the layers (Escape)" onClick={onBack} />}
          <h2><span class="dim">{index}</span> <Name text={layer.title} title={layer.name} /></h2>
          <span class="chip">{layer.op}</span>
          <span class="dim shape">{layer.output} · {layer.dtype}</span>
          <span class="grow" />
          <Button icon="file-code" title="Go to the layer's call in the generated C (F12)" onClick={() => onGoTo(index, 'code')}>Generated C</Button>
          <Button icon="symbol-method" title="Go to the Python that makes the layer (Shift+F12)" onClick={() => onGoTo(index, 'source')}>Python</Button>
          <Button icon="type-hierarchy" onClick={onGraph}>Show in graph</Button>
          <IconButton icon="chevron-up" label="Previous layer (K)" onClick={() => go(-1)} />
          <IconButton icon="chevron-down" label="Next layer (J)" onClick={() => go(1)} />
        </div>
        <Figures layer={layer} view={view} />
        <Messages problems={problems} onFix={onFix} />
        {problem && <p class="detail-problem" role="alert"><Icon name="error" /> {problem.title}</p>}
        <Cards detail={detail?.index === index ? detail : undefined} layer={layer} waiting={!problem && detail?.index !== index} />
      </section>
    </div>
  );
};

const figures: readonly { readonly id: ColumnId; readonly title: string; readonly unit: string; readonly basis: 'exact' | 'modelled'; readonly of: string }[] = [
  { id: 'macs', title: 'MACs', unit: '', basis: 'exact', of: '' },
  { id: 'flashBytes', title: 'Flash', unit: 'B', basis: 'exact', of: ' of weights' },
  { id: 'ramBytes', title: 'RAM while it runs', unit: 'B', basis: 'exact', of: ' of peak' },
  { id: 'timeUs', title: 'Time', unit: 'ms', basis: 'modelled', of: '' },
];

const Figures = ({ layer, view }: { readonly layer: LayerView; readonly view: InspectorView }) => {
  const whole: Partial<Record<ColumnId, number>> = { macs: view.totals.macs, flashBytes: view.totals.weightBytes, ramBytes: view.totals.ramBytes, timeUs: view.totals.timeUs };
  return (
    <div class="detail-figures"><div>
      {figures.filter(({ id }) => whole[id] !== undefined).map(({ id, title, unit, basis, of }) => {
        const value = columnOf(id).value!(layer, {});
        return (
          <div key={id} data-figure={id}>
            <div class="row"><h3>{title}</h3><Basis basis={basis} /></div>
            <div class={`figure${id === 'ramBytes' && layer.overRam ? ' error' : ''}`}>
              {numberText(id, value)}{value !== null && unit && ` ${unit}`} {value !== null && whole[id]! > 0 && <small>{formatPercent(value / whole[id]!)}{of}</small>}
            </div>
          </div>
        );
      })}
    </div></div>
  );
};

const Card = ({ title, aside, children, wide }: { readonly title: string; readonly aside?: preact.ComponentChildren; readonly children: preact.ComponentChildren; readonly wide?: boolean }) => (
  <section class={`card${wide ? ' wide' : ''}`} aria-label={title}>
    <div class="row card-head"><h3>{title}</h3><span class="grow" />{aside}</div>
    {children}
  </section>
);

const Cards = ({ detail, layer, waiting }: { readonly detail: LayerDetailView | undefined; readonly layer: LayerView; readonly waiting: boolean }) => {
  if (!detail) return waiting ? <div class="cards" aria-hidden="true"><div class="card skeleton-card" /><div class="card skeleton-card" /></div> : null;
  const { weights, kernel, time } = detail;
  const perChannel = weights?.scales !== undefined && weights.scales.length > 1;
  return (
    <div class="cards" data-layer={detail.index}>
      {weights && (weights.channels > 1 || perChannel) && (
        <Card title={perChannel ? 'Weight scale per output channel' : 'Largest weight per output channel'} aside={<span class="dim small-text">log scale</span>}>
          <ScaleChart name={perChannel ? 'Scale' : 'Largest weight'} values={perChannel ? weights.scales! : weights.channelMax} alive={weights.channelMax.length ? weights.channelMax : weights.scales!} zeroPoints={weights.zeroPoints} />
        </Card>
      )}
      {weights && <Card title="Weight histogram" aside={<Basis basis="exact" />}><Histogram weights={weights} /></Card>}
      {time && <Card title="Where the time goes" aside={<Basis basis={time.basis} />}><TimeParts time={time} /></Card>}
      <Card title="Values" wide={!kernel && !weights}>
        <dl>
          {detail.tensors.map(({ role, name, title, text }) => <div key={`${role} ${name}`}><dt>{role}</dt><dd><Name text={title} title={name} /> <span class="dim">{text}</span></dd></div>)}
          {detail.attributes.map(({ name, value }) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
          <div><dt>Origin</dt><dd class="origin">{detail.origin.length ? detail.origin.map(({ text, name }) => <div key={name} title={name}>{text}</div>) : layer.name}</dd></div>
        </dl>
      </Card>
      {kernel && (
        <Card title="Generated C">
          <dl>
            <div><dt>Function</dt><dd><code>{kernel.title}</code></dd></div>
            {kernel.facts.map(({ name, value }) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
          </dl>
        </Card>
      )}
      {!kernel && <Card title="Generated C"><p class="dim">No kernel computes this layer yet: C is not generated for this model.</p></Card>}
      {weights && weights.dead > 0 && (
        <p class="dim small-text note">{formatCount(weights.dead)} of {formatCount(weights.channels)} output channels hold zeros only: they give the same value for every input and can be folded away.</p>
      )}
    </div>
  );
};
