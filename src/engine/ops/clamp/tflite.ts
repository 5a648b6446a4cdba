import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import type { Attributes } from '../../ir/types';

/** Operators and what they limit to. */
const bounds: Readonly<Record<string, Attributes>> = {
  RELU: { clampMin: 0 },
  RELU6: { clampMin: 0, clampMax: 6 },
  RELU_N1_TO_1: { clampMin: -1, clampMax: 1 },
  RELU_0_TO_1: { clampMin: 0, clampMax: 1 },
};

export const clampTflite: TfliteMapping = {
  import: Object.fromEntries(Object.entries(bounds).map(([op, attributes]) => [op, (node: TfliteNode) => importClamp(node, attributes)])),
  export(node, writer) {
    const same = (attributes: Attributes): boolean => attributes.clampMin === node.attributes.clampMin && attributes.clampMax === node.attributes.clampMax;
    const found = Object.entries(bounds).find(([, attributes]) => same(attributes));
    if (found) writer.emit(found[0], writer.inputs, writer.outputs);
    else writer.limit(writer.inputs[0], writer.outputs[0]);
  },
};

/** Codes that get another scale on the way are requantized first, which the kernels do in one step with the same arithmetic. */
function importClamp(node: TfliteNode, attributes: Attributes): void {
  const [from, to] = [node.type(0).quantization, node.outputTypes[0].quantization];
  const same = !from || !to || (from.scale[0] === to.scale[0] && from.zeroPoint[0] === to.zeroPoint[0]);
  const input = same ? node.inputs[0] : node.emit('quantize', [node.inputs[0]], {}, { last: false, suffix: 'requantized', type: node.outputTypes[0] });
  node.emit('clamp', [input], attributes);
}
