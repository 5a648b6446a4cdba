import { aligned, type Interval, type Overlay } from './place';

/**
 * Bytes that no placement goes below: the most that live at one step. What overlays save at a step is at most what each of
 * them saves when nothing else is in the way, and at most the output itself.
 */
export function boundOf(intervals: readonly Interval[], overlays: readonly Overlay[]): number {
  const steps = new Set(intervals.flatMap((i) => [i.first, i.last]));
  let most = 0;
  for (const step of steps) {
    const lives = (i: number): boolean => intervals[i].first <= step && step <= intervals[i].last;
    const sum = intervals.reduce((total, interval, i) => (lives(i) ? total + aligned(interval.bytes) : total), 0);
    if (sum <= most) continue;
    const savings = new Map<number, number>();
    for (const overlay of overlays) {
      if (!lives(overlay.over) || !lives(overlay.under)) continue;
      const [over, under] = [aligned(intervals[overlay.over].bytes), aligned(intervals[overlay.under].bytes)];
      savings.set(overlay.over, Math.min(over, (savings.get(overlay.over) ?? 0) + over + under - unionOf(over, under, overlay)));
    }
    most = Math.max(most, [...savings.values()].reduce((total, saved) => total - saved, sum));
  }
  return most;
}

/** Fewest bytes that hold both. */
export function unionOf(over: number, under: number, { same, before }: Overlay): number {
  const apart = over + under;
  const together = same ? Math.max(over, under) : apart;
  if (before === undefined) return together;
  return Math.min(together, apart, Math.max(over, under, aligned(Math.max(0, before)) + under));
}
