import { pixelPairHeader } from '../../codegen/dsp/headers';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import { pairStream } from '../../codegen/dsp/pair-stream';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { CHANNEL_BLOCK, isPairLayer, isPointwise, pairFinish, pairInstance, spareBytes } from './pair-layer';
import { rasterDistance } from './raster-overlap';
import text from './tml_pointwise_dsp.h';

/** 1×1, stride 1, no padding: pixels are rows of a matrix. */
export const pointwiseDsp: Kernel = {
  header: { file: 'tml_pointwise_dsp.h', text, needs: [pixelPairHeader], codeBytes: 418 },
  isas: ['dsp'],
  supports: (node) => isPairLayer(node) && isPointwise(node),
  plan(node, peers) {
    const { in_h, in_w, in_c, out_c } = conv2dMembers(node);
    const finish = pairFinish(node, peers);
    const instance = pairInstance(finish);
    const words = Math.ceil(in_c / 4);
    const slots = Int32Array.from({ length: 4 * words }, (_, k) => (k < in_c ? k : -1));
    const stream = pairStream('stream', layerFacts(node), { slots, block: CHANNEL_BLOCK, perChannel: true }, finish);
    const pixels = in_h * in_w;
    const pairs = Math.ceil(pixels / 2);
    return {
      function: 'tml_pointwise_dsp',
      params: {
        type: 'tml_pointwise_dsp_params',
        members: { pixels, in_c, out_c, words, stream_words: stream.elements, spare: 16 * words, multiply: { c: instance.name } },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      scratchBytes: 16 * words + spareBytes(out_c),
      overlaps: [{ input: 0, same: false, before: rasterDistance(pairs, (i) => Math.min(pixels, 2 * i + 2) * out_c, (i) => 2 * i * in_c) }],
      readsBehind: 3,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
