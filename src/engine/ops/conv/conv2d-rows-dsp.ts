import { pixelPairHeader } from '../../codegen/dsp/headers';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import { pairStream } from '../../codegen/dsp/pair-stream';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { CHANNEL_BLOCK, isPairLayer, pairFinish, pairInstance, spareBytes } from './pair-layer';
import { rasterDistance } from './raster-overlap';
import text from './tml_conv2d_rows_dsp.h';

const inWords = (bytes: number): number => Math.ceil(bytes / 4);

/** Any number of input channels: for first layers, with one or three. */
export const conv2dRowsDsp: Kernel = {
  header: { file: 'tml_conv2d_rows_dsp.h', text, needs: [pixelPairHeader] },
  isas: ['dsp'],
  supports: isPairLayer,
  plan(node, peers) {
    const m = conv2dMembers(node);
    const { in_h, in_w, in_c, out_h, out_w, out_c, kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left } = m;
    const finish = pairFinish(node, peers);
    const instance = pairInstance(finish);
    const rowWords = Math.floor((kernel_w * in_c) / 4);
    const rowRest = (kernel_w * in_c) % 4;
    const words = kernel_h * rowWords + inWords(kernel_h * rowRest);
    const slots = runSlots(kernel_h, kernel_w * in_c, 4 * words);
    const stream = pairStream('stream', layerFacts(node), { slots, block: CHANNEL_BLOCK, perChannel: true }, finish);
    const rowBytes = 4 * inWords(Math.max(pad_left + in_w, (out_w - 1) * stride_w + kernel_w) * in_c);
    const rows = 16 * words;
    const rest = rows + kernel_h * rowBytes;
    const spare = rest + (rowRest ? 8 * inWords(kernel_h * rowRest) : 0);
    // All rows of a window are in scratch before its output row is written.
    const loaded = (oy: number): number => Math.min(in_h, Math.max(0, oy * stride_h - pad_top + kernel_h)) * in_w * in_c;
    return {
      function: 'tml_conv2d_rows_dsp',
      params: {
        type: 'tml_conv2d_rows_dsp_params',
        members: {
          in_h, in_row: in_w * in_c, in_c, out_h, out_w, out_c, kernel_h, stride_h, stride_w, pad_top, pad_left, zero_point: node.staticType(0).quantization!.zeroPoint[0],
          row_bytes: rowBytes, row_words: rowWords, row_rest: rowRest, words, stream_words: stream.elements, rows, rest, spare, multiply: { c: instance.name },
        },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      scratchBytes: spare + spareBytes(out_c),
      overlaps: [{ input: 0, same: false, before: rasterDistance(out_h, (oy) => (oy + 1) * out_w * out_c, (oy) => (loaded(oy - 1) < in_h * in_w * in_c ? loaded(oy - 1) : Infinity)) }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 560,
    };
  },
};

/** Weights in the order of a window: whole words of each run of `run` values, then what is left of each run. */
function runSlots(runs: number, run: number, total: number): Int32Array {
  const whole = run - (run % 4);
  const slots = new Int32Array(total).fill(-1);
  let at = 0;
  for (let y = 0; y < runs; y++) for (let i = 0; i < whole; i++) slots[at++] = y * run + i;
  for (let y = 0; y < runs; y++) for (let i = whole; i < run; i++) slots[at++] = y * run + i;
  return slots;
}
