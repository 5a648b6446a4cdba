import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { sliceAttributes, type AxisRange } from './range';

export const sliceTflite: TfliteMapping = {
  import: {
    STRIDED_SLICE: importStridedSlice,
    SLICE(node) {
      const shape = node.shape(0);
      const begins = node.known(1, 'positions');
      const sizes = node.known(2, 'sizes');
      if (begins.length !== shape.length || sizes.length !== shape.length) node.refuse('lists of different lengths');
      const counts = sizes.map((size, axis) => (size < 0 ? shape[axis] - begins[axis] : size));
      node.emit('slice', [node.inputs[0]], { begins, counts, steps: shape.map(() => 1) });
    },
  },
  export(node, writer) {
    const [begins, counts, steps] = [node.ints('begins'), node.ints('counts'), node.ints('steps')];
    const ends = begins.map((begin, axis) => begin + counts[axis] * steps[axis]);
    // An end before the first element has no number of its own: the mask says that there is none.
    const endMask = ends.reduce((mask, end, axis) => (end < 0 ? mask | (1 << axis) : mask), 0);
    writer.emit('STRIDED_SLICE', [writer.inputs[0], writer.numbers('begin', begins), writer.numbers('end', ends), writer.numbers('strides', steps)], writer.outputs, { endMask });
  },
};

/** Source: tensorflow/core/ops, StridedSlice; bit i of a mask is about entry i of the lists. */
function importStridedSlice(node: TfliteNode): void {
  const shape = node.shape(0);
  const [begins, ends, steps] = [node.known(1, 'positions'), node.known(2, 'positions'), node.known(3, 'steps')];
  const has = (mask: string, entry: number): boolean => ((node.number(mask) >> entry) & 1) === 1;
  if (ends.length !== begins.length || steps.length !== begins.length || begins.length > 31) node.refuse('lists of different lengths');
  if (steps.some((step) => step === 0)) node.refuse('a step of 0');
  const entries = begins.map((_, i) => i);
  const taken = entries.filter((i) => !has('ellipsisMask', i) && !has('newAxisMask', i)).length;
  const ranges = new Map<number, AxisRange>();
  const result: ((counts: readonly number[]) => readonly number[])[] = [];
  let axis = 0;
  for (const i of entries) {
    if (has('ellipsisMask', i)) {
      for (const end = axis + shape.length - taken; axis < end; ) result.push(keeps(axis++));
      continue;
    }
    if (has('newAxisMask', i)) {
      result.push(() => [1]);
      continue;
    }
    const extent = shape[axis] ?? node.refuse('more positions than axes');
    const step = steps[i];
    const begin = has('beginMask', i) ? (step > 0 ? 0 : extent - 1) : begins[i];
    const stop = node.flag('offset') ? begin + ends[i] : ends[i];
    if (has('shrinkAxisMask', i)) {
      const at = begin < 0 ? begin + extent : begin;
      ranges.set(axis, { begin: at, end: at + 1, step: 1 });
    } else {
      ranges.set(axis, { begin, end: has('endMask', i) ? (step > 0 ? extent : -extent - 1) : stop, step });
      result.push(keeps(axis));
    }
    axis++;
  }
  for (; axis < shape.length; axis++) result.push(keeps(axis));
  const attributes = sliceAttributes(shape, ranges);
  const counts = attributes.counts as readonly number[];
  const wanted = result.flatMap((extents) => extents(counts));
  if (wanted.join() === counts.join()) return void node.emit('slice', [node.inputs[0]], attributes);
  const part = node.emit('slice', [node.inputs[0]], attributes, { last: false, suffix: 'slice' });
  node.emit('reshape', [part], { shape: wanted });
}

const keeps = (axis: number) => (counts: readonly number[]): readonly number[] => [counts[axis]];
