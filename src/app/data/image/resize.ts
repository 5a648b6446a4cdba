import type { Picture } from './picture';

/** How an image gets the model's size: its sides one by one, or the largest part of the model's proportions from its middle. */
export const resizings = ['stretch', 'crop'] as const;
export type Resizing = (typeof resizings)[number];

/**
 * The image in another size, by linear interpolation; made smaller, each pixel is the weighted mean of all that it covers.
 * Source: Pillow, libImaging/Resample.c, the triangle filter in double precision and without rounding in between.
 */
export function resized(picture: Picture, width: number, height: number, how: Resizing): Picture {
  const { channels } = picture;
  if (picture.width === width && picture.height === height) return picture;
  const [left, top, wide, high] = how === 'crop' ? middle(picture, width / height) : [0, 0, picture.width, picture.height];
  const across = weightsOf(picture.width, left, wide, width);
  const down = weightsOf(picture.height, top, high, height);
  const rows = new Float64Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) rows[(y * width + x) * channels + c] = sumOf(across[x], (i) => picture.data[(y * picture.width + i) * channels + c]);
    }
  }
  const data = new Float32Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * channels; i++) data[y * width * channels + i] = sumOf(down[y], (row) => rows[row * width * channels + i]);
  }
  return { width, height, channels, data };
}

/** Left, top, width and height of the largest part with these proportions. */
function middle({ width, height }: Picture, proportion: number): [number, number, number, number] {
  const [wide, high] = [Math.min(width, height * proportion), Math.min(height, width / proportion)];
  return [(width - wide) / 2, (height - high) / 2, wide, high];
}

interface Weights {
  readonly first: number;
  readonly weights: Float64Array;
}

/** For each of `to` pixels that a stretch of `length` from `start` becomes: which of the `from` pixels it is made of. */
function weightsOf(from: number, start: number, length: number, to: number): Weights[] {
  const step = length / to;
  const reach = Math.max(1, step);
  return Array.from({ length: to }, (_, i) => {
    const centre = start + (i + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(from, Math.floor(centre + reach + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_w, k) => Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / reach)));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((w) => w / sum) };
  });
}

function sumOf({ first, weights }: Weights, at: (index: number) => number): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * at(first + k);
  return sum;
}
