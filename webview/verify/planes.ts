/** How a layer's result is drawn: one plane of squares per channel. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Index of each square in the tensor, row by row; squares behind the last element are left out. */
  readonly indices: readonly number[];
}

/** Squares of a plane, drawn at most. */
const SQUARES = 4096;
/** Columns of a result without planes. */
const WRAP = 32;

/** Channels of a result: the last axis where it has places besides. */
export const channelsOf = (shape: readonly number[]): number => (placesOf(shape).length ? (shape[shape.length - 1] ?? 1) : 1);

/** Extents of the places of one channel, without those of 1 in front. */
function placesOf(shape: readonly number[]): readonly number[] {
  const places = shape.slice(0, -1);
  const first = places.findIndex((extent) => extent > 1);
  return first < 0 ? [] : places.slice(first);
}

export function planeOf(shape: readonly number[], channel: number): Plane {
  const total = shape.reduce((a, b) => a * b, 1);
  const channels = channelsOf(shape);
  const places = placesOf(shape);
  const count = Math.min(SQUARES, total / channels);
  const columns = places.length >= 2 ? places[places.length - 1] : Math.min(WRAP, Math.max(1, count));
  const indices = Array.from({ length: count }, (_, i) => i * channels + channel);
  const rows = Math.ceil(count / columns);
  // A tall plane is laid on its side: there is more room across.
  if (rows <= columns || rows * columns !== count) return { rows, columns, indices };
  return { rows: columns, columns: rows, indices: indices.map((_, i) => indices[(i % rows) * columns + Math.floor(i / rows)]) };
}

/** Shades that values are sorted into: few enough that each is one path. */
const SHADES = 16;

/** Squares by shade, each as one SVG path; `range` is what 0 and 1 stand for. */
export function shadePaths({ columns, indices }: Plane, values: readonly number[], [low, high]: readonly [number, number]): readonly { readonly part: number; readonly path: string }[] {
  const paths = new Map<number, string[]>();
  indices.forEach((index, i) => {
    const part = high > low ? (values[index] - low) / (high - low) : 0;
    const shade = Math.min(SHADES - 1, Math.max(0, Math.floor((Number.isFinite(part) ? part : 1) * SHADES)));
    const list = paths.get(shade) ?? [];
    list.push(`M${i % columns} ${Math.floor(i / columns)}h1v1h-1z`);
    paths.set(shade, list);
  });
  return [...paths].map(([shade, list]) => ({ part: shade / (SHADES - 1), path: list.join('') }));
}

/** Smallest and largest of both sides, so that both are drawn on one scale. */
export function commonRange({ indices }: Plane, ...sides: readonly (readonly number[])[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of sides) {
    for (const index of indices) {
      if (!Number.isFinite(values[index])) continue;
      low = Math.min(low, values[index]);
      high = Math.max(high, values[index]);
    }
  }
  return [low, high];
}
