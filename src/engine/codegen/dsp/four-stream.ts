import type { NodeView } from '../../ops/op';
import type { PackedConstant } from '../kernel';

/** Values and channels come in fours. */
export const FOUR = 4;

export const inFours = (count: number): number => Math.ceil(count / FOUR) * FOUR;

/** float32 weights (input 1, output channels first) and bias (input 2) as tml_four_pixels_f32.h and tml_dense_f32_dsp.h read them. */
export function fourStream(node: NodeView): PackedConstant {
  const [channels, ...rest] = node.staticType(1).shape;
  const depth = rest.reduce((product, extent) => product * extent, 1);
  const elements = inFours(channels) * (inFours(depth) + 1);
  return {
    role: 'stream', dtype: 'float32', elements,
    make() {
      const weights = node.constant(1)!.data;
      const bias = node.constant(2)?.data;
      const floats = new Float32Array(elements);
      let at = 0;
      for (let first = 0; first < channels; first += FOUR) {
        for (let c = first; c < first + FOUR; c++) floats[at++] = c < channels ? (bias?.[c] ?? 0) : 0;
        for (let k = 0; k < inFours(depth); k++) for (let c = first; c < first + FOUR; c++) floats[at++] = c < channels && k < depth ? weights[c * depth + k] : 0;
      }
      return floats;
    },
  };
}
