import type { Step } from '../engine/codegen/choose-kernels';
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
  const { scale: [scale], zeroPoint: [zeroPoint] } = quantization;
  // An op that knows its range has codes for all of it; a range that begins or ends at 0 is that of a ReLU, whose clamp it implies.
  const isBound = (bound: number | undefined, inside: boolean, end: number): boolean =>
    op.outputQuantization !== undefined || zeroPoint === end || (bound !== undefined && (inside || Math.abs((end - zeroPoint) * scale - bound) <= scale));
  return { ...facts, scale, zeroPoint, bound: { low: isBound(min, least > low, low), high: isBound(max, most < high, high) } };
}
