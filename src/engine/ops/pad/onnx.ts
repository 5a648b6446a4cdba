import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { tensorOf } from '../../ir/tensor';
import { normalAxis } from '../op';

export const padOnnx: OnnxMapping = {
  import: {
    Pad(node) {
      const { shape } = node.type(0);
      if (!shape) return node.refuse('an input of unknown rank');
      const pads = padsOf(node);
      const axes = node.inputs[3] === undefined ? shape.map((_, i) => i) : Array.from((node.constant(3) ?? node.refuse('axes that vary')).data);
      if (pads.length !== 2 * axes.length) return node.refuse(`${pads.length} pads for ${axes.length} axes`);
      const begins = shape.map(() => 0);
      const ends = shape.map(() => 0);
      axes.forEach((given, i) => {
        const axis = normalAxis(given, shape.length);
        begins[axis] = pads[i];
        ends[axis] = pads[i + axes.length];
      });
      node.emit('pad', [node.inputs[0]], { mode: node.text('mode', 'constant'), begins, ends, value: valueOf(node) });
    },
  },
  export(node, writer) {
    const mode = node.text('mode', 'constant');
    const pads = [...node.ints('begins'), ...node.ints('ends')];
    const list = writer.constant('pads', { type: { dtype: 'int64', shape: [pads.length] }, data: Float64Array.from(pads) });
    const value = (node.attributes.value as number | undefined) ?? 0;
    const { dtype, quantization } = node.type(0);
    const filler = mode === 'constant' && value !== 0 ? writer.constant('value', tensorOf({ dtype: quantization ? 'float32' : dtype, shape: [] }, [value])) : '';
    writer.emit('Pad', [writer.inputs[0], list, filler], writer.outputs, { mode });
  },
};

/** Attributes before opset 11, inputs from then on. */
function padsOf(node: OnnxNode): readonly number[] {
  if (node.opset < 11) return node.ints('pads') ?? node.ints('paddings') ?? node.refuse('no pads');
  return Array.from((node.constant(1) ?? node.refuse('pads that vary')).data);
}

function valueOf(node: OnnxNode): number {
  if (node.opset < 11) return node.float('value', 0);
  if (node.inputs[2] === undefined) return 0;
  return (node.constant(2) ?? node.refuse('a value that varies')).data[0] ?? 0;
}
