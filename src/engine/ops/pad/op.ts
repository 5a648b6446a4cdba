import { zeros } from '../../ir/tensor';
import { acrossAxes } from '../coupling';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { padKernels } from './kernels';
import { padOnnx } from './onnx';
import { paddingCode } from './padding-code';
import { paddedPlaces } from './places';
import { padTflite } from './tflite';

/**
 * Elements added around a tensor. Attributes: mode (constant, edge, reflect: without repeating the edge, symmetric: with it,
 * wrap), begins and ends (elements per axis, negative ones are cut off), value (real number, for mode constant).
 */
export const pad: OpDefinition = {
  name: 'pad',
  label: () => 'Pad',
  quantization: 'keeps',
  infer(node) {
    const type = node.type(0);
    const [begins, ends] = [node.ints('begins'), node.ints('ends')];
    if (!type.shape) return [type];
    if (begins.length !== type.shape.length || ends.length !== begins.length) throw new ShapeError(`pads for ${begins.length} axes of a tensor of ${type.shape.length}`);
    const shape = type.shape.map((extent, axis) => (extent < 0 ? -1 : extent + begins[axis] + ends[axis]));
    if (shape.some((extent) => !(extent >= -1))) throw new ShapeError('pads cut off more than there is');
    const reach = node.text('mode', 'constant') === 'reflect' ? 1 : 0;
    const mirrors = ['reflect', 'symmetric'].includes(node.text('mode', 'constant'));
    if (mirrors && type.shape.some((extent, axis) => extent >= 0 && Math.max(begins[axis], ends[axis]) > extent - reach)) throw new ShapeError('a mirror shows no more than the tensor');
    return [withShape(type, shape)];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const result = zeros(type);
    const filler = paddingCode(node);
    const sources = paddedPlaces(node);
    const position = type.shape.map(() => 0);
    for (let i = 0; i < result.data.length; i++) {
      let offset = 0;
      for (let axis = 0; axis < position.length && offset >= 0; axis++) {
        const at = sources[axis][position[axis]];
        offset = at < 0 ? -1 : offset + at;
      }
      result.data[i] = offset < 0 ? filler : input!.data[offset];
      for (let axis = position.length - 1; axis >= 0 && ++position[axis] === type.shape[axis]; axis--) position[axis] = 0;
    }
    return [result];
  },
  kernels: padKernels,
  coupling: acrossAxes((node) => node.ints('begins').flatMap((begin, axis) => (begin || node.ints('ends')[axis] ? [axis] : []))),
  onnx: padOnnx,
  tflite: padTflite,
};
