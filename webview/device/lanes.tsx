import { useRef, useState } from 'preact/hooks';
import { shortened } from '../../src/base/shorten';
import { Dropdown } from '../kit';
import { useSize } from '../shell/use-size';
import { Bars } from './bar-canvas';
import { barsOf, missedPath } from './bars';
import { scoreRange, type DeviceHistory } from './history';

/** Columns that are shown: as many as there is room for at this width, or so many of whatever width that leaves. */
const COLUMN_PX = 13;
const windows = [{ value: '0', text: 'Newest' }, { value: '100', text: 'Last 100' }, { value: '200', text: 'Last 200' }, { value: '500', text: 'Last 500' }] as const;
/** Narrower columns stand side by side without a gap. */
const GAP_FROM_PX = 5;
const LABEL_PX = 84;
const VALUE_PX = 52;
const LANE_PX = { most: 22, least: 6 };
const ROOM_PX = 280;
/** Text of 11 px needs so much; lower lanes are told apart by their place alone. */
const READABLE_LANE_PX = 12;

interface LanesProps {
  readonly history: DeviceHistory;
  /** Number of the prediction that is read; null follows the newest. */
  readonly cursor: number | null;
  readonly onCursor: (number: number | null) => void;
}

/**
 * One lane per class, one column per inference: works for 2 or 40 classes without a colour for each. Wrong answers are orange
 * bars, the truth they missed a diamond.
 */
export const Lanes = ({ history, cursor, onCursor }: LanesProps) => {
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const [window, setWindow] = useState('0');
  const { predictions, labels } = history;
  const last = predictions[predictions.length - 1];
  const classes = last ? last.scores.length : labels.length;
  if (!classes) return null;
  const names = Array.from({ length: classes }, (_, i) => labels[i] ?? String(i));
  const lane = Math.max(LANE_PX.least, Math.min(LANE_PX.most, Math.floor(ROOM_PX / classes)));
  const room = Math.max(COLUMN_PX, width - LABEL_PX - VALUE_PX);
  const count = Number(window) || Math.max(1, Math.floor(room / COLUMN_PX));
  const column = Math.min(COLUMN_PX, room / count);
  const gap = column >= GAP_FROM_PX ? 1 : 0;
  const shown = predictions.slice(-count);
  const range = scoreRange(predictions);
  // The newest column stands at the right end: whole columns move left, nothing slides.
  const x = (i: number): number => LABEL_PX + (count - shown.length + i) * column;
  const bottom = (row: number): number => (row + 1) * lane - 1;
  const at = cursor === null ? -1 : shown.findIndex(({ number }) => number === cursor);
  const marked = at < 0 ? shown.length - 1 : at;
  const read = shown[marked] ?? last;
  const toColumn = (place: number): void => onCursor(place >= shown.length - 1 ? null : (shown[Math.max(0, place)]?.number ?? null));
  const places = { x, bottom, gap, column, lane };
  const diamonds = missedPath(shown, names, places);
  const click = (event: MouseEvent): void => toColumn(Math.floor((event.offsetX - LABEL_PX) / column) - (count - shown.length));
  const key = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    toColumn(marked + by);
  };
  return (
    <section class="lanes" aria-label="Class scores">
      <div class="row head">
        <h2>Class scores</h2>
        <span class="dim small-text">one column per inference, bar height is the score</span>
        <span class="grow" />
        <span class="legend" aria-hidden="true"><span><i class="right" />right</span><span><i class="wrong" />wrong</span><span><i class="truth" />truth where wrong</span></span>
        <Dropdown label="Window" value={window} options={windows} onChange={setWindow} />
      </div>
      <div
        ref={ref}
        class="columns"
        role="slider"
        tabIndex={0}
        aria-label={`Scores of the last ${shown.length} predictions in ${classes} classes`}
        aria-valuemin={1}
        aria-valuemax={shown.length}
        aria-valuenow={marked + 1}
        aria-valuetext={read ? `${read.label} ${read.score.toFixed(3)}` : ''}
        onKeyDown={key}
      >
        <Bars bars={barsOf(shown, names, range, places)} width={width} height={classes * lane + 1} />
        <svg aria-hidden="true" onMouseDown={click} width={width} height={classes * lane + 1}>
          {names.map((name, row) => (
            <g key={row}>
              <line class="grid-line" x1={LABEL_PX} x2={width - VALUE_PX} y1={bottom(row) + 0.5} y2={bottom(row) + 0.5} />
              {lane >= READABLE_LANE_PX && (
                <text class={name === read?.label ? 'now' : ''} x={LABEL_PX - 8} y={bottom(row) - lane / 2 + 5} text-anchor="end">{shortened(name, 11)}</text>
              )}
              {lane >= READABLE_LANE_PX && read && (
                <text class={name === read.label ? 'now' : ''} x={width - VALUE_PX + 8} y={bottom(row) - lane / 2 + 5}>{read.scores[row].toFixed(3)}</text>
              )}
            </g>
          ))}
          <path class="truth" d={diamonds} />
          {shown.length > 0 && <rect class="cursor" x={x(marked)} y={0.5} width={Math.max(3, column)} height={classes * lane - 1} />}
        </svg>
      </div>
    </section>
  );
};
