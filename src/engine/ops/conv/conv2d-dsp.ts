import { pixelPairHeader } from '../../codegen/dsp/headers';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import { pairStream } from '../../codegen/dsp/pair-stream';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { CHANNEL_BLOCK, isPairLayer, pairFinish, pairInstance, spareBytes } from './pair-layer';
import { windowOverlap } from './raster-overlap';
import text from './tml_conv2d_dsp.h';

/** Any kernel, stride and padding, input channels in fours. */
export const conv2dDsp: Kernel = {
  header: { file: 'tml_conv2d_dsp.h', text, needs: [pixelPairHeader], codeBytes: 1122 },
  isas: ['dsp'],
  supports: (node) => isPairLayer(node) && conv2dMembers(node).in_c % 4 === 0,
  plan(node, peers) {
    const m = conv2dMembers(node);
    const { in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left } = m;
    const finish = pairFinish(node, peers);
    const instance = pairInstance(finish);
    const values = kernel_h * kernel_w * in_c;
    const slots = Int32Array.from({ length: values }, (_, k) => k);
    const stream = pairStream('stream', layerFacts(node), { slots, block: CHANNEL_BLOCK, perChannel: true }, finish);
    const zeroPoint = node.staticType(0).quantization!.zeroPoint[0];
    return {
      function: 'tml_conv2d_dsp',
      params: {
        type: 'tml_conv2d_dsp_params',
        members: {
          in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, words: values / 4, stream_words: stream.elements,
          spare: 4 * values, multiply: { c: instance.name },
        },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream, { role: 'padding', dtype: 'int8', elements: kernel_w * in_c, make: () => new Int8Array(kernel_w * in_c).fill(zeroPoint) }],
      scratchBytes: 4 * values + spareBytes(out_c),
      overlaps: [{ input: 0, same: false, before: windowOverlap(m) }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 60,
    };
  },
};
