import { ShapeError, type OpDefinition } from '../op';
import { forEachPosition } from '../gather/indices';
import { elementCount } from '../../ir/dtype';

/**
 * The first input with a block of it replaced by the second, from a place on that the third gives; the place is moved so that the
 * block lies inside. All have the same number of axes. Source: TFLite dynamic_update_slice.cc, ClampStartIndices.
 */
export const updateSlice: OpDefinition = {
  name: 'update_slice',
  needs: 3,
  label: () => 'Update slice',
  infer(node) {
    const [whole, block, place] = [0, 1, 2].map((i) => node.type(i).shape);
    if (whole && block && (whole.length !== block.length || block.some((extent, axis) => extent > whole[axis] && whole[axis] >= 0))) throw new ShapeError(`a block of ${block.join('×')} in ${whole.join('×')}`);
    if (whole && place && (place.length !== 1 || place[0] !== whole.length)) throw new ShapeError(`a place of ${place.join('×')} numbers for ${whole.length} axes`);
    return [node.type(0)];
  },
  evaluate(_node, [whole, block, place]) {
    const { shape } = whole!.type;
    const starts = shape.map((extent, axis) => Math.min(Math.max(0, place!.data[axis]), extent - block!.type.shape[axis]));
    const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
    const data = whole!.data.slice();
    forEachPosition(block!.type.shape, (position, i) => {
      data[position.reduce((at, k, axis) => at + (k + starts[axis]) * strides[axis], 0)] = block!.data[i];
    });
    return [{ type: whole!.type, data }];
  },
  tflite: {
    import: {
      DYNAMIC_UPDATE_SLICE(node) {
        node.needOneScale();
        node.emit('update_slice', node.inputs);
      },
    },
    export: (_node, writer) => writer.emit('DYNAMIC_UPDATE_SLICE', writer.inputs, writer.outputs),
  },
};
