import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { fusedClamp } from '../clamp-range';

export const clampOnnx: OnnxMapping = {
  import: {
    Relu(node) {
      node.emit('clamp', [node.inputs[0]], { clampMin: 0 });
    },
    Clip(node) {
      const bound = (index: number, name: string): number | undefined => {
        if (node.opset < 11) return node.attribute(name)?.f;
        if (node.inputs[index] === undefined) return undefined;
        return node.constant(index)?.data[0] ?? node.refuse('bounds that vary');
      };
      emitClamp(node, bound(1, 'min'), bound(2, 'max'));
    },
  },
  export(node, writer) {
    const { min, max } = fusedClamp(node);
    if (min === 0 && max === undefined) return writer.emit('Relu', writer.inputs, writer.outputs);
    const type = { dtype: node.type(0).dtype, shape: [] };
    const bound = (value: number | undefined, suffix: string): string => (value === undefined ? '' : writer.constant(suffix, { type, data: Float32Array.of(value) }));
    writer.emit('Clip', [writer.inputs[0], bound(min, 'min'), bound(max, 'max')], writer.outputs);
  },
};

/** Exporters of older tools write the largest float where they mean no bound. */
const FLOAT32_MAX = 3.4028234663852886e38;

function emitClamp(node: OnnxNode, min: number | undefined, max: number | undefined): void {
  const attributes: Record<string, number> = {};
  if (min !== undefined && min > -FLOAT32_MAX) attributes.clampMin = min;
  if (max !== undefined && max < FLOAT32_MAX) attributes.clampMax = max;
  node.emit('clamp', [node.inputs[0]], attributes);
}
