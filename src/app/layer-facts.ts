import type { Step } from '../engine/codegen/program';
import { codeRange } from '../engine/ir/dtype';
import { fusedClamp } from '../engine/ops/clamp-range';
import { clampedRange } from '../engine/quant/rounding';
import type { LayerFacts } from './engine-contract';

/** What a person needs in order to read a layer's codes. */
export function layerFacts({ node, view, op }: Step): LayerFacts {
  const type = view.outputType();
  const { quantization, dtype, shape } = type;
  const facts = { name: node.name, label: op.label(view), dtype, shape };
  if (!quantization || quantization.axis !== undefined) return { ...facts, bound: { low: false, high: false } };
  const { min, max } = fusedClamp(view);
  const [low, high] = codeRange(dtype);
  const [least, most] = clampedRange(type, min, max);
  // An op that knows its range has codes for all of it.
  const whole = op.outputQuantization !== undefined;
  return { ...facts, scale: quantization.scale[0], zeroPoint: quantization.zeroPoint[0], bound: { low: whole || (min !== undefined && least >= low && realIs(min, low, quantization)), high: whole || (max !== undefined && most <= high && realIs(max, high, quantization)) } };
}

/** The bound lies at this code, or further inside. */
function realIs(bound: number, code: number, { scale, zeroPoint }: { readonly scale: readonly number[]; readonly zeroPoint: readonly number[] }): boolean {
  return Math.abs((code - zeroPoint[0]) * scale[0] - bound) <= scale[0];
}
