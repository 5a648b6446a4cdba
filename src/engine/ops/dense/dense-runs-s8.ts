import type { Kernel } from '../../codegen/kernel';
import { runsHeader } from '../conv/conv2d-runs-s8';
import { RUNS_ISAS, runsConstants, runsInstance } from '../conv/runs-layer';
import { isFixedInt8 } from '../fixed-weights';
import { hasConstantWeights, isOnnxInt8 } from '../weights';
import { denseMembers } from './dense-params';

/** A dense layer is a convolution of images of one pixel: it shares the portable one's machine code. */
export const denseRunsS8: Kernel = {
  header: runsHeader,
  isas: RUNS_ISAS,
  supports: (node) => (isFixedInt8(node) || isOnnxInt8(node)) && hasConstantWeights(node),
  plan(node) {
    const { rows, depth, outputs } = denseMembers(node);
    const { isReal, constants, members } = runsConstants(node, true);
    const instance = runsInstance(isReal);
    const pixel = { in_h: 1, in_w: 1, out_h: 1, out_w: 1, kernel_h: 1, kernel_w: 1, stride_h: 1, stride_w: 1, pad_top: 0, pad_left: 0 };
    return {
      function: instance.name,
      params: { type: 'tml_conv2d_runs_s8_params', members: { batch: rows, in_c: depth, out_c: outputs, ...pixel, ...members } },
      instances: [instance],
      inputs: [0],
      constants,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
