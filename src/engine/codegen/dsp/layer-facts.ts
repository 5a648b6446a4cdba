import { codeRange } from '../../ir/dtype';
import { clampedRange, combinedScale, multiplyDoubleRounding, multiplySingleRounding, requantizer, type Requantize } from '../../quant/rounding';
import { fusedClamp } from '../../ops/clamp-range';
import type { NodeView } from '../../ops/op';
import { isFixedPoint } from '../../ops/real-result';
import { layerMultipliers } from '../../ops/fixed-weights';

/** One output channel as packed kernels see it: sum = bias + weights * codes, the input's zero point folded into the bias. */
export interface ChannelFacts {
  readonly bias: number;
  /** Smallest and largest sum that any input codes make. */
  readonly low: number;
  readonly high: number;
  /** Fixed point: code = sum * mantissa / 2^31 >> shift; a negative shift is to the left. */
  readonly mantissa: number;
  readonly shift: number;
  /** Real: code = sum * scale, in float32. */
  readonly scale: number;
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
  /** How often a scaled sum is rounded in fixed point; 0: it is a float32 product, rounded to even. */
  readonly roundings: 0 | 1 | 2;
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
  const output = node.outputType().quantization!;
  const channels = weights.type.shape[0];
  const depth = weights.data.length / channels;
  const { scale, zeroPoint } = node.staticType(0).quantization!;
  const weightScale = node.staticType(1).quantization!.scale;
  const [zero, [lowest, highest]] = [zeroPoint[0], codeRange(node.staticType(0).dtype)];
  const { min, max } = fusedClamp(node);
  const range = clampedRange(node.outputType(), min, max);
  const roundings = !isFixedPoint(node.rounding) ? 0 : node.rounding === 'tflite-double-round' ? 2 : 1;
  const { mantissas, shifts } = layerMultipliers(node, singlePrecisionProduct);
  const code = codeOf(node, roundings, mantissas, shifts, range);
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
    const ends = shift <= 0 && low >= -(2 ** 31) && high < 2 ** 31 ? [code(low, c), code(high, c)] : [0, 1];
    const real = combinedScale(scale[0], weightScale[weightScale.length > 1 ? c : 0], output.scale[0]);
    return { bias: own - zero * (positive + negative), low, high, mantissa, shift: -shift, scale: real, constant: ends[0] === ends[1] ? ends[0] : undefined };
  };
  return { channels: Array.from({ length: channels }, (_, c) => factsOf(c)), weights: weights.data, depth, zeroPoint: output.zeroPoint[0], range, roundings };
}

/** Code of a channel's sum. */
function codeOf(node: NodeView, roundings: 0 | 1 | 2, mantissas: Int32Array, shifts: Int8Array, range: readonly [number, number]): Requantize {
  const output = node.outputType();
  if (roundings === 0) return requantizer(node.rounding, node.staticType(0).quantization!, node.staticType(1).quantization!, output, range);
  const multiply = roundings === 2 ? multiplyDoubleRounding : multiplySingleRounding;
  const perChannel = mantissas.length > 1;
  return (sum, c) => Math.min(range[1], Math.max(range[0], multiply(sum, mantissas[perChannel ? c : 0], shifts[perChannel ? c : 0]) + output.quantization!.zeroPoint[0]));
}
