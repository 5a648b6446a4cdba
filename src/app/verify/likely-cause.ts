import { formatCount } from '../../base/units';
import { toHex32 } from '../../base/bytes';
import type { Step } from '../../engine/codegen/choose-kernels';
import { codeRange } from '../../engine/ir/dtype';
import type { Tensor } from '../../engine/ir/tensor';
import type { RoundingRule } from '../../engine/ir/types';
import { fusedClamp } from '../../engine/ops/clamp-range';
import { NodeView } from '../../engine/ops/op';
import { clampedRange } from '../../engine/quant/rounding';
import type { HostLayer, LikelyCause } from './trace-contract';

/** The first layer that differs: its inputs are the same on both sides. */
export interface DifferingLayer {
  readonly step: Step;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly host: Tensor;
  readonly board: Tensor;
  readonly differ: number;
  readonly weights: { readonly host: HostLayer['weights']; readonly board?: HostLayer['weights'] };
}

const ruleNames: Readonly<Record<RoundingRule, string>> = {
  'tflite-double-round': 'TFLite\'s double rounding',
  'tflite-single-round': 'single rounding',
  'onnx-float-half-even': 'onnxruntime\'s float product, ties to even',
};

/** A test gives a cause, or the sentence that rules it out; nothing where it does not apply. */
type Test = (layer: DifferingLayer) => LikelyCause | string | undefined;

/** Tests in the order of how much they prove: the first that hits is the cause. */
const tests: readonly Test[] = [otherWeights, otherRounding, unclamped, unsaturated];

export function likelyCause(layer: DifferingLayer): LikelyCause {
  if (layer.differ === 0) return { kind: 'none', title: 'No difference', certainty: 'certain', evidence: 'Every element is the same on both sides.', ruledOut: [] };
  const ruledOut: string[] = ['other inputs: every layer before this one has the same check sum on both sides'];
  for (const test of tests) {
    const found = test(layer);
    if (typeof found === 'string') ruledOut.push(found);
    else if (found) return { ...found, ruledOut };
  }
  const kernel = layer.step.kernel?.header.file;
  return {
    kind: 'kernel', title: 'The kernel, or the compiler', certainty: 'unknown',
    evidence: `Inputs and constants are the same, and no rule that is known gives the board's result. Left are ${kernel ? `the kernel ${kernel}` : 'the kernel'} and the code that the compiler made of it.`, ruledOut,
  };
}

function otherWeights({ weights }: DifferingLayer): LikelyCause | string | undefined {
  const { host, board } = weights;
  if (!board || host.bytes === 0) return undefined;
  if (board.bytes === host.bytes && board.crc === host.crc) return `other weights: the constants' check sum is ${toHex32(host.crc)} on both sides`;
  return {
    kind: 'weights', title: 'Different weights', certainty: 'certain', ruledOut: [],
    evidence: `The ${formatCount(host.bytes)} bytes of this layer's constants have the check sum ${toHex32(board.crc)} on the board, ${toHex32(host.crc)} in the model. The board was flashed with other sources, or its flash has changed.`,
  };
}

/** The layer once more on the host by each of the other rules. */
function otherRounding({ step, inputs, board }: DifferingLayer): LikelyCause | string | undefined {
  if (!board.type.quantization) return undefined;
  const own = step.view.rounding;
  const others = (Object.keys(ruleNames) as RoundingRule[]).filter((rule) => rule !== own);
  for (const rule of others) {
    const [result] = step.op.evaluate(new NodeView(step.view.graph, step.node, rule), inputs);
    if (result.data.length !== board.data.length || result.data.some((code, i) => code !== board.data[i])) continue;
    return {
      kind: 'rounding', title: 'Rounding rule', certainty: 'very likely', ruledOut: [],
      evidence: `With ${ruleNames[rule]} the host computes all ${formatCount(board.data.length)} codes of the board. The model asks for ${ruleNames[own]}.`,
    };
  }
  return `the rounding rule: neither ${others.map((rule) => ruleNames[rule]).join(' nor ')} gives the board's codes`;
}

/** The board goes beyond the bounds that a fused activation puts on the host's codes. */
function unclamped(layer: DifferingLayer): LikelyCause | string | undefined {
  const { type } = layer.host;
  const { min, max } = fusedClamp(layer.step.view);
  if (!type.quantization || type.quantization.axis !== undefined || (min === undefined && max === undefined)) return undefined;
  const [low, high] = clampedRange(type, min, max);
  const [all, beyond] = countWhere(layer, (host, board) => (host === low && board < low) || (host === high && board > high));
  if (beyond < all) return 'a missing activation: values differ that it does not touch';
  return {
    kind: 'activation', title: 'Missing activation', certainty: 'likely', ruledOut: [],
    evidence: `All ${formatCount(all)} differing codes lie at the bound of the layer's activation on the host, and beyond it on the board.`,
  };
}

/** Where the host stops at the end of the codes, the board wraps around or goes elsewhere. */
function unsaturated(layer: DifferingLayer): LikelyCause | string | undefined {
  const { type } = layer.host;
  if (!type.quantization) return undefined;
  const [low, high] = codeRange(type.dtype);
  const [all, saturated] = countWhere(layer, (host) => host === low || host === high);
  const inside = `saturation: ${formatCount(all - saturated)} of ${formatCount(all)} differing codes lie inside of the range`;
  if (saturated < all) return inside;
  return {
    kind: 'saturation', title: 'Saturation', certainty: 'likely', ruledOut: [],
    evidence: `All ${formatCount(all)} differing codes stand at ${low} or ${high} on the host: the board's sums leave the range and are not held at its end.`,
  };
}

/** Differing elements, and how many of them are so. */
function countWhere({ host, board }: DifferingLayer, isSo: (host: number, board: number) => boolean): [number, number] {
  let [all, so] = [0, 0];
  for (let i = 0; i < host.data.length; i++) {
    if (host.data[i] === board.data[i]) continue;
    all++;
    if (isSo(host.data[i], board.data[i])) so++;
  }
  return [all, so];
}
