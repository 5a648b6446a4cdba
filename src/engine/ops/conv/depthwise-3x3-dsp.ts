import { dspHeader } from '../../codegen/dsp/headers';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import type { Kernel, PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';
import { depthwiseWords, isDepthwise3x3 } from './depthwise-layer';
import text from './tml_depthwise_3x3_dsp.h';

/** Sums leave three at a time. */
const SUMS_PER_TURN = 3;

/** Columns of the plane: the image, one on either side, and what the last turn reads too much. */
const columnsOf = (inW: number): number => Math.ceil(inW / SUMS_PER_TURN) * SUMS_PER_TURN + 2;

export const depthwise3x3Dsp: Kernel = {
  header: { file: 'tml_depthwise_3x3_dsp.h', text, needs: [dspHeader] },
  isas: ['dsp'],
  supports(node) {
    if (!isDepthwise3x3(node)) return false;
    const m = conv2dMembers(node);
    // Every centre lies in the image: the border is never wider than one pixel.
    const inside = (out: number, stride: number, pad: number, extent: number): boolean => pad <= 1 && (out - 1) * stride + 1 - pad < extent;
    if (m.stride_h !== m.stride_w || !inside(m.out_h, m.stride_h, m.pad_top, m.in_h) || !inside(m.out_w, m.stride_w, m.pad_left, m.in_w)) return false;
    const facts = layerFacts(node);
    return facts.roundings === 2 && facts.channels.every((c) => c.constant !== undefined || (c.shift <= 22 && c.shift > -8 && Math.max(-c.low, c.high) * 2 ** (1 + Math.max(0, -c.shift)) < 2 ** 31));
  },
  plan(node) {
    const { in_h, in_w, in_c, out_h, out_w, stride_h, pad_top, pad_left } = conv2dMembers(node);
    const facts = layerFacts(node);
    const columns = columnsOf(in_w);
    const sums = 4 * columns * Math.floor((in_h + 3) / 2);
    return {
      function: 'tml_depthwise_3x3_dsp',
      params: {
        type: 'tml_depthwise_3x3_dsp_params',
        members: {
          in_h, in_w, channels: in_c, out_h, out_w, stride: stride_h, first_row: 1 - pad_top, first_column: 1 - pad_left,
          zero_point: node.staticType(0).quantization!.zeroPoint[0], low: facts.range[0], high: facts.range[1], columns, sums,
        },
      },
      inputs: [0],
      constants: [streamOf(node)],
      scratchBytes: sums + 4 * (columns - 2),
      // A channel is gathered whole before its results replace it.
      overlaps: [{ input: 0, same: true, multiple: in_c }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 50,
    };
  },
};

function streamOf(node: NodeView): PackedConstant {
  const facts = layerFacts(node);
  return {
    role: 'stream', dtype: 'uint32', elements: 10 * facts.channels.length,
    make: () => Uint32Array.from(facts.channels.flatMap((channel, c) => {
      const isConstant = channel.constant !== undefined;
      const right = isConstant ? 0 : Math.max(0, channel.shift);
      const left = isConstant ? 0 : 1 + Math.max(0, -channel.shift);
      const constant = isConstant ? channel.constant : facts.zeroPoint * 2 ** right + (right ? 2 ** (right - 1) : 0);
      return [...depthwiseWords(facts, c, isConstant ? 0 : 1, false), isConstant ? 0 : channel.mantissa, constant, left, right].map((word) => word >>> 0);
    })),
  };
}
