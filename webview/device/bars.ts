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
