import type { TfliteMapping } from '../../formats/tflite/mapping';
import { elementCount } from '../../ir/dtype';
import { normalAxis } from '../op';

export const reshapeTflite: TfliteMapping = {
  import: {
    RESHAPE(node) {
      const wanted = node.inputs[1] === undefined ? node.numbers('newShape') : (node.constant(1) ? node.known(1, 'extents') : undefined);
      const [stated] = node.outputTypes;
      const shape = wanted ?? stated.shape ?? node.refuse('extents that vary');
      node.emit('reshape', [node.inputs[0]], { shape: resolved(shape, node.type(0).shape) });
    },
    SQUEEZE(node) {
      const shape = node.shape(0);
      const axes = (node.numbers('squeezeDims') ?? []).map((axis) => normalAxis(axis, shape.length));
      node.emit('reshape', [node.inputs[0]], { shape: shape.filter((extent, axis) => (axes.length ? !axes.includes(axis) : extent !== 1)) });
    },
    EXPAND_DIMS(node) {
      const shape = [...node.shape(0)];
      const [axis] = node.known(1, 'axes');
      shape.splice(normalAxis(axis, shape.length + 1), 0, 1);
      node.emit('reshape', [node.inputs[0]], { shape });
    },
    PACK(node) {
      const shape = [...node.shape(0)];
      const axis = normalAxis(node.number('axis'), shape.length + 1);
      shape.splice(axis, 0, 1);
      const parts = node.inputs.map((input, i) => node.emit('reshape', [input], { shape }, { last: false, suffix: `part${i}` }));
      node.emit('concat', parts, { axis });
    },
    UNPACK(node) {
      const shape = node.shape(0);
      const axis = normalAxis(node.number('axis'), shape.length);
      const kept = shape.filter((_, i) => i !== axis);
      node.outputTypes.forEach((_, index) => {
        const begins = shape.map((__, i) => (i === axis ? index : 0));
        const counts = shape.map((extent, i) => (i === axis ? 1 : extent));
        const part = node.emit('slice', [node.inputs[0]], { begins, counts, steps: shape.map(() => 1) }, { last: false, suffix: `part${index}` });
        node.emit('reshape', [part], { shape: kept }, { output: index });
      });
    },
  },
  export(node, writer) {
    const { shape } = node.outputType();
    if (elementCount(shape) === 0) return writer.refuse('a tensor without elements');
    writer.emit('RESHAPE', [writer.inputs[0], writer.numbers('shape', shape)], writer.outputs, { newShape: shape });
  },
};

/** The extent that is left open, where it follows from the input's. */
function resolved(shape: readonly number[], from: readonly number[] | undefined): readonly number[] {
  if (!from || from.some((extent) => extent < 0) || shape.filter((extent) => extent === -1).length !== 1) return shape;
  const known = elementCount(shape.filter((extent) => extent !== -1));
  const open = known ? elementCount(from) / known : 0;
  return Number.isInteger(open) ? shape.map((extent) => (extent === -1 ? open : extent)) : shape;
}
