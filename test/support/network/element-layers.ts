import type { Attributes, StaticType, ValueId } from '../../../src/engine/ir/types';
import { isFixedPoint } from '../../../src/engine/ops/real-result';
import type { LayerMaker, Network } from './network';

const isReal = (type: StaticType): boolean => type.dtype === 'float32';
const isCodes = (type: StaticType): boolean => type.quantization !== undefined;
const isByte = (type: StaticType): boolean => type.dtype === 'int8' || type.dtype === 'uint8';
const isPlainInteger = (type: StaticType): boolean => !isReal(type) && !isCodes(type) && type.dtype !== 'bool';
const isNumber = (type: StaticType): boolean => type.dtype !== 'bool';

/** Bounds of a fused activation, now and then. */
export const clampOf = (n: Network): Attributes => n.random.pick<Attributes>([{}, {}, { clampMin: 0 }, { clampMin: 0, clampMax: 6 }, { clampMin: -0.5, clampMax: 0.75 }]);

/** The other operand: another value of the same shape, or one that broadcasts, constant or not. */
function partner(n: Network, x: ValueId, keepsShape = false): ValueId {
  const type = n.type(x);
  const alike = n.values.filter((id) => {
    const other = n.type(id);
    return other.dtype === type.dtype && (other.quantization === undefined) === (type.quantization === undefined) && other.shape.join() === type.shape.join();
  });
  if (!keepsShape && n.random.int(0, 2) === 0) return n.random.pick(alike);
  const rank = n.random.int(0, type.shape.length);
  const shape = type.shape.slice(type.shape.length - rank).map((extent) => (n.random.int(0, 2) ? extent : 1));
  const quantization = type.quantization && n.quantization(type.dtype);
  if (keepsShape || n.random.int(0, 1)) return n.constantLike({ ...type, quantization }, shape);
  return n.input(type.dtype, shape, quantization);
}

/** A partner under the same scale, for what compares codes as they are. */
function peer(n: Network, x: ValueId): ValueId {
  const type = n.type(x);
  const shape = type.shape.map((extent) => (n.random.int(0, 2) ? extent : 1));
  return n.random.int(0, 1) ? n.constantLike(type, shape) : n.input(type.dtype, shape, type.quantization);
}

/** Operands in either order. */
const inOrder = (n: Network, a: ValueId, b: ValueId): ValueId[] => (n.random.int(0, 1) ? [a, b] : [b, a]);

const arithmetic = (op: string): LayerMaker => ({
  name: op,
  accepts: (type) => isNumber(type),
  make: (n, x) => {
    const operands = inOrder(n, x, partner(n, x));
    return n.compute(op, operands, isPlainInteger(n.type(x)) ? {} : clampOf(n));
  },
});

/** Results jump: operands that differ in the last bit would give others. */
const jump = (op: string, accepts: (type: StaticType) => boolean, dtype?: 'bool'): LayerMaker => ({
  name: op,
  accepts: (type, n, x) => accepts(type) && n.isExact(x),
  make: (n, x) => n.layer(op, inOrder(n, x, peer(n, x)), {}, [dtype ? { dtype } : { quantization: n.type(x).quantization }], true),
});

const order = (op: string): LayerMaker => ({
  name: op,
  accepts: isNumber,
  make: (n, x) => n.layer(op, inOrder(n, x, peer(n, x)), {}, [{ quantization: n.type(x).quantization }], true),
});

/** A real function behind a clamp to where it is smooth. */
const smooth = (op: string, clampMin: number, clampMax: number, attributes: Attributes = {}): LayerMaker => ({
  name: op,
  accepts: isReal,
  make: (n, x) => n.compute(op, [n.compute('clamp', [x], { clampMin, clampMax })], attributes),
});

const onExact = (op: string, attributes: Attributes = {}, dtype?: 'bool'): LayerMaker => ({
  name: op,
  accepts: (type, n, x) => isReal(type) && n.isExact(x),
  make: (n, x) => n.layer(op, [x], attributes, [dtype ? { dtype } : {}], true),
});

/** An activation on real numbers or codes of 8 bits. */
const activation = (op: string, attributes: (n: Network) => Attributes = () => ({}), on16 = false): LayerMaker => ({
  name: op,
  accepts: (type, n) => isReal(type) || (isCodes(type) && (isByte(type) || (on16 && type.dtype === 'int16' && isFixedPoint(n.rounding)))),
  make: (n, x) => n.compute(op, [x], attributes(n)),
});

/** Logistic and tanh fix the scale of their results in fixed point. */
const fixedScale = (op: string, scales: Readonly<Record<string, readonly [number, number]>>): LayerMaker => ({
  name: op,
  accepts: (type, n) => isReal(type) || (isCodes(type) && (isFixedPoint(n.rounding) ? scales[type.dtype] !== undefined : isByte(type))),
  make: (n, x) => {
    const fixed = isFixedPoint(n.rounding) ? scales[n.type(x).dtype] : undefined;
    return n.compute(op, [x], {}, fixed && { scale: [fixed[0]], zeroPoint: [fixed[1]] });
  },
});

/** Where both operands are integers that C and the interpreter shift alike. */
const bits = (op: string): LayerMaker => ({ ...jump(op, (type) => type.dtype === 'int32' || type.dtype === 'uint8'), name: op, accepts: (type) => isPlainInteger(type) && type.dtype !== 'int64' });

export const elementLayers: readonly LayerMaker[] = [
  arithmetic('add'), arithmetic('sub'), arithmetic('mul'), order('min'), order('max'), jump('equal', isNumber, 'bool'), jump('less', isNumber, 'bool'), jump('less_equal', isNumber, 'bool'),
  jump('greater', isNumber, 'bool'), jump('greater_equal', isNumber, 'bool'), jump('logical_and', (type) => type.dtype === 'bool', 'bool'), jump('logical_or', (type) => type.dtype === 'bool', 'bool'),
  jump('logical_xor', (type) => type.dtype === 'bool', 'bool'), bits('bitwise_and'), bits('bitwise_or'), bits('bitwise_xor'),
  jump('mod', (type) => isReal(type) || isPlainInteger(type)), jump('fmod', (type) => isReal(type) || isPlainInteger(type)),
  {
    name: 'div',
    accepts: (type) => isReal(type) || isPlainInteger(type),
    make(n, x) {
      if (!isReal(n.type(x))) return n.compute('div', [x, peer(n, x)]);
      return n.compute('div', [x, n.compute('clamp', [partner(n, x)], { clampMin: 0.5, clampMax: 3 })]);
    },
  },
  { name: 'pow', accepts: isReal, make: (n, x) => n.compute('pow', [n.compute('clamp', [x], { clampMin: 0.3, clampMax: 2 }), n.constant('float32', [], [n.random.real(-2, 3)])]) },
  {
    name: 'prelu',
    accepts: (type) => isReal(type) || isCodes(type),
    make: (n, x) => n.compute('prelu', [x, partner(n, x, true)]),
  },
  { name: 'clamp', accepts: (type) => isReal(type) || isCodes(type), make: (n, x) => n.move('clamp', [x], { clampMin: -n.random.real(0, 1), ...(n.random.int(0, 1) ? { clampMax: n.random.real(0, 2) } : {}) }) },
  activation('hard_swish'), activation('leaky_relu', (n) => ({ alpha: n.random.real(-0.2, 0.4) }), true),
  fixedScale('sigmoid', { int8: [1 / 256, -128], int16: [1 / 32768, 0] }), fixedScale('tanh', { int8: [1 / 128, 0], int16: [1 / 32768, 0] }),
  smooth('acos', -0.9, 0.9), smooth('acosh', 1.2, 4), smooth('asin', -0.9, 0.9), smooth('asinh', -9, 9), smooth('atan', -9, 9), smooth('atanh', -0.9, 0.9), smooth('celu', -3, 3, { alpha: 1.5 }),
  smooth('cos', -9, 9), smooth('cosh', -3, 3), smooth('elu', -3, 3, { alpha: 0.7 }), smooth('erf', -4, 4), smooth('exp', -3, 3), smooth('gelu', -4, 4, { approximate: 'none' }),
  { ...smooth('gelu', -4, 4, { approximate: 'tanh' }), name: 'gelu_tanh' }, smooth('hard_sigmoid', -4, 4, { alpha: 0.3, beta: 0.4 }), smooth('log', 0.1, 5), smooth('mish', -4, 4),
  smooth('neg', -50, 50), smooth('abs', -50, 50), smooth('reciprocal', 0.3, 4), smooth('selu', -3, 3, { alpha: 1.6732631921768188, gamma: 1.0507010221481323 }), smooth('sin', -9, 9), smooth('sinh', -3, 3),
  smooth('softplus', -9, 9), smooth('softsign', -9, 9), smooth('sqrt', 0.1, 9), smooth('swish', -9, 9, { alpha: 1.3 }), smooth('tan', -1.2, 1.2),
  onExact('ceil'), onExact('floor'), onExact('round'), onExact('sign'), onExact('shrink', { bias: 0.2, lambd: 0.6 }), onExact('thresholded_relu', { alpha: 0.4 }), onExact('is_nan', {}, 'bool'),
  onExact('is_inf', { detect_negative: 1, detect_positive: 1 }, 'bool'),
  { name: 'logical_not', accepts: (type) => type.dtype === 'bool', make: (n, x) => n.layer('logical_not', [x], {}, [{ dtype: 'bool' }], true) },
  { name: 'integer_abs', accepts: isPlainInteger, make: (n, x) => n.layer(n.random.pick(['abs', 'neg', 'sign', 'bitwise_not']), [x], {}, [{}], true) },
  {
    name: 'cast',
    accepts: (type, n, x) => !isCodes(type) && n.isExact(x),
    make(n, x) {
      const to = n.random.pick(['float32', 'int32', 'int64', 'bool', 'int8', 'int16', 'uint8'] as const);
      return n.layer('cast', [n.type(x).dtype === 'float32' ? n.move('clamp', [x], { clampMin: 0, clampMax: 90 }) : x], { to }, [{ dtype: to }], true);
    },
  },
  {
    name: 'where',
    accepts: (type) => isNumber(type),
    make(n, x) {
      const type = n.type(x);
      const shape = type.shape.map((extent) => (n.random.int(0, 1) ? extent : 1));
      const conditions = n.values.filter((id) => n.type(id).dtype === 'bool' && n.type(id).shape.join() === type.shape.join());
      const condition = conditions.length ? n.random.pick(conditions) : n.input('bool', shape);
      return n.layer('where', [condition, ...inOrder(n, x, peer(n, x))], {}, [{ dtype: type.dtype, quantization: type.quantization }], true);
    },
  },
];
