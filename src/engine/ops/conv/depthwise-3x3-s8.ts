import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { conv2dMembers } from './conv2d-params';
import { pixelOverlap } from './raster-overlap';
import { isRunsLayer, RUNS_ISAS, runsConstants } from './runs-layer';
import text from './tml_depthwise_3x3_s8.h';

/** 3×3, one output channel for each input channel. */
export const depthwise3x3S8: Kernel = {
  header: { file: 'tml_depthwise_3x3_s8.h', text, needs: [requantizeHeader] },
  isas: RUNS_ISAS,
  supports(node) {
    if (!isRunsLayer(node)) return false;
    const m = conv2dMembers(node);
    return m.group === m.in_c && m.out_c === m.in_c && m.kernel_h === 3 && m.kernel_w === 3;
  },
  plan(node) {
    const m = conv2dMembers(node);
    const { batch, in_h, in_w, in_c, out_h, out_w, stride_h, stride_w, pad_top, pad_left } = m;
    const { isReal, constants, members } = runsConstants(node);
    const instance = isReal ? { macro: 'TML_DEPTHWISE_3X3_S8', name: 'tml_depthwise_3x3_s8', args: [], codeBytes: 724 } : { macro: 'TML_DEPTHWISE_3X3_Q31_S8', name: 'tml_depthwise_3x3_q31_s8', args: [], codeBytes: 904 };
    return {
      function: instance.name,
      params: { type: 'tml_depthwise_3x3_s8_params', members: { batch, in_h, in_w, channels: in_c, out_h, out_w, stride_h, stride_w, pad_top, pad_left, ...members } },
      instances: [instance],
      inputs: [0],
      constants,
      overlaps: batch === 1 ? [{ input: 0, same: false, before: pixelOverlap(m) }] : undefined,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
