import type { ConstantData } from '../ir/types';
import type { NodeView } from './op';

/** What numbers a layer's weights consist of. */
export interface WeightContent {
  /** All different numbers in rising order; absent where there are more than `MOST_ENTRIES`. */
  readonly distinct?: readonly number[];
  readonly zeros: number;
  readonly data: ArrayLike<number>;
}

/** Entries of the largest codebook: codes of one byte. */
export const MOST_ENTRIES = 256;
/** Weights beyond this are not looked through when kernels are chosen: no microcontroller has them in flash. */
const MOST_ELEMENTS = 1 << 20;

const known = new WeakMap<ConstantData, WeightContent>();

/** Content of constant weights of int8 or float32 (input 1), read once for each tensor. */
export function weightContent(node: NodeView): WeightContent | undefined {
  const { constant, type } = node.input(1);
  if (!constant || (type.dtype !== 'int8' && type.dtype !== 'float32')) return undefined;
  let content = known.get(constant);
  if (content) return content;
  const data = constant.byteLength > MOST_ELEMENTS * (type.dtype === 'int8' ? 1 : 4) ? undefined : node.constant(1)?.data;
  if (!data) return undefined;
  const values = new Set<number>();
  let zeros = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) zeros++;
    if (values.size <= MOST_ENTRIES) values.add(data[i]);
  }
  content = { data, zeros, ...(values.size <= MOST_ENTRIES ? { distinct: [...values].sort((a, b) => a - b) } : {}) };
  known.set(constant, content);
  return content;
}
