import { elementCount } from '../../ir/dtype';
import { realValues, zeros, type Tensor } from '../../ir/tensor';
import { input, joinRange, output } from '../coupling';
import { offsetsOf } from '../offsets';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint, realResult } from '../real-result';
import { reducedAxes } from './axes';
import { fixedMeanOrSum, realMeanOrSum } from './fixed-mean';
import { reduceKernels } from './kernels';
import { reduceOnnx } from './onnx';
import { reduceTflite } from './tflite';
import { reduceGradient } from './gradient';

/**
 * One number from all elements along some axes. Attributes: mode (a key of `reductions`), axes (all where absent), keepDims.
 */
export const reduce: OpDefinition = {
  name: 'reduce',
  label: (node) => `Reduce ${node.text('mode')}`,
  quantization: 'rescales',
  infer(node) {
    const { shape } = node.type(0);
    const plain = { dtype: resultDtype(node), shape };
    if (!shape) return [plain];
    const axes = reducedAxes(node, shape.length);
    const kept = node.flag('keepDims') ? shape.map((extent, axis) => (axes.has(axis) ? 1 : extent)) : shape.filter((_, axis) => !axes.has(axis));
    return [{ ...plain, shape: kept }];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const mode = node.text('mode');
    const [from, to] = [input!.type.quantization, type.quantization];
    if (from && to) {
      const isOrder = mode === 'max' || mode === 'min';
      if (isOrder && from.scale[0] === to.scale[0] && from.zeroPoint[0] === to.zeroPoint[0]) return [{ type, data: fold(node, input!, input!.data, zeros(type).data) }];
      if (isFixedPoint(node.rounding) && (mode === 'mean' || mode === 'sum')) return [fixedMeanOrSum(node, input!, fold(node, input!, input!.data, new Float64Array(elementCount(type.shape)), 'sum'))];
    }
    if (from && to && (mode === 'mean' || mode === 'sum')) return [realMeanOrSum(node, input!, fold(node, input!, offsetsOf(input!), new Float64Array(elementCount(type.shape)), 'sum'))];
    const reduced = fold(node, input!, realValues(input!), new Float64Array(elementCount(type.shape)));
    return [realResult(node.rounding, type, reduced)];
  },
  kernels: reduceKernels,
  coupling: {
    join(node, entries) {
      const { shape } = node.staticType(0);
      const reduced = reducedAxes(node, shape.length);
      let to = 0;
      shape.forEach((extent, axis) => {
        if (!reduced.has(axis)) joinRange(entries, input(0, axis), output(to), extent);
        if (!reduced.has(axis) || node.flag('keepDims')) to++;
      });
    },
  },
  gradient: reduceGradient,
  onnx: reduceOnnx,
  tflite: reduceTflite,
};

interface Reduction {
  readonly start: number;
  /** The result so far with one element more. */
  add(sum: number, x: number): number;
  finish?(sum: number, count: number): number;
}

const plus = (sum: number, x: number): number => sum + x;

export const reductions: Readonly<Record<string, Reduction>> = {
  sum: { start: 0, add: plus },
  mean: { start: 0, add: plus, finish: (sum, count) => sum / count },
  max: { start: -Infinity, add: Math.max },
  min: { start: Infinity, add: Math.min },
  prod: { start: 1, add: (sum, x) => sum * x },
  any: { start: 0, add: (sum, x) => (sum || x ? 1 : 0) },
  all: { start: 1, add: (sum, x) => (sum && x ? 1 : 0) },
  l1: { start: 0, add: (sum, x) => sum + Math.abs(x) },
  l2: { start: 0, add: (sum, x) => sum + x * x, finish: Math.sqrt },
  sum_square: { start: 0, add: (sum, x) => sum + x * x },
  log_sum: { start: 0, add: plus, finish: Math.log },
};

/** Elements with the same place outside of the reduced axes, taken together into `into`. */
function fold<T extends { [i: number]: number; length: number; fill(value: number): unknown }>(node: NodeView, input: Tensor, data: ArrayLike<number>, into: T, mode = node.text('mode')): T {
  const { shape } = input.type;
  const axes = reducedAxes(node, shape.length);
  const reduction = reductions[mode];
  const sums = new Float64Array(into.length).fill(reduction.start);
  const strides = shape.map(() => 0);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    if (axes.has(axis)) continue;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  const position = shape.map(() => 0);
  for (let i = 0, at = 0; i < data.length; i++) {
    sums[at] = reduction.add(sums[at], data[i]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++position[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      position[axis] = 0;
    }
  }
  const count = [...axes].reduce((product, axis) => product * shape[axis], 1);
  for (let i = 0; i < into.length; i++) into[i] = reduction.finish ? reduction.finish(sums[i], count) : sums[i];
  return into;
}
