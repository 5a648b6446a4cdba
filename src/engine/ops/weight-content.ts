import { isStatic } from '../ir/dtype';
import { constantTensor } from '../ir/tensor';
import type { ConstantData, Value } from '../ir/types';
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
/** Nor are models with more bytes of constants in all: they may lie in a long file, and looking would read all of it. */
const MOST_BYTES = 1 << 26;

const known = new WeakMap<ConstantData, WeightContent>();
const bytesOfGraphs = new WeakMap<NodeView['graph'], number>();

/** Content of a layer's constant weights (input 1). */
export const weightContent = (node: NodeView): WeightContent | undefined => (constantBytes(node.graph) <= MOST_BYTES ? contentOf(node.input(1)) : undefined);

/** Of a graph that no longer changes: kernels are chosen for those only. */
function constantBytes(graph: NodeView['graph']): number {
  let bytes = bytesOfGraphs.get(graph);
  if (bytes === undefined) {
    bytes = 0;
    for (const { constant } of graph.values.values()) bytes += constant?.byteLength ?? 0;
    bytesOfGraphs.set(graph, bytes);
  }
  return bytes;
}

/** Content of a constant of int8 or float32, read once for each. */
export function contentOf(value: Value): WeightContent | undefined {
  const { constant, type } = value;
  if (!constant || !isStatic(type) || (type.dtype !== 'int8' && type.dtype !== 'float32')) return undefined;
  let content = known.get(constant);
  if (content) return content;
  if (constant.byteLength > MOST_ELEMENTS * (type.dtype === 'int8' ? 1 : 4)) return undefined;
  const { data } = constantTensor(value);
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
