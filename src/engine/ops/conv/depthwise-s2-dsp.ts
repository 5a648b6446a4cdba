import { dspHeader } from '../../codegen/dsp/headers';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { depthwiseStream, depthwiseTotal, repaysOwnCode } from './depthwise-layer';
import text from './tml_depthwise_s2_dsp.h';

/** Largest offset of a byte access, and addend of one instruction. */
const LARGEST_OFFSET = 4095;

/** Outputs per turn: a divisor of the row, all of a short row. */
const unrollOf = (outW: number): number => (outW <= 6 ? outW : ([6, 4, 5, 3, 2].find((n) => outW % n === 0) ?? 1));

export const depthwiseS2Dsp: Kernel = {
  header: { file: 'tml_depthwise_s2_dsp.h', text, needs: [dspHeader] },
  isas: ['dsp'],
  supports(node, peers) {
    if (!repaysOwnCode(node, 2, peers)) return false;
    const m = conv2dMembers(node);
    const even = m.in_h === 2 * m.out_h && m.in_w === 2 * m.out_w && m.pad_top === 0 && m.pad_left === 0;
    return even && (2 * unrollOf(m.out_w) + 4 * m.out_w) * m.in_c <= LARGEST_OFFSET;
  },
  plan(node, peers) {
    const { out_h, out_w, in_c } = conv2dMembers(node);
    const total = depthwiseTotal(node, peers);
    const zeroPoint = node.staticType(0).quantization!.zeroPoint[0];
    const name = `tml_depthwise_s2_${out_h}x${out_w}x${in_c}_${total}${zeroPoint === -128 ? '' : `_z${zeroPoint + 128}`}`;
    return {
      function: name,
      instances: [{ macro: 'TML_DEPTHWISE_3X3_S2_DSP', name, args: [out_h, out_w, in_c, zeroPoint, total, unrollOf(out_w)], codeBytes: out_w <= 6 ? 95 * out_w : 245 + 164 * unrollOf(out_w) }],
      inputs: [0],
      constants: [depthwiseStream(node, total, false)],
      // In the same place a channel's results follow its own pixels; further below they stay behind whole rows.
      overlaps: [{ input: 0, same: true, before: out_w * in_c }],
      readsBehind: in_c,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 24,
    };
  },
};
