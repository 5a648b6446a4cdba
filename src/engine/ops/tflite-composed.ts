import type { TfliteNode } from '../formats/tflite/mapping';
import { tensorOf } from '../ir/tensor';
import type { ValueId } from '../ir/types';

/** TFLite operators that are made of other ops, or that vanish on import. */
export type TfliteImporters = Readonly<Record<string, (node: TfliteNode) => void>>;

const realOnly = (node: TfliteNode): void => {
  if (node.inputs.some((id, i) => id !== undefined && node.type(i).quantization)) node.refuse('codes');
};

const step = (node: TfliteNode, op: string, inputs: readonly (ValueId | undefined)[], attributes = {}): ValueId => node.emit(op, inputs, attributes, { last: false, suffix: op });

/** Axes of a matrix product's operand with the last two exchanged. */
function turned(node: TfliteNode, index: number): ValueId {
  const rank = node.shape(index).length;
  const permutation = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
  return step(node, 'transpose', [node.inputs[index]], { permutation });
}

export const composedTfliteImporters: TfliteImporters = {
  RSQRT(node) {
    realOnly(node);
    node.emit('reciprocal', [step(node, 'sqrt', [node.inputs[0]])]);
  },
  SQUARE(node) {
    realOnly(node);
    node.emit('mul', [node.inputs[0], node.inputs[0]]);
  },
  SQUARED_DIFFERENCE(node) {
    realOnly(node);
    const difference = step(node, 'sub', node.inputs);
    node.emit('mul', [difference, difference]);
  },
  FLOOR_DIV(node) {
    realOnly(node);
    if (node.type(0).dtype !== 'float32') return node.refuse('integers');
    node.emit('floor', [step(node, 'div', node.inputs)]);
  },
  NOT_EQUAL(node) {
    realOnly(node);
    node.emit('logical_not', [step(node, 'equal', node.inputs)]);
  },
  BATCH_MATMUL(node) {
    realOnly(node);
    node.emit('matmul', [node.flag('adjX') ? turned(node, 0) : node.inputs[0], node.flag('adjY') ? turned(node, 1) : node.inputs[1]]);
  },
  SPACE_TO_DEPTH(node) {
    const [n, h, w, c] = node.shape(0);
    const block = node.number('blockSize');
    const split = step(node, 'reshape', [node.inputs[0]], { shape: [n, h / block, block, w / block, block, c] });
    node.emit('reshape', [step(node, 'transpose', [split], { permutation: [0, 1, 3, 2, 4, 5] })], { shape: [n, h / block, w / block, c * block * block] });
  },
  DEPTH_TO_SPACE(node) {
    const [n, h, w, c] = node.shape(0);
    const block = node.number('blockSize');
    const depth = c / (block * block);
    const split = step(node, 'reshape', [node.inputs[0]], { shape: [n, h, w, block, block, depth] });
    node.emit('reshape', [step(node, 'transpose', [split], { permutation: [0, 1, 3, 2, 4, 5] })], { shape: [n, h * block, w * block, depth] });
  },
  SHAPE(node) {
    const shape = node.shape(0);
    const [{ dtype }] = node.outputTypes;
    node.alias(0, node.addConstant('shape', tensorOf({ dtype, shape: [shape.length] }, shape)));
  },
  RANK(node) {
    const [{ dtype }] = node.outputTypes;
    node.alias(0, node.addConstant('rank', tensorOf({ dtype, shape: [] }, [node.shape(0).length])));
  },
  EMBEDDING_LOOKUP(node) {
    node.emit('gather', [node.inputs[1], node.inputs[0]], { axis: 0 });
  },
};
