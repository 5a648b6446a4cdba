import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { ValueId } from '../../ir/types';

export const transposeConvOnnx: OnnxMapping = {
  import: {
    ConvTranspose(node) {
      const weights = node.type(1).shape;
      const image = node.type(0).shape;
      if (!weights || weights.some((d) => d < 0)) return node.refuse('weights of unknown shape');
      if (!image) return node.refuse('an image of unknown rank');
      const kernel = weights.slice(2);
      const group = node.int('group', 1);
      const strides = node.ints('strides') ?? kernel.map(() => 1);
      const dilations = node.ints('dilations') ?? kernel.map(() => 1);
      const outputPads = [...(node.ints('output_padding') ?? kernel.map(() => 0))];
      const pads = padsOf(node, image.slice(2), kernel, strides, dilations, outputPads);
      node.emit('transpose_conv', [node.inputs[0], outputsFirst(node, weights, group), node.inputs[2]], { layout: 'nchw', strides, dilations, pads, outputPads, group });
    },
  },
  export(node, writer) {
    const shape = node.staticType(1).shape;
    const group = node.int('group', 1);
    const kernel = shape.slice(2);
    const constant = (name: string, values: readonly number[]): string => writer.constant(name, { type: { dtype: 'int64', shape: [values.length] }, data: Float64Array.from(values) });
    const step = (suffix: string, op: string, inputs: readonly string[], attributes = {}): string => {
      const output = writer.temporary(suffix);
      writer.emit(op, inputs, [output], attributes);
      return output;
    };
    // [g * out/g, in/g, kernel] to ONNX's [g * in/g, out/g, kernel].
    const split = step('weights_split', 'Reshape', [writer.inputs[1], constant('split', [group, shape[0] / group, shape[1], ...kernel])]);
    const turned = step('weights_turned', 'Transpose', [split], { perm: [0, 2, 1, ...kernel.map((_, i) => i + 3)] });
    const weights = step('weights', 'Reshape', [turned, constant('join', [group * shape[1], shape[0] / group, ...kernel])]);
    const zeros = kernel.map(() => 0);
    writer.emit('ConvTranspose', [writer.inputs[0], weights, writer.inputs[2] ?? ''], writer.outputs, {
      kernel_shape: kernel, strides: node.ints('strides'), dilations: node.ints('dilations', kernel.map(() => 1)), group,
      pads: node.ints('pads', [...zeros, ...zeros]), output_padding: node.ints('outputPads', zeros),
    });
  },
};

/** ONNX keeps input channels first; with groups, those of one group are together. */
function outputsFirst(node: OnnxNode, shape: readonly number[], group: number): ValueId {
  const [inputs, perGroup, ...kernel] = shape;
  const step = (op: string, input: ValueId | undefined, attributes: Record<string, readonly number[]>, suffix: string): ValueId => node.emit(op, [input], attributes, { last: false, suffix });
  const split = step('reshape', node.inputs[1], { shape: [group, inputs / group, perGroup, ...kernel] }, 'split');
  const turned = step('transpose', split, { permutation: [0, 2, 1, ...kernel.map((_, i) => i + 3)] }, 'turned');
  return step('reshape', turned, { shape: [group * perGroup, inputs / group, ...kernel] }, 'weights');
}

/** Pads as given, or such that the result has the wanted size. Source: ConvTranspose-11. */
function padsOf(node: OnnxNode, spatial: readonly number[], kernel: readonly number[], strides: readonly number[], dilations: readonly number[], outputPads: number[]): number[] {
  const rank = kernel.length;
  const autoPad = node.text('auto_pad', 'NOTSET');
  const wanted = node.ints('output_shape') ?? (autoPad.startsWith('SAME') ? spatial.map((extent, i) => extent * strides[i]) : undefined);
  if (!wanted) return autoPad === 'VALID' ? kernel.flatMap(() => [0, 0]) : [...(node.ints('pads') ?? kernel.flatMap(() => [0, 0]))];
  if (spatial.some((extent) => extent < 0)) return node.refuse('an image of unknown size');
  const sizes = wanted.slice(-rank);
  const pads = kernel.flatMap(() => [0, 0]);
  for (let axis = 0; axis < rank; axis++) {
    const total = strides[axis] * (spatial[axis] - 1) + outputPads[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - sizes[axis];
    if (total < 0) {
      outputPads[axis] -= total;
      continue;
    }
    const small = Math.floor(total / 2);
    pads[axis] = autoPad === 'SAME_UPPER' ? small : total - small;
    pads[axis + rank] = total - pads[axis];
  }
  return pads;
}
