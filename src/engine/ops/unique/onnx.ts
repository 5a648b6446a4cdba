import type { OnnxImporters } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { elementCount } from '../../ir/dtype';
import { constantOf, reshaped, tensorOf, type Tensor } from '../../ir/tensor';
import { normalAxis } from '../op';
import { transposed } from '../transpose/op';

/** Distinct elements or slices, in order of size or of appearance: computed where the data are known. */
export const uniqueImporters: OnnxImporters = {
  Unique(node) {
    const tensor = node.constant(0);
    if (!tensor) return node.refuse('a result as long as the data say');
    const given = node.attribute('axis')?.i;
    const { shape } = tensor.type;
    const axis = given === undefined ? 0 : normalAxis(given, shape.length);
    const order = [axis, ...shape.map((_, i) => i).filter((i) => i !== axis)];
    const slices = given === undefined ? reshaped(tensor, [elementCount(shape)]) : transposed(tensor, order);
    const { first, inverse, counts } = distinct(slices, node.int('sorted', 1) === 1);
    const width = elementCount(slices.type.shape.slice(1));
    const kept = tensorOf({ dtype: tensor.type.dtype, shape: [first.length, ...slices.type.shape.slice(1)] }, first.flatMap((at) => Array.from(slices.data.subarray(at * width, (at + 1) * width))));
    const values = given === undefined ? kept : transposed(kept, order.map((_, i) => order.indexOf(i)));
    [values, int64Tensor(first), int64Tensor(inverse), int64Tensor(counts)].forEach((result, i) => node.hasOutput(i) && node.result(i, result.type, constantOf(result)));
  },
};

function distinct(slices: Tensor, sorted: boolean): { first: number[]; inverse: number[]; counts: number[] } {
  const count = slices.type.shape[0];
  const width = elementCount(slices.type.shape.slice(1));
  const slice = (i: number): number[] => Array.from(slices.data.subarray(i * width, (i + 1) * width));
  const groups = new Map<string, { first: number; members: number[] }>();
  for (let i = 0; i < count; i++) {
    const key = slice(i).join();
    const group = groups.get(key);
    if (group) group.members.push(i);
    else groups.set(key, { first: i, members: [i] });
  }
  const ordered = [...groups.values()];
  if (sorted) ordered.sort((a, b) => compare(slice(a.first), slice(b.first)));
  const inverse = new Array<number>(count);
  ordered.forEach((group, i) => group.members.forEach((member) => (inverse[member] = i)));
  return { first: ordered.map((group) => group.first), inverse, counts: ordered.map((group) => group.members.length) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}
