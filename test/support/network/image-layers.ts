import type { Attributes, DType, Quantization, StaticType, ValueId } from '../../../src/engine/ir/types';
import { isFixedPoint } from '../../../src/engine/ops/real-result';
import { clampOf } from './element-layers';
import type { LayerMaker, Network } from './network';

const isReal = (type: StaticType): boolean => type.dtype === 'float32';
const isCodes = (type: StaticType): boolean => type.quantization !== undefined;
const isImage = (type: StaticType): boolean => (type.shape.length === 3 || type.shape.length === 4) && (isReal(type) || isCodes(type));
const list = (n: Network, count: number, low: number, high: number): number[] => Array.from({ length: count }, () => n.random.int(low, high));
const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** How real activations meet their weights, or what goes with codes of a type. */
const WEIGHTS: readonly DType[] = ['float32', 'float32', 'float16', 'int8', 'int4', 'int2', 'uint8'];

/** Weights with output channels first and a bias, in a form that goes with the input. */
export function weightsFor(n: Network, x: ValueId, shape: readonly number[], hybrid: boolean): { weights: ValueId; bias: ValueId | undefined; output?: Quantization } {
  const { random } = n;
  const { dtype, quantization } = n.type(x);
  const channels = shape[0];
  const depth = elements(shape) / channels;
  const hasBias = random.int(0, 3) > 0;
  const own = quantization ? (dtype === 'uint8' && isFixedPoint(n.rounding) ? 'uint8' : random.pick(['int8', 'int8', 'int4', 'int2'] as const)) : random.pick(hybrid ? WEIGHTS : WEIGHTS.slice(0, 3));
  const realBias = (): ValueId | undefined => (hasBias ? n.constant('float32', [channels], random.reals(channels)) : undefined);
  if (own === 'float32' || own === 'float16') {
    const halves = Array.from({ length: elements(shape) }, () => random.int(-2048, 2047) / 1024);
    return { weights: n.constant(own, shape, own === 'float16' ? halves : random.reals(elements(shape))), bias: realBias() };
  }
  const perTensor = own === 'uint8' || random.int(0, 2) === 0;
  const [low, high] = { int8: [-127, 127], int4: [-8, 7], int2: [-2, 1], uint8: [0, 255] }[own as 'int8'] as [number, number];
  const scale = Array.from({ length: perTensor ? 1 : channels }, () => Math.fround(random.real(0.2, 1) / (high * Math.sqrt(depth))));
  const axis = perTensor ? {} : { axis: 0 };
  const zeroPoint = scale.map(() => (own === 'uint8' ? 120 : 0));
  const isBinary = own === 'int2' && random.int(0, 1) === 1;
  const codes = isBinary ? Array.from({ length: elements(shape) }, () => random.pick([-1, 1])) : random.codes(elements(shape), low, high);
  const weights = n.constant(own, shape, codes, { scale, zeroPoint, ...axis });
  if (!quantization) return { weights, bias: realBias() };
  const biasType: DType = dtype === 'int16' && random.int(0, 1) ? 'int64' : 'int32';
  const biasScale = { scale: scale.map((s) => Math.fround(s * quantization.scale[0])), zeroPoint: scale.map(() => 0), ...axis };
  const bias = hasBias ? n.constant(biasType, [channels], random.codes(channels, -3000, 3000), biasScale) : undefined;
  // Sums that fill the codes.
  const spread = quantization.scale[0] * scale[0] * (high / 2) * (dtype === 'int16' ? 16000 : 74) * Math.sqrt(depth) * random.real(1, 4);
  return { weights, bias, output: dtype === 'int16' ? { scale: [Math.fround(spread / 32768)], zeroPoint: [0] } : { scale: [Math.fround(spread / 128)], zeroPoint: n.quantization(dtype).zeroPoint } };
}

/** Channels of an image, and weights of its layers: output channels, channels of a group, kernel. */
const channelsOf = (n: Network, { shape }: StaticType): number => (n.layout === 'nchw' ? shape[1] : shape[shape.length - 1]);
const weightShape = (n: Network, outputs: number, perGroup: number, kernel: readonly number[]): number[] => (n.layout === 'nchw' ? [outputs, perGroup, ...kernel] : [outputs, ...kernel, perGroup]);

function windowOf(n: Network, rank: number, most = 3): { kernel: number[]; attributes: Attributes } {
  return {
    kernel: list(n, rank, 1, most),
    attributes: { layout: n.layout, strides: list(n, rank, 1, 2), pads: list(n, 2 * rank, 0, 2), dilations: n.random.int(0, 2) ? list(n, rank, 1, 1) : list(n, rank, 1, 2) },
  };
}

/** Divisors of a number. */
const divisors = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1).filter((d) => count % d === 0);

const pool = (op: string, keeps: boolean): LayerMaker => ({
  name: op,
  accepts: isImage,
  make(n, x) {
    const type = n.type(x);
    const { kernel, attributes } = windowOf(n, type.shape.length - 2);
    // A window that lies in the padding altogether has no mean.
    const pads = kernel.map((k) => n.random.int(0, k - 1));
    const own = { ...attributes, kernel, pads: [...pads, ...pads], ceilMode: n.random.int(0, 1) === 1 };
    if (keeps) return n.move(op, [x], own);
    const fixed = isFixedPoint(n.rounding) ? type.quantization : undefined;
    return n.compute(op, [x], { ...own, countPadding: n.random.int(0, 1) === 1, ...clampOf(n) }, fixed);
  },
});

export const imageLayers: readonly LayerMaker[] = [
  {
    name: 'conv',
    accepts: isImage,
    make(n, x) {
      const rank = n.type(x).shape.length - 2;
      const channels = channelsOf(n, n.type(x));
      const group = n.random.pick([1, channels, ...divisors(channels)]);
      const { kernel, attributes } = windowOf(n, rank);
      const { weights, bias, output } = weightsFor(n, x, weightShape(n, group * n.random.int(1, 3), channels / group, kernel), true);
      return n.compute('conv', [x, weights, bias], { ...attributes, group, ...clampOf(n) }, output);
    },
  },
  {
    name: 'transpose_conv',
    accepts: isImage,
    make(n, x) {
      const rank = n.type(x).shape.length - 2;
      const channels = channelsOf(n, n.type(x));
      const group = n.random.pick([1, 1, ...divisors(channels)]);
      const { kernel, attributes } = windowOf(n, rank);
      const { weights, bias, output } = weightsFor(n, x, weightShape(n, group * n.random.int(1, 2), channels / group, kernel), false);
      const outputPads = (attributes.strides as number[]).map((stride) => n.random.int(0, stride - 1));
      return n.compute('transpose_conv', [x, weights, bias], { ...attributes, outputPads, group, ...clampOf(n) }, output);
    },
  },
  {
    name: 'dense',
    accepts: (type) => type.shape.length >= 1 && (isReal(type) || isCodes(type)),
    make(n, x) {
      const { shape } = n.type(x);
      const { weights, bias, output } = weightsFor(n, x, [n.random.int(1, 9), shape[shape.length - 1]], true);
      return n.compute('dense', [x, weights, bias], { ...clampOf(n), ...(n.random.int(0, 1) ? { asymmetricInputs: true } : {}) }, output);
    },
  },
  pool('max_pool', true),
  pool('average_pool', false),
  {
    name: 'resize',
    accepts: (type) => isImage(type) && type.shape.length === 4,
    make(n, x) {
      const mode = n.random.pick(['nearest', 'linear']);
      const fixed = isFixedPoint(n.rounding);
      const coordinates = n.random.pick(fixed ? ['half_pixel', 'asymmetric', 'align_corners'] : ['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel']);
      const attributes = { layout: n.layout, sizes: list(n, 2, 1, 12), mode, coordinates, rounding: n.random.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']) };
      return mode === 'nearest' ? n.move('resize', [x], attributes) : n.compute('resize', [x], attributes, n.type(x).quantization);
    },
  },
  {
    name: 'batch_norm',
    accepts: (type) => isReal(type) && type.shape.length >= 2,
    make(n, x) {
      const { shape } = n.type(x);
      const channels = shape.length < 3 ? shape[shape.length - 1] : channelsOf(n, n.type(x));
      const vector = (low: number, high: number): ValueId => n.constant('float32', [channels], n.random.reals(channels, low, high));
      return n.compute('batch_norm', [x, vector(0.5, 2), vector(-1, 1), vector(-1, 1), vector(0.5, 2)], { layout: n.layout, epsilon: 1e-3 });
    },
  },
  {
    name: 'group_norm',
    accepts: (type) => isReal(type) && type.shape.length >= 3,
    make(n, x) {
      const channels = n.type(x).shape[1];
      const vector = (low: number): ValueId => n.constant('float32', [channels], n.random.reals(channels, low, 1));
      return n.compute('group_norm', [x, vector(-1), vector(0.5)], { groups: n.random.pick(divisors(channels)), epsilon: 0.1 });
    },
  },
];
