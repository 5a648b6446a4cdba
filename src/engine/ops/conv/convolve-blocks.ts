import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import type { StaticType } from '../../ir/types';
import type { ConvGeometry } from './geometry';
import { imageOf, stridesOf, type Image, type Window } from '../window';

/** Sum of products to the result's number; `batch` tells apart inputs that have a scale each. */
export type FinishSum = (sum: number, channel: number, batch: number) => number;

/** Output positions that are worked on together: their window contents lie side by side, so that inner loops run over plain arrays. */
const BLOCK = 512;

/**
 * Sums over the window for every output element, in any layout, rank and number of groups. `input` and `weights` hold numbers
 * with zero points taken off, so that padding is what is left out. Products and sums are doubles: exact for 8-bit codes.
 */
export function convolveBlocks(geometry: ConvGeometry, type: StaticType, input: Float64Array, weights: Float64Array, finish: FinishSum): Tensor {
  const { window, input: image, outputChannels, group } = geometry;
  const result = zeros(type);
  const output = imageOf(type.shape, window.layout);
  const from = stridesOf(image, window.layout);
  const to = stridesOf(output, window.layout);
  const perGroup = image.channels / group;
  const area = elementCount(window.kernel);
  const depth = perGroup * area;
  const places = elementCount(output.spatial);
  // Weights are [out, channel, tap] for nchw and [out, tap, channel] for nhwc; columns follow them.
  const [channelStep, tapStep] = window.layout === 'nchw' ? [area, 1] : [1, perGroup];
  const taps = new Int32Array(area * BLOCK);
  const columns = new Float64Array(depth * BLOCK);
  const sums = new Float64Array(BLOCK);
  const outputOffsets = new Int32Array(BLOCK);

  for (let first = 0; first < places; first += BLOCK) {
    const count = Math.min(BLOCK, places - first);
    locate(window, image, output, first, count, from.spatial, to.spatial, taps, outputOffsets);
    for (let batch = 0; batch < image.batch; batch++) {
      for (let g = 0; g < group; g++) {
        for (let c = 0; c < perGroup; c++) {
          const base = batch * from.batch + (g * perGroup + c) * from.channel;
          for (let tap = 0; tap < area; tap++) {
            const row = (c * channelStep + tap * tapStep) * BLOCK;
            for (let p = 0; p < count; p++) {
              const at = taps[tap * BLOCK + p];
              columns[row + p] = at < 0 ? 0 : input[base + at];
            }
          }
        }
        for (let oc = (g * outputChannels) / group; oc < ((g + 1) * outputChannels) / group; oc++) {
          sums.fill(0);
          for (let k = 0; k < depth; k++) {
            const w = weights[oc * depth + k];
            const row = k * BLOCK;
            for (let p = 0; p < count; p++) sums[p] += w * columns[row + p];
          }
          const target = batch * to.batch + oc * to.channel;
          for (let p = 0; p < count; p++) result.data[target + outputOffsets[p]] = finish(sums[p], oc, batch);
        }
      }
    }
  }
  return result;
}

/** For `count` output positions from `first` on: offset of each tap in the image's channel 0, or -1 in the padding, and of the output. */
function locate(window: Window, image: Image, output: Image, first: number, count: number, fromStrides: readonly number[], toStrides: readonly number[], taps: Int32Array, outputOffsets: Int32Array): void {
  const rank = window.kernel.length;
  const area = elementCount(window.kernel);
  const position = new Array<number>(rank);
  for (let p = 0; p < count; p++) {
    let rest = first + p;
    let offset = 0;
    for (let axis = rank - 1; axis >= 0; axis--) {
      position[axis] = rest % output.spatial[axis];
      rest = Math.floor(rest / output.spatial[axis]);
      offset += position[axis] * toStrides[axis];
    }
    outputOffsets[p] = offset;
    for (let tap = 0; tap < area; tap++) {
      let inKernel = tap;
      let at = 0;
      for (let axis = rank - 1; axis >= 0 && at >= 0; axis--) {
        const k = inKernel % window.kernel[axis];
        inKernel = Math.floor(inKernel / window.kernel[axis]);
        const x = position[axis] * window.strides[axis] - window.padBegin[axis] + k * window.dilations[axis];
        at = x >= 0 && x < image.spatial[axis] ? at + x * fromStrides[axis] : -1;
      }
      taps[tap * BLOCK + p] = at;
    }
  }
}
