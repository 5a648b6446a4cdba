import { seriesOf } from '../../device/protocol/series';
import { SERIES_LIMIT, type SeriesView } from '../../messages/device';

interface Kept {
  readonly unit?: string;
  readonly points: (readonly [number, number])[];
  pending: (readonly [number, number])[];
}

const STRAYS_MS = 2000;

/** Series that a board prints, bounded in points and in number: a sketch may print whatever it likes. */
export class SeriesRecorder {
  private readonly kept = new Map<string, Kept>();
  private offsetMs: number | undefined;

  /** True where the line carried numbers. */
  take(line: string, at: number): boolean {
    const points = seriesOf(line);
    for (const { name, value, unit, boardMs } of points) this.add(name, unit, boardMs === undefined ? at : this.hostTime(boardMs, at), value);
    return points.length > 0;
  }

  add(name: string, unit: string | undefined, at: number, value: number): void {
    let series = this.kept.get(name);
    if (!series) {
      if (this.kept.size >= SERIES_LIMIT.series) return;
      this.kept.set(name, (series = { unit, points: [], pending: [] }));
    }
    series.points.push([at, value]);
    series.pending.push([at, value]);
    // In steps, as moving thousands of points for each new one would cost more than drawing them.
    if (series.points.length > SERIES_LIMIT.points * 1.25) series.points.splice(0, series.points.length - SERIES_LIMIT.points);
    if (series.pending.length > SERIES_LIMIT.points) series.pending.shift();
  }

  /** The board's clock tells points apart that arrive together. It is taken anew where it strays from ours: a reset, or another zero. */
  private hostTime(boardMs: number, at: number): number {
    if (this.offsetMs === undefined || Math.abs(boardMs + this.offsetMs - at) > STRAYS_MS) this.offsetMs = at - boardMs;
    return boardMs + this.offsetMs;
  }

  get all(): readonly SeriesView[] {
    return [...this.kept].map(([name, { unit, points }]) => ({ name, ...(unit ? { unit } : {}), points: points.slice(-SERIES_LIMIT.points) }));
  }

  /** Points since the last call. */
  takeNew(): readonly SeriesView[] {
    const fresh = [...this.kept].filter(([, { pending }]) => pending.length).map(([name, { unit, pending }]) => ({ name, ...(unit ? { unit } : {}), points: pending }));
    for (const series of this.kept.values()) series.pending = [];
    return fresh;
  }
}
