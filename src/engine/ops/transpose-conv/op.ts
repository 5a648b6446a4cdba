import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import { convolution } from '../coupling';
import { offsetsOf } from '../offsets';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { realWeights } from '../weights';
import { forEachWindow, imageOf, shapeOfImage, stridesOf, windowLabel } from '../window';
import { geometry } from './geometry';
import { transposeConvKernels } from './kernels';
import { transposeConvOnnx } from './onnx';
import { transposeConvTflite } from './tflite';

/**
 * Transposed convolution: each input element adds the kernel, times itself, to the result. Inputs: image, weights, optional
 * bias. Weights are [out, in/group, kernel...] for layout `nchw` and [out, kernel..., in/group] for `nhwc`. Attributes:
 * layout, strides, dilations, pads (cut off the result), outputPads (added to its end), group, clampMin, clampMax.
 */
export const transposeConv: OpDefinition = {
  name: 'transpose_conv',
  label(node) {
    const { window } = geometry(node);
    return `TransposeConv ${windowLabel(window.kernel, window.strides, window.dilations)}`;
  },
  family: 'conv',
  imageInputs: [0, 1],
  quantization: 'rescales',
  scalesWeights: true,
  fusesClamp: true,
  infer(node) {
    const { window, input, outputChannels, spatial } = geometry(node);
    return [{ dtype: resultDtype(node), shape: shapeOfImage({ batch: input.batch, channels: outputChannels, spatial }, window.layout) }];
  },
  macs(node) {
    const weights = node.staticType(1).shape;
    const { input } = geometry(node);
    return input.batch * elementCount(input.spatial) * elementCount(weights);
  },
  evaluate(node, [input, weights, bias]) {
    const type = node.outputType();
    const clamp = fusedClamp(node);
    const add = (channel: number): number => (bias ? bias.data[channel] : 0);
    if (!type.quantization) return [scatter(node, offsetsOf(input!), offsetsOf(realWeights(weights!)), (sum, channel) => clampReal(sum + add(channel), clamp))];
    const from = input!.type.quantization!;
    const requantize = requantizer(node.rounding, from, weights!.type.quantization!, type, clampedRange(type, clamp.min, clamp.max), { wideAccumulator: bias?.type.dtype !== 'int32' });
    return [scatter(node, offsetsOf(input!), offsetsOf(weights!), (sum, channel) => requantize(sum + add(channel), channel))];
  },
  kernels: transposeConvKernels,
  coupling: convolution,
  onnx: transposeConvOnnx,
  tflite: transposeConvTflite,
};

/** The window slides over the result and scatters from the input: `forEachWindow` with their roles exchanged. */
function scatter(node: NodeView, input: Float64Array, weights: Float64Array, finish: (sum: number, channel: number) => number): Tensor {
  const { window, input: image, outputChannels, group } = geometry(node);
  const type = node.outputType();
  const output = imageOf(type.shape, window.layout);
  const [from, to] = [stridesOf(image, window.layout), stridesOf(output, window.layout)];
  const perGroup = image.channels / group;
  const outPerGroup = outputChannels / group;
  const area = elementCount(window.kernel);
  const tapStride = window.layout === 'nchw' ? 1 : perGroup;
  const channelStride = window.layout === 'nchw' ? area : 1;
  const sums = new Float64Array(elementCount(type.shape));
  forEachWindow(output, image, window, (inputOffset, taps) => {
    for (let batch = 0; batch < image.batch; batch++) {
      for (let oc = 0; oc < outputChannels; oc++) {
        const firstChannel = Math.floor(oc / outPerGroup) * perGroup;
        for (const tap of taps) {
          let at = batch * from.batch + firstChannel * from.channel + inputOffset;
          let w = oc * area * perGroup + tap.kernel * tapStride;
          let sum = 0;
          for (let c = 0; c < perGroup; c++, at += from.channel, w += channelStride) sum += input[at] * weights[w];
          sums[batch * to.batch + oc * to.channel + tap.input] += sum;
        }
      }
    }
  });
  const result = zeros(type);
  for (let i = 0; i < sums.length; i++) result.data[i] = finish(sums[i], Math.floor(i / to.channel) % outputChannels);
  return result;
}
