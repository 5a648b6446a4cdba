import { useRef, useState } from 'preact/hooks';
import { shortened } from '../../src/base/shorten';
import type { SeriesView } from '../../src/messages/device';
import { Dropdown } from '../kit';
import { useSize } from '../shell/use-size';
import { thinned } from './thinned';
import { clockText, type DeviceHistory } from './history';

const windows = [{ value: '10', text: '10 s' }, { value: '60', text: '60 s' }, { value: '300', text: '5 min' }, { value: '0', text: 'All' }] as const;
const ROW_PX = 54;
const LABEL_PX = 120;
const VALUE_PX = 84;

/** One row per series, each on its own scale: no colour per series, and one that jumps does not flatten the others. */
export const Series = ({ history }: { readonly history: DeviceHistory }) => {
  const [seconds, setSeconds] = useState('60');
  const [cursor, setCursor] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { series } = history;
  if (!series.length) return <p class="empty dim">Lines such as <code>{'>temperature:21.5'}</code> or <code>x:1,y:2</code> that the board prints are drawn here.</p>;
  const last = Math.max(...series.map(({ points }) => points[points.length - 1]?.[0] ?? 0));
  const first = Math.min(...series.map(({ points }) => points[0]?.[0] ?? last));
  const span = seconds === '0' ? Math.max(1, last - first) : Number(seconds) * 1000;
  const room = Math.max(10, width - LABEL_PX - VALUE_PX);
  const timeAt = (x: number): number => last - span + ((x - LABEL_PX) / room) * span;
  const move = (event: MouseEvent): void => setCursor(event.offsetX >= LABEL_PX && event.offsetX <= LABEL_PX + room ? timeAt(event.offsetX) : null);
  return (
    <div class="series" ref={box}>
      <div class="row series-head">
        <span class="dim small-text">{cursor === null ? 'each on its own scale; point to read a value' : clockText(cursor)}</span>
        <span class="grow" />
        <Dropdown label="Window" value={seconds} options={windows} onChange={setSeconds} />
      </div>
      <svg width={width} height={series.length * ROW_PX} role="img" aria-label={`${series.length} series`} onMouseMove={move} onMouseLeave={() => setCursor(null)}>
        {series.map((one, row) => <SeriesRow key={one.name} series={one} top={row * ROW_PX} from={last - span} span={span} room={room} cursor={cursor} />)}
        {cursor !== null && <line class="cursor-line" x1={LABEL_PX + ((cursor - last + span) / span) * room} x2={LABEL_PX + ((cursor - last + span) / span) * room} y1={0} y2={series.length * ROW_PX} />}
      </svg>
    </div>
  );
};

interface RowProps {
  readonly series: SeriesView;
  readonly top: number;
  readonly from: number;
  readonly span: number;
  readonly room: number;
  readonly cursor: number | null;
}

/** Five digits, without zeros that say nothing; a true minus. */
const short = (value: number): string => String(Number(value.toPrecision(5))).replace('-', '−');

const SeriesRow = ({ series: { name, unit, points }, top, from, span, room, cursor }: RowProps) => {
  const seen = points.filter(([at]) => at >= from);
  const values = seen.map(([, value]) => value);
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const x = (at: number): number => LABEL_PX + ((at - from) / span) * room;
  const y = (value: number): number => top + ROW_PX - 6 - (high > low ? (value - low) / (high - low) : 0.5) * (ROW_PX - 14);
  const read = cursor === null ? points[points.length - 1] : nearest(seen, cursor);
  return (
    <g>
      <line class="grid-line" x1={0} x2={LABEL_PX + room + VALUE_PX} y1={top + ROW_PX - 0.5} y2={top + ROW_PX - 0.5} />
      <text class="now" x={0} y={top + 20}>{shortened(name, 15)}<title>{name}</title></text>
      <text x={0} y={top + 36}>{short(low)} – {short(high)}</text>
      {seen.length > 1 && <polyline points={thinned(seen, room).map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} />}
      {seen.length === 1 && <circle cx={x(seen[0][0])} cy={y(seen[0][1])} r={2} />}
      {read && <text class="now" x={LABEL_PX + room + 8} y={top + 28}>{short(read[1])} {unit ?? ''}</text>}
    </g>
  );
};

function nearest(points: SeriesView['points'], at: number): SeriesView['points'][number] | undefined {
  let best: SeriesView['points'][number] | undefined;
  for (const point of points) if (!best || Math.abs(point[0] - at) < Math.abs(best[0] - at)) best = point;
  return best;
}
