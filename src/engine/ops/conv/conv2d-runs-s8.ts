import type { Kernel, KernelHeader } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { conv2dMembers } from './conv2d-params';
import { pixelOverlap } from './raster-overlap';
import { isRunsLayer, RUNS_ISAS, runsConstants, runsInstance } from './runs-layer';
import text from './tml_conv2d_runs_s8.h';

export const runsHeader: KernelHeader = { file: 'tml_conv2d_runs_s8.h', text, needs: [requantizeHeader] };

/** One group, no dilation: two output channels share what they read. */
export const conv2dRunsS8: Kernel = {
  header: runsHeader,
  isas: RUNS_ISAS,
  supports: (node) => isRunsLayer(node) && conv2dMembers(node).group === 1,
  plan(node) {
    const m = conv2dMembers(node);
    const { batch, in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left } = m;
    const { isReal, constants, members } = runsConstants(node);
    const instance = runsInstance(isReal);
    return {
      function: instance.name,
      params: { type: 'tml_conv2d_runs_s8_params', members: { batch, in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, ...members } },
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
