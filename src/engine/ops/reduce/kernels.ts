import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { codeRange, elementCount } from '../../ir/dtype';
import { roundingsOf } from '../fixed-weights';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { reduceAnyAxes } from './any-axes';
import { reducedAxes } from './axes';
import { sumMultiplier } from './fixed-mean';
import text from './tml_reduce.h';

const header = { file: 'tml_reduce.h', text, needs: [requantizeHeader] };

/** Extents before, of and behind the reduced axes; undefined where those are not neighbours. */
function blocks(node: NodeView): { outer: number; count: number; inner: number } | undefined {
  const { shape } = node.staticType(0);
  const axes = [...reducedAxes(node, shape.length)].filter((axis) => shape[axis] !== 1).sort((a, b) => a - b);
  const [first, last] = axes.length ? [axes[0], axes[axes.length - 1]] : [0, -1];
  for (let axis = first; axis <= last; axis++) if (!axes.includes(axis) && shape[axis] !== 1) return undefined;
  return { outer: elementCount(shape.slice(0, first)), count: elementCount(shape.slice(first, last + 1)), inner: elementCount(shape.slice(last + 1)) };
}

const isSum = (node: NodeView): boolean => ['mean', 'sum'].includes(node.text('mode')) && blocks(node) !== undefined;

const sumS8: Kernel = {
  header,
  supports: (node) => isSum(node) && isFixedPoint(node.rounding) && [node.type(0), node.outputType()].every((type) => type.dtype === 'int8' && type.quantization !== undefined),
  plan(node) {
    const type = node.outputType();
    const { mantissa, shift } = sumMultiplier(node);
    const [low, high] = codeRange(type.dtype);
    return {
      function: 'tml_reduce_sum_s8',
      params: {
        type: 'tml_reduce_s8_params',
        members: {
          ...blocks(node)!, in_zero_point: node.staticType(0).quantization!.zeroPoint[0], mantissa, shift, out_zero_point: type.quantization!.zeroPoint[0], low, high, roundings: roundingsOf(node),
        },
      },
      inputs: [0],
      constants: [],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 110,
    };
  },
};

const sumF32: Kernel = {
  header,
  supports: (node) => isSum(node) && node.type(0).dtype === 'float32',
  plan(node) {
    const { outer, count, inner } = blocks(node)!;
    return {
      function: 'tml_reduce_sum_f32',
      params: { type: 'tml_reduce_f32_params', members: { outer, count, inner, factor: node.text('mode') === 'mean' ? Math.fround(1 / count) : 1 } },
      inputs: [0],
      constants: [],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 60,
    };
  },
};

export const reduceKernels: readonly Kernel[] = [sumS8, sumF32, reduceAnyAxes];
