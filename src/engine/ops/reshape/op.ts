import { elementCount } from '../../ir/dtype';
import { reshaped } from '../../ir/tensor';
import { keepsChannels } from '../channels';
import { reshaping } from '../coupling';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { reshapeOnnx } from './onnx';
import { reshapeTflite } from './tflite';
import { viewGradient } from '../moving-gradients';

/** The same elements under another shape. Attribute: shape, with at most one -1 for what is left over. */
export const reshape: OpDefinition = {
  name: 'reshape',
  label: () => 'Reshape',
  quantization: 'keeps',
  isView: true,
  infer(node) {
    const type = node.type(0);
    const shape = [...node.ints('shape')];
    const open = shape.indexOf(-1);
    const known = elementCount(shape.filter((d) => d !== -1));
    if (!type.shape || type.shape.some((d) => d < 0)) return [withShape(type, shape)];
    const total = elementCount(type.shape);
    if (open >= 0) shape[open] = known ? total / known : 0;
    if (elementCount(shape) !== total || shape.some((d) => !Number.isInteger(d) || d < 0)) throw new ShapeError(`${type.shape.join('×')} cannot become ${node.ints('shape').join('×')}`);
    if (type.quantization?.block && shape.join() !== type.shape.join()) throw new ShapeError('weights with scales in blocks keep their shape');
    return [withShape(type, shape)];
  },
  evaluate: (node, [input]) => [reshaped(input!, node.outputType().shape)],
  channels: {
    ...keepsChannels((node) => node.staticType(0).shape.at(-1) === node.outputType().shape.at(-1)),
    without: (node, { keptOutputs }) => ({ attributes: { shape: [...node.outputType().shape.slice(0, -1), keptOutputs.length] } }),
  },
  coupling: reshaping,
  gradient: viewGradient,
  onnx: reshapeOnnx,
  tflite: reshapeTflite,
};
