import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { Attributes } from '../../ir/types';
import { importWindow } from '../window';

export const convOnnx: OnnxMapping = {
  import: {
    Conv: (node) => void node.emit('conv', node.inputs, importConv(node, 0, 1)),
  },
  export(node, writer) {
    const strides = node.ints('strides');
    writer.emit('Conv', writer.inputs, writer.outputs, {
      kernel_shape: node.staticType(1).shape.slice(2),
      strides,
      dilations: node.ints('dilations', strides.map(() => 1)),
      pads: node.ints('pads', [...strides, ...strides].map(() => 0)),
      group: node.int('group', 1),
    });
  },
};

/** Attributes of a convolution whose image and weights are the given inputs. */
export function importConv(node: OnnxNode, imageInput: number, weightInput: number): Attributes {
  const weights = node.type(weightInput).shape;
  const image = node.type(imageInput).shape;
  if (!weights || weights.some((d) => d < 0)) return node.refuse('weights of unknown shape');
  if (!image) return node.refuse('an image of unknown rank');
  node.attribute('kernel_shape'); // the weights say the same
  return { ...importWindow(node, image.slice(2), weights.slice(2)), group: node.int('group', 1) };
}
