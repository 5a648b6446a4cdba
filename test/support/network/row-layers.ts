import type { Quantization, StaticType, ValueId } from '../../../src/engine/ir/types';
import { isFixedPoint } from '../../../src/engine/ops/real-result';
import type { LayerMaker, Network } from './network';

const isReal = (type: StaticType): boolean => type.dtype === 'float32' && type.shape.length > 0;
const isCodes = (type: StaticType): boolean => type.quantization !== undefined && type.shape.length > 0;
const axisOf = (n: Network, x: ValueId): number => n.random.int(-n.type(x).shape.length, n.type(x).shape.length - 1);
const SHARES: Readonly<Record<string, Quantization>> = { int8: { scale: [1 / 256], zeroPoint: [-128] }, uint8: { scale: [1 / 256], zeroPoint: [0] }, int16: { scale: [1 / 32768], zeroPoint: [0] } };

const vector = (n: Network, shape: readonly number[], low = -1, high = 1): ValueId => n.constant('float32', shape, n.random.reals(shape.reduce((a, b) => a * b, 1), low, high));

const extreme = (op: string): LayerMaker => ({
  name: op,
  accepts: (type, n, x) => type.shape.length > 0 && n.isExact(x) && type.dtype !== 'bool',
  make: (n, x) => n.layer(op, [x], { axis: axisOf(n, x), keepAxis: n.random.int(0, 1) === 1, selectLast: n.random.int(0, 1) === 1 }, [{ dtype: 'int64' }], true),
});

const rowwise = (op: string, attributes: Readonly<Record<string, number | boolean>> = {}): LayerMaker => ({
  name: op, accepts: isReal, make: (n, x) => n.compute(op, [x], { axis: axisOf(n, x), ...attributes }),
});

/** Recurrent layers of ONNX, one direction or two. */
const recurrent = (op: string, gates: number): LayerMaker => ({
  name: op,
  accepts: (type) => isReal(type) && type.shape.length === 3,
  make(n, x) {
    const [a, b, features] = n.type(x).shape;
    const batchFirst = n.random.int(0, 1) === 1;
    const direction = n.random.pick(['forward', 'reverse', 'bidirectional']);
    const directions = direction === 'bidirectional' ? 2 : 1;
    const hidden = n.random.int(1, 4);
    const batch = batchFirst ? a : b;
    const names = op === 'gru' ? ['Sigmoid', 'Tanh'] : [n.random.pick(['Tanh', 'Relu', 'Affine'])];
    const initial = n.random.int(0, 1) ? (n.random.int(0, 1) ? vector : (m: Network, shape: readonly number[]): ValueId => m.input('float32', shape))(n, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]) : undefined;
    const inputs = [
      x, vector(n, [directions, gates * hidden, features]), vector(n, [directions, gates * hidden, hidden], -0.5, 0.5),
      n.random.int(0, 1) ? vector(n, [directions, 2 * gates * hidden]) : undefined, undefined, initial,
    ];
    const attributes = {
      direction, activations: Array.from({ length: directions }, () => names).flat(), hidden, batchFirst, ...(n.random.int(0, 1) ? { clip: 1.5 } : {}), ...(op === 'gru' ? { resetsAfter: n.random.int(0, 1) === 1 } : {}),
    };
    return n.layer(op, inputs, attributes, [{}, {}]);
  },
});

export const rowLayers: readonly LayerMaker[] = [
  {
    name: 'softmax',
    accepts: (type, n) => isReal(type) || (isCodes(type) && (isFixedPoint(n.rounding) || type.dtype !== 'int16')),
    make: (n, x) => n.compute('softmax', [x], { axis: axisOf(n, x) }, SHARES[n.type(x).dtype]),
  },
  rowwise('log_softmax'), rowwise('cum_sum', { exclusive: false, reverse: true }), rowwise('cum_prod', { exclusive: true, reverse: false }), rowwise('lp_norm', { order: 2 }),
  extreme('arg_max'), extreme('arg_min'),
  {
    name: 'reduce',
    accepts: (type) => type.shape.length > 0 && (isReal(type) || isCodes(type)),
    make(n, x) {
      const { shape, quantization } = n.type(x);
      const axes = shape.map((_, axis) => axis).filter(() => n.random.int(0, 1));
      const mode = n.random.pick(quantization ? ['mean', 'sum', 'max', 'min'] : ['mean', 'sum', 'max', 'min', 'prod', 'l1', 'l2', 'sum_square', 'log_sum_of_positive']);
      const keepDims = n.random.int(0, 1) === 1;
      if (mode === 'log_sum_of_positive') return n.compute('reduce', [n.compute('clamp', [x], { clampMin: 0.2 })], { mode: 'log_sum', axes, keepDims });
      const isOrder = mode === 'max' || mode === 'min';
      return isOrder ? n.move('reduce', [x], { mode, axes, keepDims }) : n.compute('reduce', [x], { mode, axes, keepDims });
    },
  },
  {
    // With a bias: rows of equal numbers would leave nothing but rounding.
    name: 'layer_norm',
    accepts: isReal,
    make(n, x) {
      const { shape } = n.type(x);
      const axis = n.random.int(0, shape.length - 1);
      const own = shape.slice(axis);
      return n.compute('layer_norm', [x, vector(n, own), vector(n, own, 0.5, 1)], { axis, epsilon: 0.1 });
    },
  },
  {
    name: 'rms_norm',
    accepts: isReal,
    make(n, x) {
      const { shape } = n.type(x);
      const axis = n.random.int(0, shape.length - 1);
      return n.compute('rms_norm', [x, vector(n, shape.slice(axis))], { axis, epsilon: 0.1 });
    },
  },
  {
    name: 'matmul',
    accepts: (type) => isReal(type),
    make(n, x) {
      const { shape } = n.type(x);
      const depth = shape[shape.length - 1];
      const right = n.random.pick([[depth, n.random.int(1, 5)], ...(shape.length > 2 ? [[...shape.slice(0, -2).map((d) => (n.random.int(0, 1) ? d : 1)), depth, 3]] : []), [depth]]);
      const other = n.random.int(0, 1) ? vector(n, right) : n.input('float32', right);
      const left = shape.length > 1 && n.random.int(0, 2) === 0;
      return left ? n.compute('matmul', [vector(n, [3, shape[shape.length - 2]]), x]) : n.compute('matmul', [x, other]);
    },
  },
  {
    name: 'quantize',
    accepts: (type) => isReal(type),
    make(n, x) {
      // Codes are made of numbers that every computation gives alike.
      const source = n.isExact(x) ? x : n.input('float32', n.type(x).shape);
      const dtype = n.random.pick(['int8', 'uint8', 'int16'] as const);
      return n.layer('quantize', [source], {}, [{ dtype, quantization: n.quantization(dtype) }], true);
    },
  },
  { name: 'dequantize', accepts: isCodes, make: (n, x) => n.layer('dequantize', [x], {}, [{ dtype: 'float32' }], true) },
  {
    name: 'requantize',
    accepts: isCodes,
    make(n, x) {
      const dtype = n.random.pick(['int8', 'uint8', 'int16'] as const);
      return n.layer('quantize', [x], {}, [{ dtype, quantization: n.quantization(dtype) }]);
    },
  },
  recurrent('gru', 3), recurrent('rnn', 1),
  {
    name: 'lstm',
    accepts: (type) => isReal(type) && type.shape.length === 3,
    make(n, x) {
      const [a, b, width] = n.type(x).shape;
      const units = n.random.int(1, 4);
      const timeMajor = n.random.int(0, 1) === 1;
      const state = [timeMajor ? b : a, units];
      const [hidden, cell] = n.random.int(0, 1) ? [vector(n, state), vector(n, state)] : [n.remembered(state), n.remembered(state)];
      const bias = n.random.int(0, 1) ? vector(n, [4 * units]) : undefined;
      const results = n.layer('lstm', [x, vector(n, [4 * units, width]), vector(n, [4 * units, units], -0.5, 0.5), bias, hidden, cell], { timeMajor, reverse: n.random.int(0, 1) === 1, cellClip: n.random.pick([0, 0, 0.7]) }, [{}, {}, {}]);
      n.remember([hidden, cell], results.slice(1));
      return results;
    },
  },
  {
    name: 'svdf',
    accepts: (type) => isReal(type) && type.shape.length === 2,
    make(n, x) {
      const [batch, width] = n.type(x).shape;
      const [rank, units, memory] = [n.random.int(1, 2), n.random.int(1, 4), n.random.int(2, 5)];
      const filters = rank * units;
      const state = n.remembered([batch, filters * memory]);
      const results = n.layer('svdf', [x, vector(n, [filters, width]), vector(n, [filters, memory]), n.random.int(0, 1) ? vector(n, [units]) : undefined, state], { rank }, [{}, {}]);
      n.remember([state], results.slice(1));
      return results.slice(0, 1);
    },
  },
];
