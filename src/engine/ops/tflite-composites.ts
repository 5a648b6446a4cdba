import type { TfliteImporters } from '../formats/tflite/mapping';
import { emptyData, tensorOf, zeros } from '../ir/tensor';
import type { ValueId } from '../ir/types';
import { broadcastShape } from './broadcast';
import { normalAxis } from './op';
import { importTflitePool } from './pool';

/** TFLite operators that are made of other ops, for real numbers, or that only look at shapes. */
export const compositeImporters: TfliteImporters = {
  SQUARE(node) {
    node.needReal();
    node.emit('mul', [node.inputs[0], node.inputs[0]]);
  },
  SQUARED_DIFFERENCE(node) {
    node.needReal();
    const difference = node.step('sub', node.inputs.slice(0, 2));
    node.emit('mul', [difference, difference]);
  },
  RSQRT(node) {
    node.needReal();
    node.emit('reciprocal', [node.step('sqrt', [node.inputs[0]])]);
  },
  FLOOR_DIV(node) {
    node.needReal();
    if (node.type(0).dtype !== 'float32') {
      // Without its remainder, which has the divisor's sign, the dividend is a multiple.
      const rest = node.step('mod', node.inputs.slice(0, 2));
      return void node.emit('div', [node.step('sub', [node.inputs[0], rest]), node.inputs[1]]);
    }
    node.emit('floor', [node.step('div', node.inputs.slice(0, 2))]);
  },
  NOT_EQUAL(node) {
    node.needOneScale();
    node.emit('logical_not', [node.step('equal', node.inputs.slice(0, 2))]);
  },
  ADD_N(node) {
    node.needReal();
    const inputs = node.inputs.filter((id): id is ValueId => id !== undefined);
    if (inputs.length < 2) return inputs.length ? node.alias(0, inputs[0]) : node.refuse('no operands');
    const first = inputs.slice(1, -1).reduce((left, right) => node.step('add', [left, right]), inputs[0]);
    node.emit('add', [first, inputs[inputs.length - 1]]);
  },
  L2_NORMALIZATION(node) {
    node.needReal();
    const rank = node.shape(0).length;
    const square = node.step('mul', [node.inputs[0], node.inputs[0]]);
    const sum = node.step('reduce', [square], { mode: 'sum', keepDims: true, axes: [rank - 1] });
    // Source: TFLite reference_ops L2Normalization, epsilon.
    const floor = node.step('max', [sum, node.addConstant('epsilon', tensorOf({ dtype: 'float32', shape: [1] }, [1e-6]))]);
    node.emitActivated('div', [node.inputs[0], node.step('sqrt', [floor])]);
  },
  REVERSE_V2(node) {
    const shape = node.shape(0);
    const axes = new Set(node.known(1, 'axes').map((axis) => normalAxis(axis, shape.length)));
    if (shape.some((extent) => extent === 0)) node.refuse('a tensor without elements');
    node.emit('slice', [node.inputs[0]], {
      begins: shape.map((extent, axis) => (axes.has(axis) ? extent - 1 : 0)), counts: shape, steps: shape.map((_, axis) => (axes.has(axis) ? -1 : 1)),
    });
  },
  SHAPE(node) {
    const shape = node.shape(0);
    node.alias(0, node.addConstant('shape', tensorOf({ dtype: node.outputTypes[0].dtype, shape: [shape.length] }, shape)));
  },
  RANK(node) {
    node.alias(0, node.addConstant('rank', tensorOf({ dtype: 'int32', shape: [] }, [node.shape(0).length])));
  },
  FILL(node) {
    node.needOneScale();
    node.emit('expand', [node.inputs[1]], { shape: node.known(0, 'extents') });
  },
  ZEROS_LIKE(node) {
    node.emit('expand', [node.addConstant('zero', zeros({ dtype: node.type(0).dtype, shape: [] }))], { shape: node.shape(0) });
  },
  RANGE(node) {
    const [start, limit, delta] = [0, 1, 2].map((i) => (node.constant(i) ?? node.refuse('bounds that vary')).data[0]);
    const { dtype } = node.outputTypes[0];
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (delta === 0 || !(count <= MAX_RANGE)) return node.refuse('a range without end');
    const values = emptyData(dtype, count);
    // The runtime adds step after step in the result's own type. Source: TFLite range.cc, GetSize and Eval.
    for (let i = 0; i < count; i++) values[i] = i === 0 ? start : values[i - 1] + delta;
    node.alias(0, node.addConstant('range', { type: { dtype, shape: [count] }, data: values }));
  },
  BROADCAST_ARGS(node) {
    const shape = broadcastShape(node.known(0, 'extents'), node.known(1, 'extents'));
    node.alias(0, node.addConstant('shape', tensorOf({ dtype: node.outputTypes[0].dtype, shape: [shape.length] }, shape)));
  },
  // Sparse constants are dense here from the start.
  DENSIFY: (node) => node.alias(0, node.inputs[0] ?? node.refuse('no input')),
  L2_POOL_2D(node) {
    node.needReal();
    const square = node.step('mul', [node.inputs[0], node.inputs[0]]);
    node.emitActivated('sqrt', [node.step('average_pool', [square], importTflitePool(node))]);
  },
};

/** Elements that a range of three numbers may have. */
const MAX_RANGE = 2 ** 20;
