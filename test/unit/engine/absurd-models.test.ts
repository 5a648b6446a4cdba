import assert from 'node:assert/strict';
import { isas } from '../../../src/engine/codegen/kernel';
import { modelFile, node, port, tensor, type ModelParts } from '../../support/onnx-builder';
import { readDamaged } from '../../support/onnx-fuzz';

const MILLION = 2 ** 20;

/** Well-formed files that no exporter writes; each once ended in an internal error, or in no time. */
const models: Readonly<Record<string, ModelParts>> = {
  'a pool over a type that has no lowest code': {
    nodes: [node('MaxPool', ['x'], ['y'], { kernel_shape: [2, 2] })], inputs: [port('x', [1, 1, 4, 4], 'int64')], outputs: [port('y', [1, 1, 3, 3], 'int64')],
  },
  'a place outside of what is gathered from': {
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: 1 })], initializers: [tensor('i', 'int64', [2], [0, 1])], inputs: [port('x', [1, 1, 4])], outputs: [port('y', [1, 2, 4])],
  },
  'layers with more channels than an array may have elements': {
    nodes: [node('Flatten', ['x'], ['f']), node('Relu', ['f'], ['r']), node('MaxPool', ['x'], ['y'], { kernel_shape: [1, 1] })],
    inputs: [port('x', [1, 2 ** 31, 8, 8])], outputs: [port('r', [1, 2 ** 37]), port('y', [1, 2 ** 31, 8, 8])],
  },
  'a convolution over more pixels than there is memory': {
    nodes: [node('Conv', ['x', 'w'], ['y'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })], initializers: [tensor('w', 'float32', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])],
    inputs: [port('x', [1, 1, MILLION, MILLION])], outputs: [port('y', [1, 1, MILLION, MILLION])],
  },
  'a normalization whose shift has one element': {
    nodes: [node('Conv', ['x', 'w'], ['c'], { kernel_shape: [1, 1] }), node('BatchNormalization', ['c', 's', 'b', 's', 's'], ['y'])],
    initializers: [tensor('w', 'float32', [8, 1, 1, 1], new Array(8).fill(1)), tensor('s', 'float32', [8], new Array(8).fill(1)), tensor('b', 'float32', [1], [1])],
    inputs: [port('x', [1, 1, 4, 4])], outputs: [port('y', [1, 8, 4, 4])],
  },
  'recurrent weights with two axes': {
    nodes: [node('GRU', ['x', 'w', 'r'], ['y'], { hidden_size: 2 })], initializers: [tensor('w', 'float32', [1, 6, 3], new Array(18).fill(1)), tensor('r', 'float32', [6, 2], new Array(12).fill(1))],
    inputs: [port('x', [5, 1, 3])], outputs: [port('y', [5, 1, 1, 2])],
  },
};

describe('absurd models are read or refused, for every instruction set', () => {
  for (const [name, parts] of Object.entries(models)) {
    it(name, () => isas.forEach((isa) => assert.equal(readDamaged(modelFile(parts), 'absurd', isa), undefined, isa)));
  }
});
