import type { DType } from '../ir/types';

/** Codes that weights of a type may take, around zero, and the tensor type that stores them. */
export interface WeightGrid {
  readonly dtype: DType;
  readonly lowest: number;
  readonly highest: number;
  /** Codes that lie between `lowest` and `highest` but are left out: zero, for weights of one bit. */
  readonly withoutZero?: boolean;
}

/**
 * Integer forms of weights, each with a scale per output channel. int8 leaves -128 out, as TFLite and CMSIS-NN demand;
 * narrower types use all codes that they have. Ternary and binary weights take two bits in a file: no format has one of less.
 */
export const weightGrids = {
  int8: { dtype: 'int8', lowest: -127, highest: 127 },
  int4: { dtype: 'int4', lowest: -8, highest: 7 },
  int2: { dtype: 'int2', lowest: -2, highest: 1 },
  ternary: { dtype: 'int2', lowest: -1, highest: 1 },
  binary: { dtype: 'int2', lowest: -1, highest: 1, withoutZero: true },
} as const satisfies Readonly<Record<string, WeightGrid>>;

export type IntegerWeights = keyof typeof weightGrids;

/** Nearest code of a grid to `x`, a weight divided by its scale; ties to even. */
export function nearestCode(grid: WeightGrid, x: number): number {
  if (grid.withoutZero) return x < 0 ? grid.lowest : grid.highest;
  const code = Math.round(x);
  const even = Math.abs(x - Math.trunc(x)) === 0.5 && code % 2 !== 0 ? code - 1 : code;
  return even < grid.lowest ? grid.lowest : even > grid.highest ? grid.highest : even;
}

/** Scale at which the largest weight of a channel meets the end of the grid. */
export function fullScale(grid: WeightGrid, weights: ArrayLike<number>, from: number, length: number): number {
  let scale = 0;
  for (let i = from; i < from + length; i++) scale = Math.max(scale, weights[i] < 0 ? weights[i] / grid.lowest : weights[i] / grid.highest);
  return scale;
}

/** Shares of the full scale that are tried where a grid has so few codes that the largest weight must not decide. */
const SHARES = Array.from({ length: 16 }, (_, i) => 1 - i * 0.05);

/** Scale for nearest codes: the full one, or for grids of up to four codes the one with the least square error. */
export function scaleOfNearest(grid: WeightGrid, weights: ArrayLike<number>, from: number, length: number): number {
  const full = fullScale(grid, weights, from, length);
  if (grid.highest - grid.lowest > 3 || full === 0) return full;
  let best = { scale: full, error: Infinity };
  for (const share of SHARES) {
    const scale = full * share;
    let error = 0;
    for (let i = from; i < from + length; i++) error += (weights[i] - scale * nearestCode(grid, weights[i] / scale)) ** 2;
    if (error < best.error) best = { scale, error };
  }
  return best.scale;
}
