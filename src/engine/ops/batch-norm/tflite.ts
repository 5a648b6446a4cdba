import type { TfliteMapping } from '../../formats/tflite/mapping';
import { tensorOf } from '../../ir/tensor';
import { affineOf } from './affine';

/** TFLite has no such operator: what no layer took up is a product and a sum. */
export const batchNormTflite: TfliteMapping = {
  import: {},
  export(node, writer) {
    const { shape, dtype } = node.staticType(0);
    if (shape.length > 2 && node.text('layout') !== 'nhwc') return writer.refuse('channels that are not last');
    const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => (node.constant(i) ?? writer.refuse('statistics that vary')).data);
    const { gain, shift } = affineOf(node, scale, bias, mean, variance);
    const scaled = writer.temporary('scaled', node.outputType());
    const constant = (suffix: string, values: Float64Array): number => writer.constant(suffix, tensorOf({ dtype, shape: [values.length] }, values));
    writer.emit('MUL', [writer.inputs[0], constant('gain', gain)], [scaled]);
    writer.emit('ADD', [scaled, constant('shift', shift)], writer.outputs);
  },
};
