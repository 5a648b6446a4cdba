import { zeros, type Tensor } from '../../ir/tensor';
import type { NodeView } from '../op';
import { imageOf } from '../window';
import { convolveBlocks, type FinishSum } from './convolve-blocks';
import { geometry, type ConvGeometry } from './geometry';

/**
 * Sums over the window for every output element. `input` and `weights` hold numbers with zero points taken off, so that
 * padding is what is left out.
 */
export function convolve(node: NodeView, input: Float64Array, weights: Float64Array, finish: FinishSum): Tensor {
  const shape = geometry(node);
  const { window } = shape;
  if (window.layout === 'nhwc' && window.kernel.length <= 2 && (shape.group === 1 || shape.depthwise)) return convolvePlane(node, shape, input, weights, finish);
  return convolveBlocks(shape, node.outputType(), input, weights, finish);
}

/** Channels last, one or two spatial axes, one group or one per channel: rows of the window are runs of memory. */
function convolvePlane(node: NodeView, { window, input: image, outputChannels, depthwise }: ConvGeometry, input: Float64Array, weights: Float64Array, finish: FinishSum): Tensor {
  const type = node.outputType();
  const result = zeros(type);
  const plane = (list: readonly number[], filler: number): readonly number[] => (list.length === 1 ? [filler, list[0]] : list);
  const [inH, inW] = plane(image.spatial, 1);
  const [outH, outW] = plane(imageOf(type.shape, window.layout).spatial, 1);
  const [kernelH, kernelW] = plane(window.kernel, 1);
  const [strideH, strideW] = plane(window.strides, 1);
  const [dilationH, dilationW] = plane(window.dilations, 1);
  const [padTop, padLeft] = plane(window.padBegin, 0);
  const { channels } = image;
  const perFilter = kernelH * kernelW * (depthwise ? 1 : channels);
  const multiplier = outputChannels / channels;
  const sums = new Float64Array(outputChannels);
  let to = 0;
  for (let batch = 0; batch < image.batch; batch++) {
    for (let oy = 0; oy < outH; oy++) {
      for (let ox = 0; ox < outW; ox++) {
        sums.fill(0);
        const left = ox * strideW - padLeft;
        const firstX = Math.max(0, Math.ceil(-left / dilationW));
        const endX = Math.min(kernelW, Math.ceil((inW - left) / dilationW));
        for (let ky = 0; ky < kernelH; ky++) {
          const iy = oy * strideH - padTop + ky * dilationH;
          if (iy < 0 || iy >= inH) continue;
          const row = (batch * inH + iy) * inW;
          if (depthwise) {
            for (let kx = firstX; kx < endX; kx++) {
              const at = (row + left + kx * dilationW) * channels;
              let w = ky * kernelW + kx;
              for (let oc = 0; oc < outputChannels; oc++, w += perFilter) sums[oc] += input[multiplier === 1 ? at + oc : at + Math.floor(oc / multiplier)] * weights[w];
            }
          } else if (dilationW === 1) {
            addRuns(sums, input, (row + left + firstX) * channels, weights, (ky * kernelW + firstX) * channels, perFilter, (endX - firstX) * channels);
          } else {
            for (let kx = firstX; kx < endX; kx++) {
              addRuns(sums, input, (row + left + kx * dilationW) * channels, weights, (ky * kernelW + kx) * channels, perFilter, channels);
            }
          }
        }
        for (let oc = 0; oc < outputChannels; oc++) result.data[to++] = finish(sums[oc], oc, batch);
      }
    }
  }
  return result;
}

/** Adds to each filter's sum the products of one run of inputs with the filter's run of weights. */
function addRuns(sums: Float64Array, input: Float64Array, at: number, weights: Float64Array, first: number, stride: number, length: number): void {
  for (let oc = 0, w = first; oc < sums.length; oc++, w += stride) {
    let sum = sums[oc];
    for (let i = 0; i < length; i++) sum += input[at + i] * weights[w + i];
    sums[oc] = sum;
  }
}
