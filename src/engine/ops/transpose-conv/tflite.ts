import type { TfliteMapping } from '../../formats/tflite/mapping';
import { geometry } from './geometry';

export const transposeConvTflite: TfliteMapping = {
  import: {
    TRANSPOSE_CONV(node) {
      const sizes = node.known(0, 'extents').slice(1, 3);
      const weights = node.shape(1);
      const image = node.shape(2);
      if (image.length !== 4 || weights.length !== 4 || sizes.length !== 2) node.refuse('an image that has not four axes');
      const kernel = weights.slice(1, 3);
      const strides = [node.number('strideH'), node.number('strideW')];
      const full = kernel.map((k, axis) => (image[axis + 1] - 1) * strides[axis] + k);
      // SAME is as for the convolution that leads from this result back to this input.
      const isSame = node.number('padding') === 0;
      const totals = full.map((extent, axis) => (isSame ? Math.max(0, extent - sizes[axis]) : 0));
      const outputPads = full.map((extent, axis) => sizes[axis] - (extent - totals[axis]));
      if (outputPads.some((pad) => pad < 0)) node.refuse('a result smaller than the padding leaves it');
      const pads = [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
      node.emitActivated('transpose_conv', [node.inputs[2], node.inputs[1], node.inputs[3]], { layout: 'nhwc', strides, dilations: [1, 1], pads, outputPads, group: 1 });
    },
  },
  export(node, writer) {
    const { window, group } = geometry(node);
    if (window.layout !== 'nhwc' || group !== 1 || window.kernel.length !== 2 || window.dilations.some((d) => d !== 1)) return writer.refuse('groups, dilation or other than two axes');
    const { shape } = node.outputType();
    const unpadded = [...window.padBegin, ...window.padEnd].every((pad) => pad === 0);
    if (!unpadded && window.padEnd.some((pad, axis) => pad - window.padBegin[axis] > 1 || pad < window.padBegin[axis])) return writer.refuse('pads that TFLite has no word for');
    writer.emit('TRANSPOSE_CONV', [writer.numbers('shape', shape), writer.inputs[1], writer.inputs[0], ...writer.inputs.slice(2)], writer.outputs, {
      padding: unpadded ? 1 : 0, strideH: window.strides[0], strideW: window.strides[1], fusedActivationFunction: writer.activation(),
    });
  },
};
