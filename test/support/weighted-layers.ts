import type { Attributes } from '../../src/engine/ir/types';
import { add } from '../../src/engine/ops/add/op';
import { averagePool } from '../../src/engine/ops/average-pool/op';
import { conv } from '../../src/engine/ops/conv/op';
import { dense } from '../../src/engine/ops/dense/op';
import type { Random } from './random';
import type { Make, ModelBuilder } from './random-graph';

/** Convolution whose results look like those of a trained network: from 0 up or around 0, mostly inside of the codes. */
function convolution(b: ModelBuilder, r: Random, shape: readonly number[], outputs: number, kernel: readonly number[], attributes: Attributes, group = 1): number {
  const perGroup = shape[3] / group;
  const input = b.input([...shape], r.int(0, 2) ? undefined : { scale: [0.05], zeroPoint: [-128] });
  const [weights, bias] = b.weights([outputs, ...kernel, perGroup], input);
  const fromZero = r.int(0, 2) > 0;
  const quantization = b.outputQuantization(input, 0.025, kernel[0] * kernel[1] * perGroup, fromZero);
  return b.layer(conv.name, [input, weights, r.int(0, 3) ? bias : undefined], { layout: 'nhwc', group, ...(fromZero ? { clampMin: 0 } : {}), ...attributes }, quantization);
}

/** Random layers of the kinds that have specialised int8 kernels. */
export const weightedLayers = {
  pointwise: {
    make: (b, r) => convolution(b, r, [1, r.int(1, 6), r.int(1, 6), r.int(1, 40)], r.int(1, 21), [1, 1], {}),
  },
  'convolution, channels in fours': {
    make(b, r) {
      const [kh, kw, stride] = [r.int(1, 4), r.int(1, 3), r.int(1, 2)];
      const pads = [r.int(0, kh - 1), r.int(0, kw - 1), r.int(0, kh - 1), r.int(0, kw - 1)];
      return convolution(b, r, [1, r.int(4, 8), r.int(3, 9), 4 * r.int(1, 6)], r.int(1, 12), [kh, kw], { strides: [stride, stride], pads });
    },
  },
  'convolution, any channels': {
    make(b, r) {
      const [kh, kw, stride] = [r.int(2, 5), r.int(1, 5), r.int(1, 3)];
      const pads = [r.int(0, kh - 1), r.int(0, kw - 1), r.int(0, kh - 1), r.int(0, kw - 1)];
      return convolution(b, r, [1, r.int(5, 9), r.int(5, 11), r.pick([1, 2, 3, 5, 7])], 4 * r.int(1, 4), [kh, kw], { strides: [stride, r.int(1, 2)], pads });
    },
  },
  'depthwise, small': {
    make(b, r) {
      const channels = r.int(2, 12);
      const stride = r.int(1, 2);
      const pads = [r.int(0, 1), r.int(0, 1), r.int(0, 1), r.int(0, 1)];
      return convolution(b, r, [1, r.int(3, 9), r.int(3, 11), channels], channels, [3, 3], { strides: [stride, stride], pads, ...(r.int(0, 3) ? {} : { clampMin: 0, clampMax: 1.5 }) }, channels);
    },
  },
  'depthwise, stride 1': {
    make(b, r) {
      const channels = r.pick([32, 36, 64]);
      return convolution(b, r, [1, r.int(9, 26), r.int(9, 20), channels], channels, [3, 3], { pads: [1, 1, 1, 1] }, channels);
    },
  },
  'depthwise, stride 2': {
    make(b, r) {
      const channels = r.pick([40, 52, 64]);
      return convolution(b, r, [1, 2 * r.int(8, 12), 2 * r.int(7, 10), channels], channels, [3, 3], { strides: [2, 2], pads: [0, 0, 1, 1] }, channels);
    },
  },
  dense: {
    make(b, r) {
      const depth = r.int(0, 2) ? r.int(1, 70) : 4 * r.int(1, 17);
      const input = b.input([1, depth]);
      const [weights, bias] = b.weights([r.int(1, 20), depth], input, true);
      const fromZero = r.int(0, 1) === 1;
      return b.layer(dense.name, [input, weights, r.int(0, 3) ? bias : undefined], fromZero ? { clampMin: 0 } : {}, b.outputQuantization(input, 0.025, depth, fromZero));
    },
  },
  add: {
    make(b, r) {
      const shape = [1, r.int(1, 7), r.int(1, 9)];
      return b.layer(add.name, [b.input(shape), b.input(shape)], r.int(0, 1) ? { clampMin: 0 } : {}, r.int(0, 1) ? { scale: [0.03], zeroPoint: [-128] } : undefined);
    },
  },
  averagePool: {
    make(b, r) {
      const input = b.input([1, r.int(3, 9), r.int(3, 9), 4 * r.int(1, 5)]);
      const { quantization } = b.editor.value(input).type;
      return b.layer(averagePool.name, [input], { layout: 'nhwc', kernel: [r.int(1, 3), r.int(1, 3)], strides: [r.int(1, 2), 1], pads: [0, 1, 1, 0].map((pad) => pad * r.int(0, 1)) }, quantization);
    },
  },
} as const satisfies Readonly<Record<string, { readonly make: Make }>>;
