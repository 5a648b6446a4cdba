import { isStatic } from '../ir/dtype';
import type { Attributes } from '../ir/types';
import type { NodeView } from './op';
import { windowOf } from './window';

/** How an op that works on images (batch 1, rows on axis 1, channels last) is run on a strip of rows. */
export interface RowRule {
  /** Indices of inputs that are cut into strips; all others are taken whole. */
  readonly inputs: readonly number[];
  /** Rows [begin, end) of these inputs that rows [begin, end) of the output need, and attributes of the node that makes exactly them. */
  need(begin: number, end: number): { readonly begin: number; readonly end: number; readonly attributes: Attributes };
}

/** For ops whose elements each need the elements at their own place, and constants that are the same in every row. */
export function sameRows(node: NodeView): RowRule | undefined {
  const { shape } = node.outputType();
  const inputs = node.node.inputs.flatMap((_, i) => (node.has(i) && !node.isConstant(i) ? [i] : []));
  const isSame = (i: number): boolean => node.staticType(i).shape.join() === shape.join();
  const isAnyRow = (i: number): boolean => !node.has(i) || inputs.includes(i) || rowsOf(node.staticType(i).shape, shape.length) === 1;
  if (shape[0] !== 1 || shape.length < 3 || !inputs.length || !inputs.every(isSame) || !node.node.inputs.every((_, i) => isAnyRow(i))) return undefined;
  return { inputs, need: (begin, end) => ({ begin, end, attributes: node.node.attributes }) };
}

/** For a window that slides over the first input. */
export function windowRows(node: NodeView, kernel: readonly number[]): RowRule | undefined {
  const type = node.type(0);
  const window = windowOf(node, kernel);
  if (window.layout !== 'nhwc' || !isStatic(type) || type.shape[0] !== 1 || node.isConstant(0) || node.flag('ceilMode')) return undefined;
  const rows = type.shape[1];
  const reach = (kernel[0] - 1) * window.dilations[0] + 1;
  return {
    inputs: [0],
    need(begin, end) {
      const first = begin * window.strides[0] - window.padBegin[0];
      const last = (end - 1) * window.strides[0] - window.padBegin[0] + reach;
      const pads = [Math.max(0, -first), ...window.padBegin.slice(1), Math.max(0, last - rows), ...window.padEnd.slice(1)];
      return { begin: Math.max(0, first), end: Math.min(rows, last), attributes: { ...node.node.attributes, pads } };
    },
  };
}

/** Extent of a constant along the rows of what it is broadcast to. */
const rowsOf = (shape: readonly number[], rank: number): number => shape[1 - (rank - shape.length)] ?? 1;
