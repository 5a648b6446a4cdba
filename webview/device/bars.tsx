import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PredictionView } from '../../src/messages/device';
import { partOfRange } from './history';

/** A bar below this is not seen and only costs drawing. */
const VISIBLE_PART = 0.02;
/** Half the height of a diamond. */
const DIAMOND_PX = 5;

export type BarKind = 'low' | 'right' | 'wrong';

/** A filled rectangle, in CSS pixels. */
export interface Bar {
  readonly kind: BarKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface BarPlaces {
  /** Left end of a column. */
  readonly x: (column: number) => number;
  /** Foot of a class's lane. */
  readonly bottom: (row: number) => number;
  readonly gap: number;
  readonly column: number;
  readonly lane: number;
}

const isWrong = ({ truth, label }: PredictionView): boolean => truth !== undefined && truth !== label;

export function barsOf(shown: readonly PredictionView[], names: readonly string[], range: readonly [number, number], { x, bottom, gap, column, lane }: BarPlaces): readonly Bar[] {
  return shown.flatMap((prediction, i) =>
    prediction.scores.flatMap((score, row): readonly Bar[] => {
      const part = partOfRange(score, range);
      if (!(part >= VISIBLE_PART)) return [];
      const height = Math.max(1, part * (lane - 3));
      const kind = names[row] !== prediction.label ? 'low' : isWrong(prediction) ? 'wrong' : 'right';
      return [{ kind, x: x(i) + gap, y: bottom(row) - height, width: column - 2 * gap, height }];
    }),
  );
}

/** A diamond in the lane of each truth that was missed, as one path. */
export function missedPath(shown: readonly PredictionView[], names: readonly string[], { x, bottom, column, lane }: BarPlaces): string {
  return shown.map((prediction, i) => {
    const row = isWrong(prediction) ? names.indexOf(prediction.truth!) : -1;
    return row < 0 ? '' : `M${x(i) + column / 2} ${bottom(row) - lane / 2 - DIAMOND_PX}l${DIAMOND_PX} ${DIAMOND_PX}l${-DIAMOND_PX} ${DIAMOND_PX}l${-DIAMOND_PX} ${-DIAMOND_PX}z`;
  }).join('');
}

/** On a canvas: where a board floods, these are thousands of bars in each frame, too many for elements. Behind what the rest of the chart draws. */
export const Bars = ({ bars, width, height }: { readonly bars: readonly Bar[]; readonly width: number; readonly height: number }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = { low: useRef<HTMLElement>(null), right: useRef<HTMLElement>(null), wrong: useRef<HTMLElement>(null) };
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const dots = globalThis.devicePixelRatio;
    const [across, down] = [Math.round(width * dots), Math.round(height * dots)];
    if (canvas.current.width !== across || canvas.current.height !== down) [canvas.current.width, canvas.current.height] = [across, down];
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const kind of Object.keys(colors) as BarKind[]) {
      context.fillStyle = getComputedStyle(colors[kind].current!).color; // the theme's, whatever it is now
      for (const bar of bars) if (bar.kind === kind) context.fillRect(bar.x, bar.y, bar.width, bar.height);
    }
  });
  return (
    <>
      <canvas ref={canvas} aria-hidden="true" style={{ width: `${width}px`, height: `${height}px` }} />
      {(Object.keys(colors) as BarKind[]).map((kind) => <i key={kind} ref={colors[kind]} class={`color ${kind}`} aria-hidden="true" />)}
    </>
  );
};
