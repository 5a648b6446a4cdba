import { finishConstant } from '../../codegen/dsp/finish';
import { dspHeader } from '../../codegen/dsp/headers';
import { floatBits } from '../../codegen/dsp/pair-stream';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import type { Kernel, PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';
import { depthwiseWords, isDepthwise3x3 } from './depthwise-layer';
import text from './tml_depthwise_3x3_dsp.h';

/** Sums leave three at a time. */
const SUMS_PER_TURN = 3;

const [SIGNED, REAL] = ['tml_depthwise_3x3_signed', 'tml_depthwise_3x3_real'];

/** For several rows of sums at a time: each turn has its price. */
const SUMS_ROOM_BYTES = 256;

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
    if (m.stride_h !== m.stride_w || m.stride_h > 2 || !inside(m.out_h, m.stride_h, m.pad_top, m.in_h) || !inside(m.out_w, m.stride_w, m.pad_left, m.in_w)) return false;
    const facts = layerFacts(node);
    if (facts.roundings === 0) return facts.channels.every((c) => c.low >= -(2 ** 31) && c.high < 2 ** 31);
    return facts.roundings === 2 && facts.channels.every((c) => c.constant !== undefined || (c.shift >= 1 && c.shift <= 22 && Math.max(-c.low, c.high) < 2 ** 30));
  },
  plan(node) {
    const { in_h, in_w, in_c, out_h, out_w, stride_h, pad_top, pad_left } = conv2dMembers(node);
    const facts = layerFacts(node);
    const isReal = facts.roundings === 0;
    const columns = columnsOf(in_w);
    const sums = 4 * columns * Math.floor((in_h + 3) / 2);
    // Rows of one kind are every other one, and all of them where the kernel skips rows.
    const rows = Math.min(stride_h === 1 ? Math.ceil(out_h / 2) : out_h, Math.max(1, Math.floor(SUMS_ROOM_BYTES / (4 * (columns - 2)))));
    return {
      function: isReal ? REAL : SIGNED,
      instances: [{ macro: 'TML_DEPTHWISE_3X3_DSP', name: isReal ? REAL : SIGNED, args: [isReal ? 1 : 0], codeBytes: 1170 }],
      params: {
        type: 'tml_depthwise_3x3_dsp_params',
        members: {
          in_h, in_w, channels: in_c, out_h, out_w, stride: stride_h, first_row: 1 - pad_top, first_column: 1 - pad_left,
          zero_point: node.staticType(0).quantization!.zeroPoint[0], low: facts.range[0], high: facts.range[1], columns, sums, rows,
        },
      },
      inputs: [0],
      constants: [isReal ? realStream(node) : streamOf(node)],
      scratchBytes: sums + 4 * (columns - 2) * rows,
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
    role: 'stream', dtype: 'uint32', elements: 9 * facts.channels.length,
    make: () => Uint32Array.from(facts.channels.flatMap((channel, c) => {
      const { mantissa, constant, shift } = finishConstant(channel, facts, { kind: 'signed' });
      return [...depthwiseWords(facts, c, channel.constant === undefined ? 2 : 0, false), mantissa, constant, shift].map((word) => word >>> 0);
    })),
  };
}

/** Weights and bias as they are, the scale's bits and the zero point. */
function realStream(node: NodeView): PackedConstant {
  const facts = layerFacts(node);
  return {
    role: 'stream', dtype: 'uint32', elements: 8 * facts.channels.length,
    make: () => Uint32Array.from(facts.channels.flatMap(({ scale }, c) => [...depthwiseWords(facts, c, 1, false), floatBits(scale), facts.zeroPoint].map((word) => word >>> 0))),
  };
}
