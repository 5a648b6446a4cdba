import { inLanes } from '../../codegen/mve/lane-stream';
import { pixelPairMveHeader } from '../../codegen/mve/headers';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { isLaneLayer, lanePlan } from './lane-layer';
import { spareBytes } from './pair-layer';
import { windowOverlap } from './raster-overlap';
import text from './tml_conv2d_mve.h';

/** Any kernel, stride, padding and number of channels. */
export const conv2dMve: Kernel = {
  header: { file: 'tml_conv2d_mve.h', text, needs: [pixelPairMveHeader], codeBytes: 966 },
  isas: ['mve'],
  supports: isLaneLayer,
  plan(node) {
    const m = conv2dMembers(node);
    const { in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left } = m;
    const { instance, stream, members } = lanePlan(node);
    return {
      function: 'tml_conv2d_mve',
      params: {
        type: 'tml_conv2d_mve_params',
        members: {
          in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, padding: node.staticType(0).quantization!.zeroPoint[0], ...members,
        },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      scratchBytes: 2 * inLanes(kernel_h * kernel_w * in_c) + spareBytes(out_c),
      overlaps: [{ input: 0, same: false, before: windowOverlap(m) }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
