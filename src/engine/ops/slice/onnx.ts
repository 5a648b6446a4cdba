import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { normalAxis } from '../op';
import { sliceAttributes, type AxisRange } from './range';

export const sliceOnnx: OnnxMapping = {
  import: {
    Slice(node) {
      const { shape } = node.type(0);
      if (!shape) return node.refuse('an input of unknown rank');
      const begins = list(node, 1, 'starts') ?? node.refuse('no begin');
      const ends = list(node, 2, 'ends') ?? node.refuse('no end');
      const axes = list(node, 3, 'axes') ?? begins.map((_, i) => i);
      const steps = (node.opset < 10 ? undefined : list(node, 4, '')) ?? begins.map(() => 1);
      if (ends.length !== begins.length || axes.length !== begins.length || steps.length !== begins.length) return node.refuse('lists of different lengths');
      const ranges = new Map<number, AxisRange>();
      axes.forEach((given, i) => {
        const axis = normalAxis(given, shape.length);
        if (shape[axis] < 0) node.refuse('an axis of unknown extent');
        if (steps[i] === 0) node.refuse('a step of 0');
        ranges.set(axis, { begin: begins[i], end: ends[i], step: steps[i] });
      });
      node.emit('slice', [node.inputs[0]], sliceAttributes(shape, ranges));
    },
  },
  export(node, writer) {
    const [begins, counts, steps] = [node.ints('begins'), node.ints('counts'), node.ints('steps')];
    // An end before the first element has no number of its own: one far below every extent stands for it.
    const ends = begins.map((begin, i) => {
      const end = begin + counts[i] * steps[i];
      return end < 0 ? -(2 ** 31) : end;
    });
    const constant = (name: string, values: readonly number[]): string => writer.constant(name, { type: { dtype: 'int64', shape: [values.length] }, data: Float64Array.from(values) });
    const axes = begins.map((_, i) => i);
    writer.emit('Slice', [writer.inputs[0], constant('starts', begins), constant('ends', ends), constant('axes', axes), constant('steps', steps)], writer.outputs);
  },
};

/** Attributes before opset 10, inputs from then on. */
function list(node: OnnxNode, input: number, attribute: string): readonly number[] | undefined {
  if (node.opset < 10) return node.ints(attribute);
  if (node.inputs[input] === undefined) return undefined;
  const values = node.constant(input);
  return values ? Array.from(values.data) : node.refuse('positions that vary');
}
