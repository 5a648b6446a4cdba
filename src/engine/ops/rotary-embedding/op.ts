import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { ShapeError, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: {
    RotaryEmbedding: (node) => void node.emit('rotary_embedding', node.inputs, { interleaved: node.int('interleaved', 0) === 1, heads: node.int('num_heads', 0), rotated: node.int('rotary_embedding_dim', 0) }),
  },
  since: () => 23,
  export: (node, writer) =>
    writer.emit('RotaryEmbedding', writer.inputs, writer.outputs, { interleaved: node.flag('interleaved') ? 1 : 0, num_heads: node.int('heads') || undefined, rotary_embedding_dim: node.int('rotated') }),
};

/**
 * Pairs of elements turned by an angle per position. Inputs: x ([batch, heads, steps, size] or [batch, steps, heads * size]),
 * cosines, sines (per position, or per batch and step), optional positions. Attributes: interleaved, heads, rotated (elements that turn; 0: all).
 */
export const rotaryEmbedding: OpDefinition = {
  name: 'rotary_embedding',
  needs: 3,
  label: () => 'RotaryEmbedding',
  checksData: true,
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.type(0).shape }],
  evaluate(node, [x, cosines, sines, positions]) {
    const { shape } = x!.type;
    const isFlat = shape.length === 3;
    const heads = isFlat ? node.int('heads') : shape[1];
    const [batch, steps, size] = isFlat ? [shape[0], shape[1], shape[2] / heads] : [shape[0], shape[2], shape[3]];
    if (!(size >= 1)) throw new ShapeError('rotation over three axes needs the number of heads');
    const half = (node.int('rotated') || size) / 2;
    const result = zeros(node.outputType());
    result.data.set(x!.data);
    for (let b = 0; b < batch; b++) {
      for (let s = 0; s < steps; s++) {
        const angle = (positions ? positions.data[b * steps + s] : b * steps + s) * half;
        if (!(angle >= 0 && angle + half <= cosines!.data.length)) throw new ShapeError('a position without an angle');
        for (let h = 0; h < heads; h++) {
          const from = isFlat ? ((b * steps + s) * heads + h) * size : ((b * heads + h) * steps + s) * size;
          for (let k = 0; k < half; k++) {
            const [first, second] = node.flag('interleaved') ? [from + 2 * k, from + 2 * k + 1] : [from + k, from + half + k];
            const [cos, sin] = [cosines!.data[angle + k], sines!.data[angle + k]];
            result.data[first] = x!.data[first] * cos - x!.data[second] * sin;
            result.data[second] = x!.data[first] * sin + x!.data[second] * cos;
          }
        }
      }
    }
    return [result];
  },
  onnx,
};
