import { useState, useEffect } from 'preact/hooks';
import { shortened } from '../../src/base/shorten';
import { formatCount } from '../../src/base/units';
import type { DifferenceView, VerifyResultView } from '../../src/messages/verify';
import { Icon, IconButton } from '../kit';
import { channelsOf, commonRange, planeOf, shadePaths, type Plane } from './planes';

const VALUES_SHOWN = 12;

/** One layer: both results and their difference on one scale, the values that differ, and the likely cause. */
export const Detail = ({ result, layer }: { readonly result: VerifyResultView; readonly layer: number | null }) => {
  const difference = result.differences.find((one) => one.layer === layer);
  const [place, setPlace] = useState(0);
  useEffect(() => setPlace(0), [difference]);
  if (layer === null) return <section class="detail none dim">Choose a layer to see it here.</section>;
  const { name, differ, otherWeights } = result.layers[layer];
  if (!difference) {
    return (
      <section class="detail none">
        <h2>Layer {layer}, {shortened(name, 48)}</h2>
        <p class="dim">{differ === 0 ? 'Every byte of its result is the same on both sides.' : 'Its result was not fetched: those of the layers before it differ already.'}</p>
        {otherWeights && <p><Icon small name="error" /> Its constants on the board are not the model's.</p>}
      </section>
    );
  }
  const order = difference.channels.length ? difference.channels : [{ channel: 0, differ: 0 }];
  const at = Math.min(place, order.length - 1);
  const { channel, differ: here } = order[at];
  const plane = planeOf(difference.shape, channel);
  const many = channelsOf(difference.shape) > 1;
  return (
    <section class="detail" aria-label={`Layer ${layer}`}>
      <div class="row title">
        <h2 class="grow">
          Layer {layer}{many ? `, channel ${channel}` : `, ${shortened(name, 48)}`} <span class="dim">{many ? `${plane.rows} × ${plane.columns}, ${formatCount(here)} of ${formatCount(difference.differ)} differences` : `${formatCount(difference.differ)} differences`}</span>
        </h2>
        {order.length > 1 && <IconButton icon="chevron-left" label="Channel with more differences" onClick={() => setPlace(Math.max(0, at - 1))} />}
        {order.length > 1 && <IconButton icon="chevron-right" label="Channel with fewer differences" onClick={() => setPlace(Math.min(order.length - 1, at + 1))} />}
      </div>
      <Planes difference={difference} plane={plane} />
      <div class="below">
        <Values difference={difference} />
        {difference.cause && <Cause cause={difference.cause} />}
      </div>
    </section>
  );
};

const Planes = ({ difference: { host, board }, plane }: { readonly difference: DifferenceView; readonly plane: Plane }) => {
  const range = commonRange(plane, host, board);
  return (
    <div class="planes">
      <div><h3>Host</h3>
      <Squares plane={plane} label="Result of the host">{shadePaths(plane, host, range).map(({ part, path }) => <path key={part} class="shade" style={{ opacity: 0.08 + 0.84 * part }} d={path} />)}</Squares></div>
      <div><h3>Board</h3>
      <Squares plane={plane} label="Result of the board">{shadePaths(plane, board, range).map(({ part, path }) => <path key={part} class="shade" style={{ opacity: 0.08 + 0.84 * part }} d={path} />)}</Squares></div>
      <div><h3>Board − host</h3>
      <Squares plane={plane} label="Where they differ">
        <path class="apart" d={plane.indices.flatMap((index, i) => (host[index] === board[index] ? [] : [`M${(i % plane.columns) + 0.04} ${Math.floor(i / plane.columns) + 0.04}h.92v.92h-.92z`])).join('')} />
      </Squares></div>
    </div>
  );
};

const Squares = ({ plane: { rows, columns }, label, children }: { readonly plane: Plane; readonly label: string; readonly children: preact.ComponentChildren }) => {
  const lines = columns <= 64 ? [...Array.from({ length: columns + 1 }, (_, x) => `M${x} 0v${rows}`), ...Array.from({ length: rows + 1 }, (_, y) => `M0 ${y}h${columns}`)].join('') : `M0 0h${columns}v${rows}h${-columns}z`;
  return (
    <svg class="plane" role="img" aria-label={label} viewBox={`-0.05 -0.05 ${columns + 0.1} ${rows + 0.1}`} style={{ width: `${Math.min(476, columns * 19)}px` }}>
      {children}
      <path class="lines" d={lines} />
    </svg>
  );
};

const Values = ({ difference: { values, differ, shape } }: { readonly difference: DifferenceView }) => {
  const axes = shape.length === 4 ? ['y', 'x', 'channel'] : shape.length === 3 ? ['x', 'channel'] : ['index'];
  const number = (value: number): string => (Number.isInteger(value) ? formatCount(value) : value.toPrecision(6));
  return (
    <div class="values">
      <h3>Values that differ</h3>
      <table>
        <thead><tr><th class="left">{axes.join(', ')}</th><th>Host</th><th>Board</th><th>Δ</th></tr></thead>
        <tbody>
          {values.slice(0, VALUES_SHOWN).map(({ at, host, board }) => (
            <tr key={at.join()}><td class="left">{at.slice(-axes.length).join(', ')}</td><td>{number(host)}</td><td>{number(board)}</td><td class="strong">{board > host ? '+' : ''}{number(board - host)}</td></tr>
          ))}
        </tbody>
      </table>
      {differ > VALUES_SHOWN && <p class="dim small-text">and {formatCount(differ - VALUES_SHOWN)} more</p>}
    </div>
  );
};

const Cause = ({ cause }: { readonly cause: NonNullable<DifferenceView['cause']> }) => (
  <div class="cause-box">
    <h3>Likely cause</h3>
    <div class="cause" data-cause={cause.kind}>
      <div class="row"><h2>{cause.title}</h2><span class="chip">{cause.certainty}</span></div>
      <p>{cause.evidence}</p>
      {cause.ruledOut.length > 0 && <p class="dim small-text">Ruled out: {cause.ruledOut.join('; ')}.</p>}
    </div>
  </div>
);
