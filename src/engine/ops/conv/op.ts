import { elementCount } from '../../ir/dtype';
import type { Tensor } from '../../ir/tensor';
import { asymmetricCodes, symmetricCodes } from '../../quant/hybrid';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import { convolution } from '../coupling';
import { offsetsOf } from '../offsets';
import { isFixedPoint } from '../real-result';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { windowRows } from '../row-rule';
import { realWeights } from '../weights';
import { shapeOfImage, slide, windowLabel } from '../window';
import { convCmsis } from './cmsis-nn';
import { conv2dAny, conv2dCoded } from './conv2d-any';
import { convBlocks, convSparse } from './conv-sparse';
import { conv2dDsp } from './conv2d-dsp';
import { conv2dF32 } from './conv2d-f32';
import { conv2dF32Dsp } from './conv2d-f32-dsp';
import { conv2dQ31S8 } from './conv2d-q31-s8';
import { conv2dRowsDsp } from './conv2d-rows-dsp';
import { conv2dRunsS8 } from './conv2d-runs-s8';
import { conv2dS8 } from './conv2d-s8';
import { depthwise3x3S8 } from './depthwise-3x3-s8';
import { depthwise3x3Dsp } from './depthwise-3x3-dsp';
import { depthwise3x3F32Dsp } from './depthwise-3x3-f32-dsp';
import { depthwise3x3Mve } from './depthwise-3x3-mve';
import { depthwiseS1Dsp } from './depthwise-s1-dsp';
import { depthwiseS2Dsp } from './depthwise-s2-dsp';
import { convolve } from './evaluate';
import { geometry } from './geometry';
import { convChannels } from './channels';
import { convOnnx } from './onnx';
import { conv2dMve } from './conv2d-mve';
import { pointwiseDsp } from './pointwise-dsp';
import { pointwiseMve } from './pointwise-mve';
import { convTflite } from './tflite';
import { convGradient } from './gradient';

/**
 * Convolution with one to three spatial axes and groups. Inputs: image, weights, optional bias. Weights are [out, in/group,
 * kernel...] for layout `nchw` and [out, kernel..., in/group] for `nhwc`. Attributes: layout, strides, dilations, pads,
 * group, clampMin, clampMax.
 */
export const conv: OpDefinition = {
  name: 'conv',
  label(node) {
    const { window, depthwise } = geometry(node);
    return `${depthwise ? 'DWConv' : 'Conv'} ${windowLabel(window.kernel, window.strides, window.dilations)}`;
  },
  imageInputs: [0, 1],
  quantization: 'rescales',
  scalesWeights: true,
  fusesClamp: true,
  family: (node) => (geometry(node).depthwise ? 'depthwise' : 'conv'),
  infer(node) {
    const { window, input, outputChannels } = geometry(node);
    const image = { batch: input.batch, channels: outputChannels, spatial: slide(input.spatial, window) };
    return [{ dtype: resultDtype(node), shape: shapeOfImage(image, window.layout) }];
  },
  macs(node) {
    const weights = node.staticType(1).shape;
    return (elementCount(node.outputType().shape) * elementCount(weights)) / weights[0];
  },
  evaluate(node, [input, weights, bias]) {
    const isHybrid = weights!.type.quantization !== undefined && isFixedPoint(node.rounding) && !node.flag('realInputs');
    const run = node.outputType().quantization ? evaluateQuantized : isHybrid ? evaluateHybrid : evaluateFloat;
    return [run(node, input!, weights!, bias)];
  },
  kernels: [depthwise3x3Mve, pointwiseMve, conv2dMve, depthwiseS1Dsp, depthwiseS2Dsp, depthwise3x3Dsp, pointwiseDsp, conv2dDsp, conv2dRowsDsp, convBlocks, depthwise3x3S8, conv2dRunsS8, conv2dQ31S8, conv2dS8, depthwise3x3F32Dsp, conv2dF32Dsp, conv2dF32, conv2dAny, conv2dCoded, convSparse, ...convCmsis],
  channels: convChannels,
  // A hybrid layer takes one scale from the whole image.
  rows: (node) => (node.isConstant(1) && (node.outputType().quantization || !node.type(1).quantization) ? windowRows(node, geometry(node).window.kernel) : undefined),
  coupling: convolution,
  gradient: convGradient,
  onnx: convOnnx,
  tflite: convTflite,
};

function evaluateFloat(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const clamp = fusedClamp(node);
  return convolve(node, offsetsOf(input), offsetsOf(realWeights(weights)), (sum, channel) => clampReal(sum + (bias ? bias.data[channel] : 0), clamp));
}

function evaluateQuantized(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const output = node.outputType();
  const clamp = fusedClamp(node);
  const range = clampedRange(output, clamp.min, clamp.max);
  const requantize = requantizer(node.rounding, input.type.quantization!, weights.type.quantization!, output, range, { wideAccumulator: bias?.type.dtype !== 'int32' });
  return convolve(node, offsetsOf(input), offsetsOf(weights), (sum, channel) => requantize(sum + (bias ? bias.data[channel] : 0), channel));
}

/** Integer weights, real activations that get a scale per image. Source: TFLite conv.cc, EvalHybrid and EvalHybridPerChannel. */
function evaluateHybrid(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const { fround } = Math;
  const { scale, axis } = weights.type.quantization!;
  const batches = geometry(node).input.batch;
  const size = input.data.length / batches;
  const codes = Array.from({ length: batches }, (_, b) => (axis === undefined ? symmetricCodes : asymmetricCodes)(input.data, b * size, (b + 1) * size));
  const offsets = new Float64Array(input.data.length);
  codes.forEach((code, b) => offsets.set(code.offsets, b * size));
  const clamp = fusedClamp(node);
  return convolve(node, offsets, offsetsOf(weights), (sum, channel, batch) => {
    const real = fround(fround(fround(sum) * scale[axis === undefined ? 0 : channel]) * codes[batch].scale);
    return clampReal(bias ? fround(real + bias.data[channel]) : real, clamp);
  });
}
