import { byteLengthOf, elementCount, isStatic } from '../ir/dtype';
import type { StaticType } from '../ir/types';

/** A whole that is made of parts, or cut into them, as far as each part is one run of the whole's bytes. */
export interface Ranges {
  /** Inputs are parts of the first output, or outputs are parts of the first input. */
  readonly parts: 'inputs' | 'outputs';
  /** First byte of each part in the whole; undefined where it is not one run, or not the same bytes. */
  readonly at: readonly (number | undefined)[];
}

/** First byte of the box from `begins` with extents `counts` in a tensor; undefined where its elements are not one run of whole bytes. */
export function runStart(type: StaticType, begins: readonly number[], counts: readonly number[]): number | undefined {
  const { shape, dtype } = type;
  if (!isStatic(type) || elementCount(counts) === 0) return undefined;
  const outer = counts.findIndex((count) => count !== 1);
  if (outer >= 0 && shape.some((extent, axis) => axis > outer && counts[axis] !== extent)) return undefined;
  const element = begins.reduce((sum, begin, axis) => sum + begin * elementCount(shape.slice(axis + 1)), 0);
  return byteLengthOf(dtype, 8) % 8 ? undefined : element * (byteLengthOf(dtype, 8) / 8);
}
