import type { SeriesView } from '../../src/messages/device';

/** Smallest and largest of each pixel's points, in order: more is not seen and costs drawing. */
export function thinned(points: SeriesView['points'], pixels: number): SeriesView['points'] {
  const group = Math.ceil(points.length / Math.max(1, pixels));
  if (group <= 2) return points;
  const kept: SeriesView['points'][number][] = [];
  for (let i = 0; i < points.length; i += group) {
    let [least, most] = [points[i], points[i]];
    for (const point of points.slice(i, i + group)) {
      if (point[1] < least[1]) least = point;
      if (point[1] > most[1]) most = point;
    }
    kept.push(...(least === most ? [least] : least[0] <= most[0] ? [least, most] : [most, least]));
  }
  return kept;
}
