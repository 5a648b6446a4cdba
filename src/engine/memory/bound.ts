import { aligned, type Interval, type Overlay } from './place';

/**
 * Bytes that no placement goes below: the most that live at one step. What overlays save at a step is at most what each of
 * them saves when nothing else is in the way, and at most the output itself.
 */
export function boundOf(intervals: readonly Interval[], overlays: readonly Overlay[]): number {
  const living = livingAt(intervals);
  const pairs = overlays.flatMap((overlay) => {
    const first = Math.max(intervals[overlay.over].first, intervals[overlay.under].first);
    const last = Math.min(intervals[overlay.over].last, intervals[overlay.under].last);
    return first <= last ? [{ overlay, first, last }] : [];
  });
  // Nearly all pairs meet at one step only.
  const longer = pairs.filter(({ first, last }) => first < last);
  const meeting = new Map<number, typeof pairs>();
  for (const pair of pairs) if (pair.first === pair.last) meeting.set(pair.first, [...(meeting.get(pair.first) ?? []), pair]);
  let most = 0;
  for (const [step, sum] of living) {
    if (sum <= most) continue;
    const savings = new Map<number, number>();
    for (const { overlay, first, last } of [...(meeting.get(step) ?? []), ...longer]) {
      if (step < first || step > last) continue;
      const [over, under] = [aligned(intervals[overlay.over].bytes), aligned(intervals[overlay.under].bytes)];
      savings.set(overlay.over, Math.min(over, (savings.get(overlay.over) ?? 0) + over + under - unionOf(over, under, overlay)));
    }
    most = Math.max(most, [...savings.values()].reduce((total, saved) => total - saved, sum));
  }
  return most;
}

/** Bytes alive at every step at which an interval begins or ends, largest first: few of the others need a closer look. */
function livingAt(intervals: readonly Interval[]): readonly (readonly [step: number, bytes: number])[] {
  const grows = new Map<number, number>();
  const shrinks = new Map<number, number>();
  const add = (to: Map<number, number>, step: number, bytes: number): void => void to.set(step, (to.get(step) ?? 0) + bytes);
  for (const { first, last, bytes } of intervals) {
    if (first > last) continue;
    add(grows, first, aligned(bytes));
    add(shrinks, last, aligned(bytes));
  }
  const found: [number, number][] = [];
  let sum = 0;
  for (const step of [...new Set([...grows.keys(), ...shrinks.keys()])].sort((a, b) => a - b)) {
    sum += grows.get(step) ?? 0;
    found.push([step, sum]);
    sum -= shrinks.get(step) ?? 0;
  }
  return found.sort((a, b) => b[1] - a[1]);
}

/** Fewest bytes that hold both. */
export function unionOf(over: number, under: number, { same, before }: Overlay): number {
  const apart = over + under;
  const together = same ? Math.max(over, under) : apart;
  if (before === undefined) return together;
  return Math.min(together, apart, Math.max(over, under, aligned(Math.max(0, before)) + under));
}
