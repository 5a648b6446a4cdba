import type { GraphEditor } from '../../ir/edit';
import { zeros } from '../../ir/tensor';
import type { Origin, ValueId } from '../../ir/types';
import { input, joinRange, output } from '../coupling';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { runStart } from '../ranges';
import { sliceKernels } from './kernels';
import { sliceOnnx } from './onnx';
import { sliceTflite } from './tflite';

/**
 * Every `steps`-th element of each axis, from `begins`. Attributes, one number per axis of the input: begins, counts (elements
 * taken), steps (negative: backwards). Formats' open ends, negative positions and clamps are resolved on import.
 */
export const slice: OpDefinition = {
  name: 'slice',
  label: () => 'Slice',
  quantization: 'keeps',
  infer(node) {
    const type = node.type(0);
    const [begins, counts, steps] = [node.ints('begins'), node.ints('counts'), node.ints('steps')];
    if (!type.shape) return [type];
    const rank = type.shape.length;
    if ([begins, counts, steps].some((list) => list.length !== rank)) throw new ShapeError(`a slice of ${begins.length} axes of a tensor of ${rank}`);
    type.shape.forEach((extent, axis) => {
      const last = begins[axis] + (counts[axis] - 1) * steps[axis];
      const inside = (at: number): boolean => Number.isInteger(at) && at >= 0 && (extent < 0 || at < extent);
      if (counts[axis] < 0 || (counts[axis] > 0 && (!inside(begins[axis]) || !inside(last)))) throw new ShapeError(`a slice leaves axis ${axis} of extent ${extent}`);
    });
    return [withShape(type, counts)];
  },
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const { shape } = input!.type;
    const [begins, counts, steps] = [node.ints('begins'), node.ints('counts'), node.ints('steps')];
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const position = counts.map(() => 0);
    let at = begins.reduce((sum, begin, axis) => sum + begin * strides[axis], 0);
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = input!.data[at];
      for (let axis = counts.length - 1; axis >= 0; axis--) {
        at += steps[axis] * strides[axis];
        if (++position[axis] < counts[axis]) break;
        at -= steps[axis] * strides[axis] * counts[axis];
        position[axis] = 0;
      }
    }
    return [result];
  },
  ranges(node) {
    if (node.isConstant(0) || node.ints('steps').some((step, axis) => step !== 1 && node.ints('counts')[axis] !== 1)) return undefined;
    return { parts: 'outputs', at: [runStart(node.staticType(0), node.ints('begins'), node.ints('counts'))] };
  },
  sinkTranspose(node, permutation) {
    const turned = (name: string): number[] => {
      const list = node.ints(name);
      const result = [...list];
      permutation.forEach((axis, i) => (result[axis] = list[i]));
      return result;
    };
    return { begins: turned('begins'), counts: turned('counts'), steps: turned('steps') };
  },
  kernels: sliceKernels,
  coupling: {
    join(node, entries) {
      const [begins, counts, steps] = [node.ints('begins'), node.ints('counts'), node.ints('steps')];
      const { shape } = node.staticType(0);
      counts.forEach((count, axis) => {
        if (begins[axis] === 0 && count === shape[axis] && steps[axis] === 1) joinRange(entries, input(0, axis), output(axis), count);
      });
    },
    resized: (node) => ({ counts: node.outputType().shape }),
  },
  onnx: sliceOnnx,
  tflite: sliceTflite,
};

/** Adds a node that takes a box out of a value; the result has the node's name. */
export function addSlice(editor: GraphEditor, name: string, input: ValueId, begins: readonly number[], counts: readonly number[], origin: readonly Origin[]): ValueId {
  const output = editor.addValue(name, withShape(editor.value(input).type, counts));
  editor.addNode({ op: slice.name, name, inputs: [input], outputs: [output], attributes: { begins, counts, steps: counts.map(() => 1) }, origin });
  return output;
}
