import { codeMembers } from '../stored-int8-layer';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import type { Instance, Isa, KernelCall, PackedConstant } from '../../codegen/kernel';
import { fixedMembers, isFixedInt8, multiplierConstants } from '../fixed-weights';
import type { NodeView } from '../op';
import { isOnnxInt8, outputScales, weightsAsStored } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';

/** What the portable kernels that trade code for speed have in common: all cores but AVR, whose program memory is short. */
export const RUNS_ISAS: readonly Isa[] = ['c99', 'rv32', 'dsp', 'mve'];

export function isRunsLayer(node: NodeView): boolean {
  if (!(isFixedInt8(node) || isOnnxInt8(node)) || !isPlain2d(node)) return false;
  const m = conv2dMembers(node);
  return m.dilation_h === 1 && m.dilation_w === 1 && layerFacts(node).channels.every((c) => Math.abs(c.bias) < 2 ** 31);
}

/** Bias with the input's zero point folded in. */
const foldedBias = (node: NodeView, single: boolean): PackedConstant => ({ role: 'bias', dtype: 'int32', elements: node.staticType(1).shape[0], make: () => Int32Array.from(layerFacts(node, single).channels, (c) => c.bias) });

/** The function for either rounding rule, as the generated file defines it. */
export const runsInstance = (isReal: boolean): Instance =>
  isReal ? { macro: 'TML_CONV2D_RUNS_S8', name: 'tml_conv2d_runs_s8', args: [], codeBytes: 816 } : { macro: 'TML_CONV2D_RUNS_Q31_S8', name: 'tml_conv2d_runs_q31_s8', args: [], codeBytes: 1116 };

/** Constants of either rounding rule, and the members of the parameter struct that say how sums become codes. */
export function runsConstants(node: NodeView, singlePrecisionProduct = false): { readonly isReal: boolean; readonly constants: KernelCall['constants']; readonly members: Readonly<Record<string, number>> } {
  const isReal = isOnnxInt8(node);
  const scales = isReal ? [outputScales(node, node.staticType(1).shape[0])] : multiplierConstants(node, singlePrecisionProduct);
  const members = codeMembers(node);
  return { isReal, constants: [weightsAsStored(node, 'int8'), foldedBias(node, singlePrecisionProduct), ...scales], members: isReal ? members : { ...members, ...fixedMembers(node) } };
}
