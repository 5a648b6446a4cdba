import type { OnnxImporters } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { elementCount } from '../../ir/dtype';
import { constantOf } from '../../ir/tensor';
import { forEachPosition } from '../gather/indices';

/** Ops whose result is as long as their input's content says: computed where that is known. */
export const dataDependentImporters: OnnxImporters = {
  Compress(node) {
    const axis = node.attribute('axis')?.i;
    const places = node.integers(1, 'a condition').flatMap((keep, i) => (keep ? [i] : []));
    const data = axis === undefined ? node.step('reshape', [node.inputs[0]], { shape: [elementCount(node.known(0).shape)] }) : node.inputs[0]!;
    node.emit('gather', [data, node.addConstant('places', int64Tensor(places))], { axis: axis ?? 0 });
  },
  NonZero(node) {
    const tensor = node.constant(0);
    if (!tensor) return node.refuse('a result as long as the data say');
    const rank = tensor.type.shape.length;
    const found: number[][] = [];
    forEachPosition(tensor.type.shape, (position, i) => void (tensor.data[i] && found.push([...position])));
    const places = int64Tensor(Array.from({ length: rank }, (_, axis) => found.map((position) => position[axis])).flat(), [rank, found.length]);
    node.result(0, places.type, constantOf(places));
  },
};
