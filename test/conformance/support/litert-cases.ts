import { emptyData, tensorOf, type Tensor } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { ints, type TestGraph, type TestTensor } from '../../support/tflite-model';

/**
 * Models of one quantized operator each, the same every time: what no model in the shared folder holds. LiteRT ran their files
 * once; `litert-outputs.json` has the hashes of what it computed.
 */
export interface LiteRtCase {
  readonly name: string;
  readonly graph: TestGraph;
}

type Type = 'int8' | 'uint8' | 'int16' | 'int32' | 'float32';

function generator(seed: number): () => number {
  let x = seed >>> 0;
  return () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0);
}

/** Codes over the whole range of the type, floats between -512 and 512. */
function codes(next: () => number, dtype: Type, length: number): Tensor['data'] {
  const of: Readonly<Record<Type, (word: number) => number>> = {
    int8: (word) => word >> 24, uint8: (word) => word >>> 24, int16: (word) => word >> 16, int32: (word) => word >> 12, float32: (word) => (word >> 8) / 2 ** 14,
  };
  const data = emptyData(dtype, length);
  for (let i = 0; i < length; i++) data[i] = of[dtype](next());
  return data;
}

/** Inputs of three runs of a case. */
export function caseInputs(model: Model): Tensor[][] {
  const next = generator(11);
  return [0, 1, 2].map(() =>
    model.graph.inputs.map((id) => {
      const type = model.graph.values.get(id)!.type as StaticType;
      return tensorOf(type, codes(next, type.dtype as Type, type.shape.reduce((a, b) => a * b, 1)));
    }),
  );
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const list = (name: string, ...values: number[]): TestTensor => ({ name, type: 'int32', shape: [values.length], data: ints(...values) });
const tensor = (name: string, type: Type, shape: readonly number[], scale?: number, zeroPoint = 0): TestTensor => ({
  name, type, shape, ...(scale ? { scale: [Math.fround(scale)], zeroPoint: [zeroPoint] } : {}),
});

function single(name: string, op: string, inputs: readonly TestTensor[], output: TestTensor, options?: Readonly<Record<string, number>>): LiteRtCase {
  return {
    name,
    graph: {
      tensors: [...inputs, output], operators: [{ op, inputs: inputs.map((t) => t.name), outputs: [output.name], options }],
      inputs: inputs.filter((t) => !t.data).map((t) => t.name), outputs: [output.name],
    },
  };
}

/** Weights without -128, one scale per channel or one in all, and a bias in the product's scale. */
function layer(next: () => number, type: Type, shape: readonly number[], axis: number, perChannel: boolean, inputScale: number): readonly [TestTensor, TestTensor] {
  const dtype = type === 'uint8' ? 'uint8' : 'int8';
  const data = codes(next, dtype, size(shape)).map((code) => (dtype === 'int8' ? Math.max(-127, code) : code)) as Tensor['data'];
  const channels = shape[axis];
  const scale = perChannel ? Array.from({ length: channels }, (_, i) => Math.fround(0.01 + 0.002 * i)) : [Math.fround(0.013)];
  const zeroPoint = scale.map(() => (dtype === 'uint8' ? 120 : 0));
  const values = Array.from({ length: channels }, () => next() >> 22);
  const biasScale = scale.map((s) => Math.fround(s * Math.fround(inputScale)));
  return [
    { name: 'w', type: dtype, shape, data, axis: perChannel ? axis : 0, scale, zeroPoint },
    { name: 'bias', type: type === 'int16' ? 'int64' : 'int32', shape: [channels], scale: biasScale, data: type === 'int16' ? BigInt64Array.from(values.map(BigInt)) : ints(...values) },
  ];
}

export function liteRtCases(): LiteRtCase[] {
  const next = generator(7);
  return (['int8', 'int16', 'uint8'] as const).flatMap((type) => casesOf(type, next));
}

function casesOf(type: 'int8' | 'int16' | 'uint8', next: () => number): LiteRtCase[] {
  const zero = { int8: 5, int16: 0, uint8: 130 }[type];
  const scale = type === 'int16' ? 1 / 4000 : 0.05;
  const shape = [1, 4, 5, 6];
  const wide = type === 'int16';
  const a = tensor('a', type, shape, scale, zero);
  const b = tensor('b', type, shape, scale * 1.7, type === 'int8' ? -3 : zero);
  const y = (extents: readonly number[], factor: number, zeroPoint = zero): TestTensor => tensor('y', type, extents, scale * factor, zeroPoint);
  const name = (op: string): string => `${op} ${type}`;
  const unit = (op: string, argument: number, result: number, zeroPoint: number): LiteRtCase => single(name(op), op, [tensor('a', type, shape, argument, zero)], tensor('y', type, shape, result, zeroPoint));
  const window = { padding: 0, strideH: 2, strideW: 2, filterHeight: 3, filterWidth: 2 };
  const [w7, b7] = layer(next, type, [7, 3, 3, 6], 0, type !== 'uint8', scale);
  const [w12, b12] = layer(next, type, [1, 3, 3, 12], 3, type !== 'uint8', scale);
  const [w5, b5] = layer(next, type, [5, 3, 3, 6], 0, type !== 'uint8', scale);
  const same = { padding: 0, strideH: 1, strideW: 1 };
  return [
    ...['ADD', 'SUB', 'MUL'].map((op) => single(name(op), op, [a, b], y(shape, op === 'MUL' ? (wide ? 3 : 15) : 2.2, type === 'int8' ? -7 : zero), { fusedActivationFunction: 1 })),
    single(name('ADD of a row'), 'ADD', [a, tensor('b', type, [6], scale * 1.7, zero)], y(shape, 2), {}),
    single(name('LEAKY_RELU'), 'LEAKY_RELU', [a], y(shape, 0.9), { alpha: 0.13 }),
    single(name('PRELU'), 'PRELU', [a, { ...tensor('s', wide ? 'int8' : type, [1, 1, 6], 0.01, wide ? 0 : zero), data: codes(next, wide ? 'int8' : type, 6) }], y(shape, 0.8)),
    single(name('RELU'), 'RELU', [a], y(shape, 0.7, type === 'int8' ? -128 : 0)),
    single(name('MEAN'), 'MEAN', [a, list('axes', 1, 2)], y([1, 6], 0.8), {}),
    single(name('REDUCE_MAX'), 'REDUCE_MAX', [a, list('axes', 2)], y([1, 4, 6], 1), {}),
    single(name('AVERAGE_POOL_2D'), 'AVERAGE_POOL_2D', [a], y([1, 2, 3, 6], 1), { ...window, fusedActivationFunction: 1 }),
    single(name('MAX_POOL_2D'), 'MAX_POOL_2D', [a], y([1, 2, 3, 6], 1), { ...window, fusedActivationFunction: 3 }),
    unit('LOGISTIC', wide ? 0.00037 : 0.07, wide ? 1 / 32768 : 1 / 256, type === 'int8' ? -128 : 0),
    unit('TANH', wide ? 0.00037 : 0.03, wide ? 1 / 32768 : 1 / 128, type === 'uint8' ? 128 : 0),
    single(name('SOFTMAX'), 'SOFTMAX', [tensor('a', type, [5, 12], wide ? 0.0005 : 0.1, zero)], tensor('y', type, [5, 12], wide ? 1 / 32768 : 1 / 256, type === 'int8' ? -128 : 0), { beta: 1 }),
    ...(type === 'uint8' ? [] : [single(name('RESIZE_BILINEAR'), 'RESIZE_BILINEAR', [a, list('size', 7, 9)], y([1, 7, 9, 6], 1), { halfPixelCenters: 1 })]),
    single(name('RESIZE_NEAREST_NEIGHBOR'), 'RESIZE_NEAREST_NEIGHBOR', [a, list('size', 7, 3)], y([1, 7, 3, 6], 1), { alignCorners: 1 }),
    single(name('CONCATENATION'), 'CONCATENATION', [a, tensor('b', type, shape, type === 'uint8' ? scale * 1.3 : scale, zero)], y([1, 4, 10, 6], 1), { axis: -2 }),
    single(name('QUANTIZE'), 'QUANTIZE', [a], tensor('y', 'int8', shape, scale * 0.6, 5)),
    single(name('QUANTIZE of float32'), 'QUANTIZE', [tensor('a', 'float32', shape)], y(shape, 100)),
    single(name('DEQUANTIZE'), 'DEQUANTIZE', [a], tensor('y', 'float32', shape)),
    ...(wide ? [] : [single(name('HARD_SWISH'), 'HARD_SWISH', [tensor('a', type, [1, 256], 0.04, type === 'int8' ? 3 : 128)], tensor('y', type, [1, 256], 0.035, type === 'int8' ? -100 : 10))]),
    single(name('CONV_2D'), 'CONV_2D', [a, w7, b7], y([1, 4, 5, 7], 12), { ...same, fusedActivationFunction: 3 }),
    single(name('DEPTHWISE_CONV_2D'), 'DEPTHWISE_CONV_2D', [a, w12, b12], y([1, 4, 5, 12], 5), { ...same, depthMultiplier: 2 }),
    single(name('TRANSPOSE_CONV'), 'TRANSPOSE_CONV', [list('shape', 1, 8, 10, 5), w5, a, b5], y([1, 8, 10, 5], 9), { padding: 0, strideH: 2, strideW: 2 }),
  ];
}
