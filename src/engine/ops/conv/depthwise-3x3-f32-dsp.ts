import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { fusedClamp } from '../clamp-range';
import { isFloat32 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { isNearBorder, sweepMembers, sweepOf } from './depthwise-sweep';
import text from './tml_depthwise_3x3_f32_dsp.h';

/** Results that the registers of the FPU take at a time. */
const GROUP = 6;

export const depthwise3x3F32Dsp: Kernel = {
  header: { file: 'tml_depthwise_3x3_f32_dsp.h', text, needs: [baseHeader] },
  isas: ['dsp'],
  supports(node) {
    if (!isFloat32(node, 0, 1, 2) || !isPlain2d(node)) return false;
    const m = conv2dMembers(node);
    return m.batch === 1 && m.group === m.in_c && m.out_c === m.in_c && m.kernel_h === 3 && m.kernel_w === 3 && m.dilation_h === 1 && m.dilation_w === 1 && isNearBorder(node);
  },
  plan(node) {
    const { in_c, stride_h: stride } = conv2dMembers(node);
    const sweep = sweepOf(node, GROUP, 1);
    const { min, max } = fusedClamp(node);
    const isRelu = min === 0 && max === undefined;
    const row = Math.max((Math.ceil(sweep.outAlong / GROUP) * GROUP - 1) * stride + 3, sweep.along + sweep.padAlong);
    const name = `tml_depthwise_3x3_${isRelu ? 'relu_' : ''}f32_s${stride}`;
    return {
      function: name,
      params: {
        type: 'tml_depthwise_3x3_f32_dsp_params',
        members: { ...sweepMembers(node, sweep), row, low: min ?? -Infinity, high: max ?? Infinity },
      },
      instances: [{ macro: 'TML_DEPTHWISE_3X3_F32_DSP', name, args: [stride, isRelu ? 1 : 0], codeBytes: 830 }],
      inputs: [0],
      constants: [{
        role: 'weights', dtype: 'float32', elements: 10 * in_c,
        make() {
          const weights = node.constant(1)!.data;
          const bias = node.constant(2)?.data;
          const tap = (k: number): number => (sweep.transposed ? 3 * (k % 3) + Math.floor(k / 3) : k);
          const channel = (c: number): number[] => [...Array.from({ length: 9 }, (_, k) => weights[9 * c + tap(k)]), bias?.[c] ?? 0];
          return Float32Array.from(Array.from({ length: in_c }, (_, c) => channel(c)).flat());
        },
      }],
      scratchBytes: 4 * 4 * row,
      // Three rows of a channel are kept: results replace pixels of that channel that are in scratch already.
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 24,
    };
  },
};
