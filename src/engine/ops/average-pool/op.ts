import { zeros } from '../../ir/tensor';
import { clampedRange, roundHalfEven } from '../../quant/rounding';
import { keepsChannels } from '../channels';
import { clampReal, fusedClamp } from '../clamp-range';
import { perChannel } from '../coupling';
import type { NodeView, OpDefinition } from '../op';
import { poolGeometry, poolInfer, poolLabel } from '../pool';
import { isFixedPoint } from '../real-result';
import { windowRows } from '../row-rule';
import { forEachWindow, stridesOf, type Image, type Window } from '../window';
import { averagePoolKernels } from './kernels';
import { averagePoolOnnx } from './onnx';
import { averagePoolTflite } from './tflite';
import { meanPoolGradient } from '../pool-gradients';

/** Mean of codes, ties away from zero; the scale stays. Source: TFLite reference_integer_ops AveragePool. */
const meanCode = (sum: number, count: number): number => Math.trunc((sum + (sum > 0 ? 1 : -1) * Math.floor(count / 2)) / count);

/**
 * Mean under a window. Attributes: layout, kernel, strides, dilations, pads, ceilMode, countPadding (divide by the whole
 * window also where it hangs over the edge).
 * Quantized, onnx-float-half-even: sum of (code - zero point) times the float32 of inputScale / (count * outputScale).
 */
export const averagePool: OpDefinition = {
  name: 'average_pool',
  label: (node) => poolLabel('AvgPool', node),
  imageInputs: [0],
  quantization: 'rescales',
  fusesClamp: true,
  infer: (node) => poolInfer(node),
  evaluate(node, [input]) {
    const { window, from, to } = poolGeometry(node);
    const type = node.outputType();
    const result = zeros(type);
    const inStrides = stridesOf(from, window.layout);
    const outStrides = stridesOf(to, window.layout);
    const clamp = fusedClamp(node);
    const inputQ = input!.type.quantization;
    const zeroPoint = inputQ?.zeroPoint[0] ?? 0;
    const range = type.quantization && clampedRange(type, clamp.min, clamp.max);
    const fixed = inputQ !== undefined && isFixedPoint(node.rounding);
    const finish = (sum: number, count: number): number => {
      if (!range) return clampReal(sum / count, clamp);
      if (fixed) return Math.min(range[1], Math.max(range[0], meanCode(sum + zeroPoint * count, count)));
      const scale = Math.fround(Math.fround(inputQ!.scale[0]) / Math.fround(type.quantization!.scale[0] * count));
      return Math.min(range[1], Math.max(range[0], roundHalfEven(Math.fround(sum * scale)) + type.quantization!.zeroPoint[0]));
    };
    const padded = node.flag('countPadding') ? paddedTaps(from, to, window) : undefined;
    let position = 0;
    forEachWindow(from, to, window, (offset, taps) => {
      const count = padded ? padded[position++] : taps.length;
      for (let batch = 0; batch < from.batch; batch++) {
        for (let c = 0; c < from.channels; c++) {
          let sum = 0;
          for (const tap of taps) sum += input!.data[batch * inStrides.batch + c * inStrides.channel + tap.input] - zeroPoint;
          result.data[batch * outStrides.batch + c * outStrides.channel + offset] = finish(sum, count);
        }
      }
    });
    return [result];
  },
  kernels: averagePoolKernels,
  // The mean of equal codes is that code, in fixed point or real numbers and without a clamp or padding that counts.
  channels: keepsChannels((node) => node.text('layout') === 'nhwc' && (isFixedPoint(node.rounding) || !node.outputType().quantization) && !node.flag('countPadding') && node.attributes.clampMin === undefined && node.attributes.clampMax === undefined),
  rows: (node) => windowRows(node, node.ints('kernel')),
  coupling: perChannel,
  gradient: meanPoolGradient(tapCounts),
  onnx: averagePoolOnnx,
  tflite: averagePoolTflite,
};

/** What each mean is divided by, in the order of the result's positions. */
function tapCounts(node: NodeView): readonly number[] {
  const { window, from, to } = poolGeometry(node);
  if (node.flag('countPadding')) return paddedTaps(from, to, window);
  const counts: number[] = [];
  forEachWindow(from, to, window, (_offset, taps) => void counts.push(taps.length));
  return counts;
}

/** Taps of each window that lie inside of image and padding: rounding up lets a window hang over both. */
function paddedTaps(from: Image, to: Image, window: Window): number[] {
  const image: Image = { ...from, spatial: from.spatial.map((extent, axis) => extent + window.padBegin[axis] + window.padEnd[axis]) };
  const counts: number[] = [];
  forEachWindow(image, to, { ...window, padBegin: window.padBegin.map(() => 0) }, (_offset, taps) => void counts.push(taps.length));
  return counts;
}
