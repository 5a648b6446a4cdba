import { codeRange } from '../ir/dtype';
import { tensorOf, type Tensor } from '../ir/tensor';
import { clampedRange, requantizer, type RequantizeOptions } from '../quant/rounding';
import { keptQuantization, type ChannelChange, type ChannelRules, type CodeRange } from './channels';
import { fusedClamp } from './clamp-range';
import type { NodeView } from './op';
import { isReal, realRanges } from './real-channels';
import { hasConstantWeights } from './weights';

/** Channels of layers with int8 or float32 weights: output channels first, each with `taps` times as many weights as it has inputs. */
export function weightedChannels(
  flow: (node: NodeView) => 'mixes' | 'keeps' | undefined,
  isPadded: (node: NodeView) => boolean,
  options: RequantizeOptions,
): ChannelRules {
  const isInt8 = (node: NodeView): boolean =>
    node.type(0).dtype === 'int8' && node.type(1).dtype === 'int8' && node.outputType().dtype === 'int8' &&
    [node.type(0), node.type(1), node.outputType()].every((type) => type.quantization !== undefined) && node.staticType(1).quantization!.zeroPoint.every((z) => z === 0);
  const supported = (node: NodeView): boolean => hasConstantWeights(node) && (isInt8(node) || isReal(node));
  const zero = (node: NodeView): number => node.staticType(0).quantization?.zeroPoint[0] ?? 0;
  const fixed = (range: CodeRange): boolean => range.low === range.high;
  return {
    flow: (node) => (supported(node) ? flow(node) : undefined),
    ranges(node, input) {
      if (isReal(node)) return realRanges(node, input, isPadded(node), flow(node) === 'keeps');
      const output = node.outputType();
      const weights = node.constant(1)!;
      const bias = node.constant(2)?.data;
      const channels = weights.type.shape[0];
      const depth = weights.data.length / channels;
      const clamp = fusedClamp(node);
      const requantize = requantizer(node.rounding, node.staticType(0).quantization!, weights.type.quantization!, output, clampedRange(output, clamp.min, clamp.max), options);
      const [z, padded, keeps] = [zero(node), isPadded(node), flow(node) === 'keeps'];
      const [lowest, highest] = codeRange(output.dtype);
      return Array.from({ length: channels }, (_, o) => {
        let [low, high] = [bias?.[o] ?? 0, bias?.[o] ?? 0];
        for (let k = 0; k < depth; k++) {
          const w = weights.data[o * depth + k];
          const range = input[keeps ? o : k % input.length];
          const [a, b] = [(range.low - z) * w, (range.high - z) * w];
          // A tap in the padding adds nothing.
          low += padded ? Math.min(a, b, 0) : Math.min(a, b);
          high += padded ? Math.max(a, b, 0) : Math.max(a, b);
        }
        // Sums that leave 32 bits wrap around: nothing is known of them.
        if (low < -(2 ** 31) || high >= 2 ** 31) return { low: lowest, high: highest };
        const [first, last] = [requantize(low, o), requantize(high, o)];
        return first <= last ? { low: first, high: last } : { low: lowest, high: highest };
      });
    },
    absorbs(node, channel, range) {
      if (fixed(range) && (!isPadded(node) || range.low === zero(node))) return true;
      const { data, type } = node.constant(1)!;
      const width = type.shape[type.shape.length - 1];
      for (let k = channel; k < data.length; k += width) if (data[k] !== 0) return false;
      return true;
    },
    without(node, change) {
      const keeps = flow(node) === 'keeps';
      const { weights, bias } = keptConstants(node, change, keeps, zero(node));
      return { constants: new Map([[1, weights], [2, bias]]), ...(keeps ? { attributes: { group: change.keptOutputs.length } } : {}) };
    },
  };
}

function keptConstants(node: NodeView, { keptInputs, keptOutputs, input }: ChannelChange, keeps: boolean, zero: number): { weights: Tensor; bias: Tensor } {
  const old = node.constant(1)!;
  const oldBias = node.constant(2);
  const { shape } = old.type;
  const width = keeps ? 1 : shape[shape.length - 1];
  const depth = old.data.length / shape[0];
  const kept = new Set(keptInputs);
  const inputs = keeps ? [0] : keptInputs;
  const newWeights: number[] = [];
  const newBias: number[] = [];
  for (const o of keptOutputs) {
    let sum = oldBias?.data[o] ?? 0;
    for (let tap = 0; tap < depth; tap += width) {
      const at = o * depth + tap;
      for (const c of inputs) newWeights.push(old.data[at + c]);
      // Left-out channels that vary have no weights here; the others add what they always add.
      if (!keeps) for (let c = 0; c < width; c++) if (!kept.has(c)) sum += old.data[at + c] * (input[c].low - zero);
    }
    newBias.push(sum);
  }
  const newShape = [keptOutputs.length, ...shape.slice(1, -1), keeps ? shape[shape.length - 1] : keptInputs.length];
  return {
    weights: tensorOf({ dtype: old.type.dtype, shape: newShape, quantization: keptQuantization(old.type, 0, keptOutputs) }, newWeights),
    bias: tensorOf({ dtype: isReal(node) ? 'float32' : 'int32', shape: [keptOutputs.length], quantization: oldBias && keptQuantization(oldBias.type, 0, keptOutputs) }, newBias),
  };
}
