/** Beyond so many steps, far more than a microcontroller has bytes, the output is taken to need all of its room before the input. */
const MOST_STEPS = 2 ** 21;

/**
 * How far before its input an output must start so that it may be written over it: a layer goes through the output in raster
 * order, `steps` times, and before it writes anything of step i it has read what step i needs. `written(i)` is the end of
 * what steps up to i have written, counted from the output's start; `needed(i)` where the first byte lies that step i or a
 * later one still reads, counted from the input's start. All in bytes.
 */
export function rasterDistance(steps: number, written: (step: number) => number, needed: (step: number) => number): number {
  if (steps > MOST_STEPS) return written(steps - 1);
  let distance = -Infinity;
  for (let i = 0; i + 1 < steps; i++) distance = Math.max(distance, written(i) - needed(i + 1));
  return distance;
}

type Members = Readonly<Record<string, number>>;

/** The same for a convolution that reads the windows of `width` pixels side by side before it writes them. */
export function windowOverlap(m: Members, width = 2): number {
  return rasterDistance(turns(m, width), written(m, width), needed(m, width));
}

/** The same for one that writes channels of a pixel while it reads its window. */
export function pixelOverlap(m: Members): number {
  return rasterDistance(turns(m, 1) + 1, written(m, 1), (turn) => needed(m, 1)(turn - 1));
}

/** The same for one that reads the windows of `width` pixels, across the ends of rows, before it writes them. */
export function runOverlap(m: Members, width: number): number {
  const pixels = m.out_h * m.out_w;
  return rasterDistance(Math.ceil(pixels / width), (turn) => Math.min(pixels, width * (turn + 1)) * m.out_c, (turn) => needed(m, 1)(width * turn));
}

const turns = ({ out_h, out_w }: Members, width: number): number => out_h * Math.ceil(out_w / width);

const written = ({ out_w, out_c }: Members, width: number) => (turn: number): number => {
  const perRow = Math.ceil(out_w / width);
  return (Math.floor(turn / perRow) * out_w + Math.min(out_w, width * (turn % perRow) + width)) * out_c;
};

/** Rows above the image read nothing of it; the leftmost byte of all rows still to come is that of the next window's top row. */
const needed = ({ in_w, in_c, out_w, stride_h, stride_w, pad_top, pad_left }: Members, width: number) => (turn: number): number => {
  const perRow = Math.ceil(out_w / width);
  const [oy, ox] = [Math.floor(turn / perRow), width * (turn % perRow)];
  const rowStart = (y: number): number => Math.max(0, y) * in_w;
  const here = rowStart(oy * stride_h - pad_top) + Math.max(0, ox * stride_w - pad_left);
  const below = rowStart((oy + 1) * stride_h - pad_top);
  return Math.min(here, below) * in_c;
};
