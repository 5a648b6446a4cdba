import type { CodeRange } from './channels';
import { clampReal, fusedClamp } from './clamp-range';
import type { NodeView } from './op';

/** Real inputs are taken to be of at most this magnitude: pixels, samples of 16 bits and standardized features all are. */
export const LARGEST_INPUT = 2 ** 16;

/** Relative error of one float32 operation. */
const ROUNDING = 2 ** -24;

/** Layers of float32 throughout. */
export const isReal = (node: NodeView): boolean => [node.type(0), node.type(1), node.outputType()].every((type) => type.dtype === 'float32' && !type.quantization);

/**
 * Smallest and largest result of each output channel, rounding errors of any order of summation included. A channel is constant
 * where the clamp leaves one number only (a ReLU that never opens), or where its inputs move it by less than its own rounding.
 */
export function realRanges(node: NodeView, input: readonly CodeRange[], isPadded: boolean, keeps: boolean): CodeRange[] {
  const weights = node.constant(1)!;
  const bias = node.constant(2)?.data;
  const channels = weights.type.shape[0];
  const depth = weights.data.length / channels;
  const clamp = fusedClamp(node);
  return Array.from({ length: channels }, (_, o) => {
    const own = bias?.[o] ?? 0;
    let [low, high, magnitude] = [own, own, Math.abs(own)];
    for (let k = 0; k < depth; k++) {
      const w = weights.data[o * depth + k];
      if (w === 0) continue;
      const range = input[keeps ? o : k % input.length];
      const [a, b] = [range.low * w, range.high * w];
      // A tap in the padding adds nothing.
      low += isPadded ? Math.min(a, b, 0) : Math.min(a, b);
      high += isPadded ? Math.max(a, b, 0) : Math.max(a, b);
      magnitude += Math.max(Math.abs(a), Math.abs(b));
    }
    if (!(magnitude < 2 ** 127)) return { low: -Infinity, high: Infinity };
    const middle = clampReal(Math.fround((low + high) / 2), clamp);
    if (high - low <= (ROUNDING / 4) * Math.min(Math.abs(low), Math.abs(high))) return { low: middle, high: middle };
    const error = 2 * (depth + 1) * ROUNDING * magnitude;
    return { low: clampReal(low - error, clamp), high: clampReal(high + error, clamp) };
  });
}
