/**
 * How far before its input an output must start so that it may be written over it: a layer goes through the output in raster
 * order, `steps` times, and before it writes anything of step i it has read what step i needs. `written(i)` is the end of
 * what steps up to i have written, counted from the output's start; `needed(i)` where the first byte lies that step i or a
 * later one still reads, counted from the input's start. All in bytes.
 */
export function rasterDistance(steps: number, written: (step: number) => number, needed: (step: number) => number): number {
  let distance = -Infinity;
  for (let i = 0; i + 1 < steps; i++) distance = Math.max(distance, written(i) - needed(i + 1));
  return distance;
}

/** The same for a convolution of one group without dilation that reads the windows of two pixels side by side before it writes them. */
export function windowOverlap({ in_w, in_c, out_h, out_w, out_c, stride_h, stride_w, pad_top, pad_left }: Readonly<Record<string, number>>): number {
  const rowPairs = Math.ceil(out_w / 2);
  // Rows above the image read nothing of it; the leftmost byte of all rows still to come is that of the next window's top row.
  const needed = (pair: number): number => {
    const [oy, ox] = [Math.floor(pair / rowPairs), 2 * (pair % rowPairs)];
    const rowStart = (y: number): number => Math.max(0, y) * in_w;
    const here = rowStart(oy * stride_h - pad_top) + Math.max(0, ox * stride_w - pad_left);
    const below = rowStart((oy + 1) * stride_h - pad_top);
    return Math.min(here, below) * in_c;
  };
  const written = (pair: number): number => (Math.floor(pair / rowPairs) * out_w + Math.min(out_w, 2 * (pair % rowPairs) + 2)) * out_c;
  return rasterDistance(out_h * rowPairs, written, needed);
}
