/** Corners of a rectangle, the smaller ones first. */
export type Box = readonly [y0: number, x0: number, y1: number, x1: number];

export function intersectionOverUnion(a: Box, b: Box): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, height) * Math.max(0, width);
  const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}
