import { elementCount } from '../../ir/dtype';
import type { Tensor } from '../../ir/tensor';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import type { NodeView, OpDefinition } from '../op';
import { shapeOfImage, slide, windowLabel } from '../window';
import { conv2dF32 } from './conv2d-f32';
import { conv2dS8 } from './conv2d-s8';
import { convolve } from './convolve';
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

function evaluateFloat(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const clamp = fusedClamp(node);
  return convolve(geometry(node), node.outputType(), input, weights, 0, [0], (sum, channel) => clampReal(sum + (bias ? bias.data[channel] : 0), clamp));
}

function evaluateQuantized(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const output = node.outputType();
  const clamp = fusedClamp(node);
  const [inputQ, weightsQ] = [node.staticType(0).quantization!, node.staticType(1).quantization!];
  const requantize = requantizer(node.rounding, inputQ, weightsQ, output, clampedRange(output, clamp.min, clamp.max));
  return convolve(geometry(node), output, input, weights, inputQ.zeroPoint[0], weightsQ.zeroPoint, (sum, channel) => requantize(sum + (bias ? bias.data[channel] : 0), channel));
}
