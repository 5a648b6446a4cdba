import { zeros, type Tensor } from '../../ir/tensor';
import type { NodeView } from '../op';
import { imageOf, stridesOf, type Layout } from '../window';

/** Lower and upper neighbour and the distance from the lower in 1/1024. */
interface Neighbours {
  readonly low: number;
  readonly high: number;
  readonly rest: number;
}

/** Bilinear interpolation of codes with 10 fraction bits per axis. Source: TFLite reference_ops ResizeBilinearInteger. */
export function fixedBilinear(node: NodeView, input: Tensor): Tensor {
  const layout = node.text('layout') as Layout;
  const result = zeros(node.outputType());
  const [from, to] = [imageOf(input.type.shape, layout), imageOf(node.outputType().shape, layout)];
  const [inStrides, outStrides] = [stridesOf(from, layout), stridesOf(to, layout)];
  const rows = neighbours(node, from.spatial[0], to.spatial[0]);
  const columns = neighbours(node, from.spatial[1], to.spatial[1]);
  for (let plane = 0; plane < from.batch * from.channels; plane++) {
    const [batch, channel] = [Math.floor(plane / from.channels), plane % from.channels];
    const source = batch * inStrides.batch + channel * inStrides.channel;
    const target = batch * outStrides.batch + channel * outStrides.channel;
    const at = (row: number, column: number): number => input.data[source + row * inStrides.spatial[0] + column * inStrides.spatial[1]];
    rows.forEach((y, i) => {
      columns.forEach((x, j) => {
        const sum =
          at(y.low, x.low) * (1024 - y.rest) * (1024 - x.rest) + at(y.high, x.low) * y.rest * (1024 - x.rest) +
          at(y.low, x.high) * (1024 - y.rest) * x.rest + at(y.high, x.high) * y.rest * x.rest;
        const half = sum > 0 ? 2 ** 19 : -(2 ** 19);
        const code = node.rounding === 'tflite-single-round' ? Math.floor((sum + 2 ** 19) / 2 ** 20) : Math.trunc((sum + half) / 2 ** 20);
        result.data[target + i * outStrides.spatial[0] + j * outStrides.spatial[1]] = code;
      });
    });
  }
  return result;
}

export function neighbours(node: NodeView, from: number, to: number): Neighbours[] {
  const aligned = node.text('coordinates') === 'align_corners' && to > 1;
  const [extent, steps] = aligned ? [from - 1, to - 1] : [from, to];
  const scale = Math.trunc((1024 * extent + Math.trunc(steps / 2)) / steps);
  const halfPixel = node.text('coordinates') === 'half_pixel';
  return Array.from({ length: to }, (_, i) => {
    const at = halfPixel ? i * scale + Math.trunc(scale / 2) - 512 : i * scale;
    const low = Math.max(Math.trunc(at / 1024), 0);
    return { low, high: Math.min(Math.trunc((at + 1023) / 1024), from - 1), rest: at - 1024 * low };
  });
}
