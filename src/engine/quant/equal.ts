import type { Quantization } from '../ir/types';

/** The same codes mean the same numbers. */
export function equalQuantization(a: Quantization | undefined, b: Quantization | undefined): boolean {
  if (!a || !b) return a === b;
  const same = (x: readonly number[], y: readonly number[]): boolean => x.length === y.length && x.every((v, i) => v === y[i]);
  return a.axis === b.axis && a.block?.axis === b.block?.axis && a.block?.size === b.block?.size && same(a.scale, b.scale) && same(a.zeroPoint, b.zeroPoint);
}
