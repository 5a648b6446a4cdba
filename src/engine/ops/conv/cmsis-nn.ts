import { cmsisKernels, cmsisMultipliers, codeMembers, type CmsisBuild } from '../../codegen/cmsis-nn/cmsis-kernel';
import type { Kernel, PackedConstant } from '../../codegen/kernel';
import { elementCount } from '../../ir/dtype';
import { isFixedInt8 } from '../fixed-weights';
import type { NodeView } from '../op';
import { biasOrZeros, weightsAsStored } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { geometry } from './geometry';

const upTo = (x: number, multiple: number): number => Math.ceil(x / multiple) * multiple;

/** Bytes of arm_convolve_wrapper_s8_get_buffer_size at most: four columns with Helium, two of 16 bits without. */
function convScratch({ kernel_h, kernel_w, in_c }: Record<string, number>, build: CmsisBuild): number {
  const depth = kernel_h * kernel_w * in_c;
  return build === 'mve' ? 4 * upTo(depth, 16) : 4 * upTo(depth, 4);
}

/** Channels that the Helium depthwise kernel takes at once (CH_IN_BLOCK_MVE). */
const BLOCK = 124;

/** The same of arm_depthwise_conv_wrapper_s8_get_buffer_size; one channel that becomes many is a convolution of turned weights. */
function depthwiseScratch(m: Record<string, number>, build: CmsisBuild): number {
  const area = m.kernel_h * m.kernel_w;
  if (build === 'other') return 2 * m.in_c * area;
  return m.in_c === 1 ? Math.max(4 * BLOCK * area, convScratch(m, build) + area * m.out_c) : 4 * BLOCK * area;
}

const membersOf = (node: NodeView, scratchBytes: number): Record<string, number> => {
  const { group, ...members } = conv2dMembers(node);
  return { ...members, ...codeMembers(node), scratch_bytes: scratchBytes };
};

function planOf(node: NodeView, name: string, scratchBytes: number, weights: PackedConstant): ReturnType<Parameters<typeof cmsisKernels>[1]> {
  const channels = node.staticType(1).shape[0];
  return {
    function: name,
    params: { type: 'tml_cmsis_conv_params', members: membersOf(node, scratchBytes) },
    inputs: [0],
    constants: [weights, biasOrZeros(node, 'int32', channels), ...cmsisMultipliers(node, channels)],
    scratchBytes,
  };
}

/** [out][kernel][1] as [kernel][out]. */
function channelsLast(node: NodeView): PackedConstant {
  const stored = weightsAsStored(node, 'int8');
  const channels = node.staticType(1).shape[0];
  const area = elementCount(node.staticType(1).shape) / channels;
  return {
    ...stored,
    make() {
      const codes = stored.make();
      return Int8Array.from({ length: codes.length }, (_, i) => codes[(i % channels) * area + Math.floor(i / channels)]);
    },
  };
}

const isLayer = (node: NodeView): boolean => isFixedInt8(node) && isPlain2d(node) && (!node.has(2) || node.type(2).dtype === 'int32');

export const convCmsis: readonly Kernel[] = [
  ...cmsisKernels((node) => isLayer(node) && geometry(node).group === 1, (node, build) => planOf(node, 'tml_cmsis_conv_s8', convScratch(conv2dMembers(node), build), weightsAsStored(node, 'int8'))),
  ...cmsisKernels((node) => isLayer(node) && geometry(node).depthwise, (node, build) => planOf(node, 'tml_cmsis_depthwise_s8', depthwiseScratch(conv2dMembers(node), build), channelsLast(node))),
];
