import { HISTORY_LIMIT, SERIES_LIMIT, type DeviceSnapshot, type DeviceUpdate, type PredictionView, type SeriesView, type TextView } from '../../src/messages/device';

/** A line of the log: a prediction or a line of the firmware's own text. */
export type LogLine = ({ readonly kind: 'prediction' } & PredictionView) | ({ readonly kind: 'text'; readonly id: number } & TextView);

export interface DeviceHistory extends DeviceSnapshot {
  /** In the order of arrival, at most `HISTORY_LIMIT`. */
  readonly log: readonly LogLine[];
  /** Text lines so far: names them, as equal lines are common. */
  readonly textCount: number;
}

const latest = <T>(items: readonly T[]): readonly T[] => (items.length > HISTORY_LIMIT ? items.slice(-HISTORY_LIMIT) : items);

const linesOf = (update: DeviceUpdate, textCount: number): readonly LogLine[] =>
  [
    ...update.predictions.map((p): LogLine => ({ kind: 'prediction', ...p })),
    ...update.texts.map((t, i): LogLine => ({ kind: 'text', id: textCount + i, ...t })),
  ].sort((a, b) => a.at - b.at);

export const historyOf = (snapshot: DeviceSnapshot): DeviceHistory => ({ ...snapshot, log: latest(linesOf(snapshot, 0)), textCount: snapshot.texts.length });

/** Bounded however long the run is. */
export const withUpdate = (history: DeviceHistory, update: DeviceUpdate): DeviceHistory => ({
  state: update.state,
  totals: update.totals,
  labels: history.labels,
  predictions: latest([...history.predictions, ...update.predictions]),
  texts: latest([...history.texts, ...update.texts]),
  log: latest([...history.log, ...linesOf(update, history.textCount)]),
  textCount: history.textCount + update.texts.length,
  series: withPoints(history.series, update.series),
  confusions: update.confusions,
  matrix: update.matrix,
  ...((update.layers ?? history.layers) ? { layers: update.layers ?? history.layers } : {}),
});

/** Series with what came since; those without news stay the same object. */
function withPoints(series: readonly SeriesView[], fresh: readonly SeriesView[]): readonly SeriesView[] {
  if (!fresh.length) return series;
  const news = new Map(fresh.map((one) => [one.name, one]));
  const known = series.map((one) => {
    const more = news.get(one.name);
    return more ? { ...one, points: [...one.points, ...more.points].slice(-SERIES_LIMIT.points) } : one;
  });
  return [...known, ...fresh.filter(({ name }) => !series.some((one) => one.name === name))];
}

export interface Histogram {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** Counts in bins of equal width from the smallest value to the 99.5th percentile: one outlier must not flatten all others. */
export function histogramOf(values: readonly number[], bins: number): Histogram {
  const sorted = [...values].sort((a, b) => a - b);
  const from = sorted[0] ?? 0;
  const to = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.995))] ?? 0;
  const width = (to - from) / bins || Math.max(1e-3, Math.abs(from) / 100);
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) counts[Math.min(bins - 1, Math.floor((value - from) / width))]++;
  return { from, width, counts };
}

/** Nearest rank; null for no values. */
export function quantileOf(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] : null;
}

/** Range that bars are scaled to: 0 to 1 for probabilities, what was seen for anything else (logits). */
export function scoreRange(predictions: readonly PredictionView[]): readonly [number, number] {
  let low = 0;
  let high = 1;
  for (const { scores } of predictions) {
    for (const score of scores) {
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
  }
  return [low, high];
}

/** Part of the range from 0 to 1. */
export const partOfRange = (score: number, [low, high]: readonly [number, number]): number => (high > low ? (score - low) / (high - low) : 0);

export interface ClassScore {
  readonly label: string;
  readonly score: number;
}

/** Highest scores first; outputs without a label are named by their index. */
export const topScores = (prediction: PredictionView, labels: readonly string[], count: number): readonly ClassScore[] =>
  prediction.scores
    .map((score, i) => ({ label: labels[i] ?? String(i), score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);

/** 14:03:07.042, local time. */
export function clockText(at: number): string {
  const date = new Date(at);
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
}
