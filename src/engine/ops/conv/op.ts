import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import type { NodeView, OpDefinition } from '../op';
import { forEachWindow, imageOf, shapeOfImage, slide, stridesOf, windowLabel } from '../window';
import { realWeights } from '../weights';
import { conv2dF32 } from './conv2d-f32';
import { conv2dS8 } from './conv2d-s8';
import { geometry } from './geometry';
import { convOnnx } from './onnx';

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
    return [{ dtype: node.type(0).dtype, shape: shapeOfImage(image, window.layout) }];
  },
  macs(node) {
    const weights = node.staticType(1).shape;
    return (elementCount(node.outputType().shape) * elementCount(weights)) / weights[0];
  },
  evaluate(node, [input, weights, bias]) {
    return [node.outputType().quantization ? evaluateQuantized(node, input!, weights!, bias) : evaluateFloat(node, input!, weights!, bias)];
  },
  kernels: [conv2dS8, conv2dF32],
  onnx: convOnnx,
};

/** Sums over the window for every output element, as `finish(sum, channel)`. */
function convolve(node: NodeView, input: Tensor, weights: Tensor, zeroPoint: number, finish: (sum: number, channel: number) => number): Tensor {
  const { window, input: image, outputChannels, group } = geometry(node);
  const type = node.outputType();
  const result = zeros(type);
  const output = imageOf(type.shape, window.layout);
  const from = stridesOf(image, window.layout);
  const to = stridesOf(output, window.layout);
  const perGroup = image.channels / group;
  const area = elementCount(window.kernel);
  const tapStride = window.layout === 'nchw' ? 1 : perGroup;
  const channelStride = window.layout === 'nchw' ? area : 1;
  forEachWindow(image, output, window, (outputOffset, taps) => {
    for (let batch = 0; batch < image.batch; batch++) {
      for (let oc = 0; oc < outputChannels; oc++) {
        const firstChannel = Math.floor(oc / (outputChannels / group)) * perGroup;
        let sum = 0;
        for (const tap of taps) {
          let at = batch * from.batch + firstChannel * from.channel + tap.input;
          let w = oc * area * perGroup + tap.kernel * tapStride;
          for (let c = 0; c < perGroup; c++, at += from.channel, w += channelStride) sum += (input.data[at] - zeroPoint) * weights.data[w];
        }
        result.data[batch * to.batch + oc * to.channel + outputOffset] = finish(sum, oc);
      }
    }
  });
  return result;
}

function evaluateFloat(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const clamp = fusedClamp(node);
  return convolve(node, input, realWeights(weights), 0, (sum, channel) => clampReal(sum + (bias ? bias.data[channel] : 0), clamp));
}

function evaluateQuantized(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const output = node.outputType();
  const clamp = fusedClamp(node);
  const requantize = requantizer(node.rounding, input.type.quantization!, weights.type.quantization!, output, clampedRange(output, clamp.min, clamp.max));
  const zeroPoint = input.type.quantization!.zeroPoint[0];
  return convolve(node, input, weights, zeroPoint, (sum, channel) => requantize(sum + (bias ? bias.data[channel] : 0), channel));
}
