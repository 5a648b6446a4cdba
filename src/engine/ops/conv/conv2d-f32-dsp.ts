import { fourPixelsHeader } from '../../codegen/dsp/headers';
import { FOUR, fourStream, inFours } from '../../codegen/dsp/four-stream';
import type { Instance, Kernel } from '../../codegen/kernel';
import { fusedClamp } from '../clamp-range';
import { isFloat32 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { runOverlap } from './raster-overlap';
import text from './tml_conv2d_f32_dsp.h';

const FLOAT_BYTES = 4;

/** One image, one group, no dilation, on cores with an FPU. */
export const conv2dF32Dsp: Kernel = {
  header: { file: 'tml_conv2d_f32_dsp.h', text, needs: [fourPixelsHeader], codeBytes: 1152 },
  isas: ['dsp'],
  supports(node) {
    if (!isFloat32(node, 0, 1, 2) || !isPlain2d(node)) return false;
    const m = conv2dMembers(node);
    return m.batch === 1 && m.group === 1 && m.dilation_h === 1 && m.dilation_w === 1;
  },
  plan(node) {
    const m = conv2dMembers(node);
    const { in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left } = m;
    const clamp = fusedClamp(node);
    const isRelu = clamp.min === 0;
    const instance: Instance = isRelu
      ? { macro: 'TML_FOUR_PIXELS_RELU_F32', name: 'tml_four_pixels_relu_f32', args: [], codeBytes: 732 }
      : { macro: 'TML_FOUR_PIXELS_PLAIN_F32', name: 'tml_four_pixels_plain_f32', args: [], codeBytes: 636 };
    const values = inFours(kernel_h * kernel_w * in_c);
    const stream = fourStream(node);
    return {
      function: 'tml_conv2d_f32_dsp',
      params: {
        type: 'tml_conv2d_f32_dsp_params',
        members: {
          in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, values, stream_floats: stream.elements,
          low: isRelu ? -Infinity : (clamp.min ?? -Infinity), high: clamp.max ?? Infinity, multiply: { c: instance.name },
        },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      scratchBytes: FLOAT_BYTES * FOUR * (values + (out_c % FOUR ? inFours(out_c) : 0)),
      overlaps: [{ input: 0, same: false, before: FLOAT_BYTES * runOverlap(m, FOUR) }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 40,
    };
  },
};
