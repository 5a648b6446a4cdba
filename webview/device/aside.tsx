import { useRef } from 'preact/hooks';
import { formatBytes, formatCount, formatPercent, formatTimeUs } from '../../src/base/units';
import type { ConfusionView, LayersView } from '../../src/messages/device';
import { Basis, Button } from '../kit';
import { Name } from '../kit/name';
import { useSize } from '../shell/use-size';
import { histogramOf, quantileOf, type DeviceHistory } from './history';

/** What was measured: latency, layers, memory, and what was read wrong. */
export const Aside = ({ history, onRequantize, onCalibrate }: { readonly history: DeviceHistory; readonly onRequantize: () => void; readonly onCalibrate: () => void }) => (
  <aside class="beside">
    {history.predictions.length > 0 && <Latency values={history.predictions.map(({ us }) => us)} />}
    {history.layers && <LayerTimes layers={history.layers} onCalibrate={onCalibrate} />}
    {history.layers && <Memory layers={history.layers} />}
    {history.confusions.length > 0 && <Confusions confusions={history.confusions} wrong={history.totals.labelled - history.totals.right} onRequantize={onRequantize} />}
  </aside>
);

const BINS = 48;
/** Until the width is known. */
const WIDTH_PX = 370;
const HEIGHT_PX = 74;

const Latency = ({ values }: { readonly values: readonly number[] }) => {
  const room = useRef<HTMLDivElement>(null);
  // Drawn as wide as there is room: a picture that is scaled would scale its words.
  const wide = useSize(room).width || WIDTH_PX;
  const { from, width, counts } = histogramOf(values, BINS);
  const most = Math.max(...counts);
  const x = (us: number): number => Math.min(wide - 1, Math.max(0, ((us - from) / (width * BINS)) * wide));
  const p50 = quantileOf(values, 0.5)!;
  const p99 = quantileOf(values, 0.99)!;
  const mark = (us: number, name: string, second: boolean) => (
    <g>
      <line class={second ? 'p99' : 'p50'} x1={x(us)} x2={x(us)} y1={2} y2={HEIGHT_PX} />
      <text x={x(us) > wide - 110 ? x(us) - 4 : x(us) + 4} y={second ? 24 : 11} text-anchor={x(us) > wide - 110 ? 'end' : 'start'}>{name} {formatTimeUs(us)}</text>
    </g>
  );
  return (
    <section class="latency">
      <div class="row"><h2 class="grow">Latency <span class="dim">last {formatCount(values.length)}</span></h2><Basis basis="measured" /></div>
      <div ref={room}>
        <svg width={wide} height={HEIGHT_PX + 16} role="img" aria-label={`Latency: median ${formatTimeUs(p50)}, 99th percentile ${formatTimeUs(p99)}`}>
          {counts.map((count, i) => (count ? <rect key={i} x={(i * wide) / BINS} width={wide / BINS - 1} y={HEIGHT_PX - Math.max(1, (count / most) * (HEIGHT_PX - 28))} height={Math.max(1, (count / most) * (HEIGHT_PX - 28))} /> : null))}
          <line class="axis" x1={0} x2={wide} y1={HEIGHT_PX + 0.5} y2={HEIGHT_PX + 0.5} />
          {mark(p50, 'p50', false)}
          {mark(p99, 'p99', true)}
          <text x={0} y={HEIGHT_PX + 13}>{formatTimeUs(from)}</text>
          <text x={wide} y={HEIGHT_PX + 13} text-anchor="end">{formatTimeUs(from + width * BINS)}</text>
        </svg>
      </div>
    </section>
  );
};

/** From this difference on a modelled time is marked. */
const MARKED = 0.08;

const LayerTimes = ({ layers: { layers, totalUs, modelledTotalUs, basis }, onCalibrate }: { readonly layers: LayersView; readonly onCalibrate: () => void }) => {
  const isModelled = layers.some(({ modelledUs }) => modelledUs !== null);
  const most = Math.max(...layers.flatMap(({ us, modelledUs }) => [us, modelledUs ?? 0]), 1e-9);
  return (
    <section class="layer-times" title={`Measured on ${basis}`}>
      <div class="row">
        <h2 class="grow">Time by layer</h2>
        {isModelled && <span class="legend" aria-hidden="true"><span><i class="right" />measured</span><span><i class="tick" />modelled</span></span>}
        <Basis basis="measured" />
      </div>
      <div class={`times${isModelled ? ' modelled' : ''}`} role="table" aria-label="Time by layer">
        <div role="row" class="columns">
          <span role="columnheader" /><span role="columnheader">Layer</span><span role="columnheader" /><span role="columnheader" class="right">Board</span>
          {isModelled && <span role="columnheader" class="right">Model</span>}
          <span role="columnheader" class="right" title={isModelled ? 'Board against model' : 'Share of the whole'}>%</span>
        </div>
        {layers.map(({ index, name, label, us, ticks, modelledUs }) => (
          <div role="row" key={index} title={`${label}: ${formatCount(ticks)} ticks, ${formatPercent(us / Math.max(totalUs, 1e-9))} of the whole`}>
            <span role="cell" class="dim right">{index}</span>
            <span role="cell" class="layer-name"><Name text={name} /></span>
            <span role="cell" class="lane"><b style={{ width: `${(us / most) * 100}%` }} />{modelledUs !== null && <i class="tick" style={{ left: `${(modelledUs / most) * 100}%` }} />}</span>
            <span role="cell" class="right">{formatTimeUs(us)}</span>
            {isModelled && <span role="cell" class="right dim">{modelledUs === null ? 'unknown' : formatTimeUs(modelledUs)}</span>}
            {isModelled ? <Against measured={us} modelled={modelledUs} /> : <span role="cell" class="right dim">{formatPercent(us / Math.max(totalUs, 1e-9))}</span>}
          </div>
        ))}
        <div role="row" class="total">
          <span role="cell" /><span role="cell">Total</span><span role="cell" /><span role="cell" class="right">{formatTimeUs(totalUs)}</span>
          {isModelled && <span role="cell" class="right">{modelledTotalUs === null ? '' : formatTimeUs(modelledTotalUs)}</span>}
          {isModelled ? <Against measured={totalUs} modelled={modelledTotalUs} /> : <span role="cell" />}
        </div>
      </div>
      <p class="dim small-text">{basis}</p>
      {isModelled && <Button icon="settings-gear" title="Runs a benchmark on the board, and scales its modelled times by what comes out" onClick={onCalibrate}>Calibrate model of this board</Button>}
    </section>
  );
};

const Against = ({ measured, modelled }: { readonly measured: number; readonly modelled: number | null }) => {
  if (modelled === null || modelled === 0) return <span role="cell" />;
  const part = measured / modelled - 1;
  const marked = Math.abs(part) >= MARKED;
  return <span role="cell" class={`right${marked ? ' strong' : ' dim'}`}>{marked && <i class="mark wrong" aria-hidden="true">◆ </i>}{part < 0 ? '−' : '+'}{Math.round(Math.abs(part) * 100)}</span>;
};

const Memory = ({ layers: { arenaBytes, stack } }: { readonly layers: LayersView }) => (
  <section class="memory">
    <h2>Memory on the board</h2>
    <div class="memory-row"><span>Arena</span><span class="lane"><b style={{ width: '100%' }} /></span><span>{formatCount(arenaBytes)} B</span><span class="dim">all of it planned</span></div>
    {stack ? (
      <div class="memory-row" title={`${formatBytes(stack.bytes)} lie between data and the end of RAM`}>
        <span>Stack, high water</span>
        <span class="lane"><b class={stack.usedBytes > stack.bytes * 0.9 ? 'wrong' : ''} style={{ width: `${Math.min(100, (stack.usedBytes / stack.bytes) * 100)}%` }} /></span>
        <span>{formatCount(stack.usedBytes)} B</span>
        <span class="dim">of {formatCount(stack.bytes)}</span>
      </div>
    ) : (
      <div class="memory-row"><span>Stack, high water</span><span class="lane" /><span class="dim">unknown</span><span /></div>
    )}
  </section>
);

const Confusions = ({ confusions, wrong, onRequantize }: { readonly confusions: readonly ConfusionView[]; readonly wrong: number; readonly onRequantize: () => void }) => {
  const most = Math.max(...confusions.map(({ count }) => count));
  return (
    <section class="confused">
      <h2>Confused on the board</h2>
      {confusions.map(({ truth, label, count }) => (
        <div key={`${truth} ${label}`} class="confusion-row"><span>{truth} read as {label}</span><span class="lane"><b class="wrong" style={{ width: `${(count / most) * 100}%` }} /></span><span class="right">{formatCount(count)}</span></div>
      ))}
      <Button icon="add" title="A new data set, and a new model quantized with it: nothing is overwritten" onClick={onRequantize}>{`Calibrate with ${wrong === 1 ? 'this one' : `these ${formatCount(wrong)}`} and requantize`}</Button>
    </section>
  );
};
