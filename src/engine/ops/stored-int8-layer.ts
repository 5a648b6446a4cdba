import type { KernelPlan, PackedConstant } from '../codegen/kernel';
import { clampedRange } from '../quant/rounding';
import { fusedClamp } from './clamp-range';
import type { NodeView } from './op';
import { biasOrZeros, weightsAsStored } from './weights';

/** What is particular to a kernel of int8 layers that reads the weights as they are stored. */
export interface StoredInt8Layer {
  /** The function; its parameters are `<function>_params`. */
  readonly function: string;
  readonly outputs: number;
  /** Besides zero points and clamps. */
  readonly members: Readonly<Record<string, number>>;
  /** What turns sums into codes. */
  readonly scales: readonly PackedConstant[];
  readonly codeBytes: number;
}

export const storedInt8Plan = (node: NodeView, { function: name, outputs, members, scales, codeBytes }: StoredInt8Layer): KernelPlan => ({
  function: name,
  params: { type: `${name}_params`, members: { ...members, ...codeMembers(node) } },
  inputs: [0],
  constants: [weightsAsStored(node, 'int8'), biasOrZeros(node, 'int32', outputs), ...scales],
  inputTypes: ['int8_t'],
  outputType: 'int8_t',
  codeBytes,
});

/** Zero points, and the codes that results are clamped to. */
export function codeMembers(node: NodeView): Readonly<Record<'in_zero_point' | 'out_zero_point' | 'low' | 'high', number>> {
  const output = node.outputType();
  const clamp = fusedClamp(node);
  const [low, high] = clampedRange(output, clamp.min, clamp.max);
  return { in_zero_point: node.staticType(0).quantization!.zeroPoint[0], out_zero_point: output.quantization!.zeroPoint[0], low, high };
}
