/**
 * exp(-d * scale) for the 256 distances d between two int8 codes, as integers with so many fraction bits (at most 23, so
 * that float32 holds them exactly) that the sum over `depth` values stays below 2^31.
 */
export function exponentials(scale: number, depth: number): Int32Array {
  const bits = Math.min(23, 30 - Math.ceil(Math.log2(Math.max(depth, 1))));
  return Int32Array.from({ length: 256 }, (_, distance) => Math.round(Math.exp(-distance * scale) * 2 ** bits));
}
