import { floatInfo, floatTensor, ints, nodeProto, onnxFile } from './onnx-file';
import { Random } from './random';

export interface HardModelOptions {
  /** Largest factor between channels: 1 for a model without pitfalls. */
  readonly spread: number;
  /** Added to the first layer's bias: channels that never fall below it. */
  readonly bias?: number;
  /** Bias of each score. */
  readonly scoreBias?: readonly number[];
}

export const HARD_CLASSES = 6;
const [SIZE, CHANNELS] = [8, 12];

/**
 * A small image classifier, [1, 2, 8, 8] to 6 scores: convolution, depthwise convolution, two pointwise ones, mean, dense. The
 * factor of each channel differs by up to `spread`, first one way and then back again, as batch normalization leaves them in
 * MobileNet: real numbers do not mind, codes with one scale for all channels do.
 */
export function hardModel({ spread, bias = 0, scoreBias = new Array<number>(HARD_CLASSES).fill(0) }: HardModelOptions): { bytes: Uint8Array; inputShape: readonly number[] } {
  const random = new Random(2024);
  const factors = (): number[] => Array.from({ length: CHANNELS }, (_, c) => spread ** ((c % CHANNELS) / (CHANNELS - 1) - 0.5));
  const [first, second, third] = [factors(), factors().reverse(), factors()];
  const weights = (dims: number[], gain: (out: number, into: number) => number): number[] => {
    const depth = dims.slice(1).reduce((a, b) => a * b, 1);
    const area = dims.slice(2).reduce((a, b) => a * b, 1);
    return Array.from({ length: dims[0] * depth }, (_, i) => (random.real(-1, 1) * gain(Math.floor(i / depth), Math.floor((i % depth) / area)) * 1.8) / Math.sqrt(depth));
  };
  const [c, one] = [CHANNELS, 1];
  const tensors = [
    floatTensor('w1', [c, 2, 3, 3], weights([c, 2, 3, 3], (o) => first[o])),
    floatTensor('b1', [c], first.map((f) => f * (random.real(-0.1, 0.3) + bias))),
    floatTensor('w2', [c, one, 3, 3], weights([c, one, 3, 3], (o) => second[o] / first[o])),
    floatTensor('b2', [c], second.map((f) => f * random.real(0, 0.3))),
    floatTensor('w3', [c, c, 1, 1], weights([c, c, 1, 1], (o, i) => third[o] / second[i])),
    floatTensor('b3', [c], third.map((f) => f * (random.real(0, 0.3) + bias))),
    floatTensor('w4', [c, c, 1, 1], weights([c, c, 1, 1], (_o, i) => 1 / third[i])),
    floatTensor('b4', [c], weights([c, 1], () => 0.2)),
    floatTensor('w5', [HARD_CLASSES, c], weights([HARD_CLASSES, c], () => 6)),
    floatTensor('b5', [HARD_CLASSES], [...scoreBias]),
  ];
  const pads = ints('pads', [1, 1, 1, 1]);
  const group = { name: 'group', i: CHANNELS, type: 2, ints: [], floats: [], strings: [], tensors: [], graphs: [] };
  const transposed = { ...group, name: 'transB', i: 1 };
  const conv = (x: string, n: number, out: string, attributes: typeof pads[]): ReturnType<typeof nodeProto> => ({ ...nodeProto('Conv', [x, `w${n}`, `b${n}`], [out], attributes), name: `layer${n}` });
  const bytes = onnxFile({
    node: [
      conv('x', 1, 'c1', [pads]), nodeProto('Relu', ['c1'], ['a1']),
      conv('a1', 2, 'c2', [pads, group]), nodeProto('Relu', ['c2'], ['a2']),
      conv('a2', 3, 'c3', []), nodeProto('Relu', ['c3'], ['a3']),
      conv('a3', 4, 'c4', []), nodeProto('Relu', ['c4'], ['a4']),
      nodeProto('GlobalAveragePool', ['a4'], ['p']), nodeProto('Flatten', ['p'], ['f']),
      { ...nodeProto('Gemm', ['f', 'w5', 'b5'], ['y'], [transposed]), name: 'layer5' },
    ],
    initializer: tensors,
    input: [floatInfo('x', [1, 2, SIZE, SIZE])],
    output: [floatInfo('y', [1, HARD_CLASSES])],
  });
  return { bytes, inputShape: [1, 2, SIZE, SIZE] };
}
