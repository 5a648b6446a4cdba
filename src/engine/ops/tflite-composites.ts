import type { TfliteImporters } from '../formats/tflite/mapping';
import { tensorOf } from '../ir/tensor';
import type { ValueId } from '../ir/types';
import { normalAxis } from './op';

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
    if (node.type(0).dtype !== 'float32') node.refuse('a quotient of integers');
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
};
