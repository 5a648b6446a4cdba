import { codeRange } from '../../ir/dtype';
import { multiplyDoubleRounding, multiplySingleRounding, clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../../ops/clamp-range';
import type { NodeView } from '../../ops/op';
import { layerMultipliers } from '../../ops/fixed-weights';

/** One output channel as packed kernels see it: sum = bias + weights * codes, the input's zero point folded into the bias. */
export interface ChannelFacts {
  readonly bias: number;
  /** Smallest and largest sum that any input codes make. */
  readonly low: number;
  readonly high: number;
  readonly mantissa: number;
  /** Right shift; negative is to the left. */
  readonly shift: number;
  /** The code that the channel has whatever the input is. */
  readonly constant?: number;
}

export interface LayerFacts {
  readonly channels: readonly ChannelFacts[];
  /** Weights of all channels, one after another. */
  readonly weights: ArrayLike<number>;
  readonly depth: number;
  readonly zeroPoint: number;
  readonly range: readonly [number, number];
  readonly roundings: 1 | 2;
}

const known = new WeakMap<object, LayerFacts>();

/** Facts of an int8 layer with constant weights (input 1, output channels first) and bias (input 2). */
export function layerFacts(node: NodeView, singlePrecisionProduct = false): LayerFacts {
  let facts = known.get(node.node);
  if (!facts) known.set(node.node, (facts = readFacts(node, singlePrecisionProduct)));
  return facts;
}

function readFacts(node: NodeView, singlePrecisionProduct: boolean): LayerFacts {
  const weights = node.constant(1)!;
  const bias = node.constant(2)?.data;
  const output = node.outputType();
  const channels = weights.type.shape[0];
  const depth = weights.data.length / channels;
  const zero = node.staticType(0).quantization!.zeroPoint[0];
  const [lowest, highest] = codeRange(node.staticType(0).dtype);
  const { mantissas, shifts } = layerMultipliers(node, singlePrecisionProduct);
  const { min, max } = fusedClamp(node);
  const range = clampedRange(output, min, max);
  const roundings = node.rounding === 'tflite-double-round' ? 2 : 1;
  const multiply = roundings === 2 ? multiplyDoubleRounding : multiplySingleRounding;
  const code = (sum: number, mantissa: number, shift: number): number => Math.min(range[1], Math.max(range[0], multiply(sum, mantissa, shift) + output.quantization!.zeroPoint[0]));
  const factsOf = (c: number): ChannelFacts => {
    let [positive, negative] = [0, 0];
    for (let k = c * depth; k < (c + 1) * depth; k++) {
      if (weights.data[k] > 0) positive += weights.data[k];
      else negative += weights.data[k];
    }
    const own = bias?.[c] ?? 0;
    const low = own + positive * (lowest - zero) + negative * (highest - zero);
    const high = own + positive * (highest - zero) + negative * (lowest - zero);
    const [mantissa, shift] = [mantissas[mantissas.length > 1 ? c : 0], shifts[shifts.length > 1 ? c : 0]];
    // Left shifts may wrap around: only right shifts keep the order of sums.
    const ends = shift <= 0 && low >= -(2 ** 31) && high < 2 ** 31 ? [code(low, mantissa, shift), code(high, mantissa, shift)] : [0, 1];
    return { bias: own - zero * (positive + negative), low, high, mantissa, shift: -shift, constant: ends[0] === ends[1] ? ends[0] : undefined };
  };
  return { channels: Array.from({ length: channels }, (_, c) => factsOf(c)), weights: weights.data, depth, zeroPoint: output.quantization!.zeroPoint[0], range, roundings };
}
