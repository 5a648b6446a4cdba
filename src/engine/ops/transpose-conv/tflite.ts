import type { TfliteMapping, TfliteNode, TfliteWriter } from '../../formats/tflite/mapping';
import type { ValueId } from '../../ir/types';
import type { NodeView } from '../op';
import { transposed } from '../transpose/op';
import { geometry } from './geometry';

export const transposeConvTflite: TfliteMapping = {
  import: {
    TRANSPOSE_CONV: (node) => importTransposed(node, node.inputs[1], node.shape(1).slice(1, -1), [node.number('strideH'), node.number('strideW')]),
    CONV_3D_TRANSPOSE(node) {
      node.needReal();
      const weights = node.shape(1);
      if (['dilationDFactor', 'dilationHFactor', 'dilationWFactor'].some((name) => node.number(name) !== 1)) node.refuse('dilation');
      // [d, h, w, out, in] to [out, d, h, w, in].
      const turned = node.emit('transpose', [node.inputs[1]], { permutation: [3, 0, 1, 2, 4] }, { last: false, suffix: 'weights' });
      importTransposed(node, turned, weights.slice(0, 3), [node.number('strideD'), node.number('strideH'), node.number('strideW')]);
    },
  },
  export(node, writer) {
    const { window, group } = geometry(node);
    const isVolume = window.kernel.length === 3;
    if (window.layout !== 'nhwc' || group !== 1 || (window.kernel.length !== 2 && !isVolume) || window.dilations.some((d) => d !== 1)) return writer.refuse('groups, dilation or other than two or three axes');
    const { shape } = node.outputType();
    const unpadded = [...window.padBegin, ...window.padEnd].every((pad) => pad === 0);
    if (!unpadded && window.padEnd.some((pad, axis) => pad - window.padBegin[axis] > 1 || pad < window.padBegin[axis])) return writer.refuse('pads that TFLite has no word for');
    if (isVolume) return writeVolume(node, writer, unpadded ? 1 : 0, window.strides);
    writer.emit('TRANSPOSE_CONV', [writer.numbers('shape', shape), writer.inputs[1], writer.inputs[0], ...writer.inputs.slice(2)], writer.outputs, {
      padding: unpadded ? 1 : 0, strideH: window.strides[0], strideW: window.strides[1], fusedActivationFunction: writer.activation(),
    });
  },
};

function writeVolume(node: NodeView, writer: TfliteWriter, padding: number, [strideD, strideH, strideW]: readonly number[]): void {
  const weights = node.constant(1) ?? writer.refuse('weights that vary');
  if (node.type(0).quantization) return writer.refuse('codes in a volume');
  const inputs = [writer.numbers('shape', node.outputType().shape), writer.constant('weights', transposed(weights, [1, 2, 3, 0, 4])), writer.inputs[0], ...writer.inputs.slice(2)];
  writer.emit('CONV_3D_TRANSPOSE', inputs, writer.outputs, {
    padding, strideD, strideH, strideW, dilationDFactor: 1, dilationHFactor: 1, dilationWFactor: 1, fusedActivationFunction: writer.activation(),
  });
}

function importTransposed(node: TfliteNode, weights: ValueId | undefined, kernel: readonly number[], strides: readonly number[]): void {
  const rank = strides.length;
  const sizes = node.known(0, 'extents').slice(1, -1);
  const image = node.shape(2);
  if (image.length !== rank + 2 || kernel.length !== rank || sizes.length !== rank) node.refuse(`an image that has not ${rank + 2} axes`);
  const full = kernel.map((k, axis) => (image[axis + 1] - 1) * strides[axis] + k);
  // SAME is as for the convolution that leads from this result back to this input.
  const isSame = node.number('padding') === 0;
  const totals = full.map((extent, axis) => (isSame ? Math.max(0, extent - sizes[axis]) : 0));
  const outputPads = full.map((extent, axis) => sizes[axis] - (extent - totals[axis]));
  if (outputPads.some((pad) => pad < 0)) node.refuse('a result smaller than the padding leaves it');
  const pads = [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
  node.emitActivated('transpose_conv', [node.inputs[2], weights, node.inputs[3]], { layout: 'nhwc', strides, dilations: kernel.map(() => 1), pads, outputPads, group: 1 });
}
