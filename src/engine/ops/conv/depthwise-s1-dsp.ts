import { dspHeader } from '../../codegen/dsp/headers';
import type { Kernel } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';
import { depthwiseStream, depthwiseTotal, repaysOwnCode } from './depthwise-layer';
import text from './tml_depthwise_s1_dsp.h';

/** Largest offset of a byte access, and addend of one instruction. */
const LARGEST_OFFSET = 4095;
/** Outputs and pixels per turn; more of them where the layer is large enough to repay the code. */
const [UNROLL, GATHER] = [3, 6];
const LARGE = 16000;

interface Sweep {
  /** Pixels along the sweep and bytes between them; rows across it and bytes between those. */
  readonly along: number;
  readonly step: number;
  readonly across: number;
  readonly pitch: number;
  readonly unroll: number;
  readonly gather: number;
  readonly transposed: boolean;
}

/** Along the longer side where the offsets fit, else along the other. */
function sweepOf(node: NodeView): Sweep | undefined {
  const { in_h, in_w, in_c } = conv2dMembers(node);
  const make = (along: number, step: number, across: number, pitch: number, transposed: boolean): Sweep => {
    const turns = in_h * in_w * in_c >= LARGE ? 2 : 1;
    const reach = Math.floor(LARGEST_OFFSET / step);
    return { along, step, across, pitch, unroll: Math.min(turns * UNROLL <= reach ? turns * UNROLL : UNROLL, along), gather: Math.max(1, Math.min(turns * GATHER, along, reach)), transposed };
  };
  const rows = make(in_w, in_c, in_h, in_w * in_c, false);
  const columns = make(in_h, in_w * in_c, in_w, in_c, true);
  const fits = ({ along, step, pitch, unroll, gather }: Sweep): boolean =>
    unroll * step <= LARGEST_OFFSET && gather * step <= LARGEST_OFFSET && 2 * pitch <= LARGEST_OFFSET && 4 * (along + 2) <= LARGEST_OFFSET;
  return (in_h > in_w ? [columns, rows] : [rows, columns]).find(fits);
}

const planeBytes = ({ along, across }: Sweep): number => 4 * (along + 2) * Math.floor((across + 3) / 2);

export const depthwiseS1Dsp: Kernel = {
  header: { file: 'tml_depthwise_s1_dsp.h', text, needs: [dspHeader] },
  isas: ['dsp'],
  supports(node, peers) {
    if (!repaysOwnCode(node, 1, peers)) return false;
    const m = conv2dMembers(node);
    return m.pad_top === 1 && m.pad_left === 1 && m.out_h === m.in_h && m.out_w === m.in_w && m.in_h > 1 && m.in_w > 1 && m.in_c < 65536 && sweepOf(node) !== undefined;
  },
  plan(node, peers) {
    const { in_h, in_w, in_c } = conv2dMembers(node);
    const sweep = sweepOf(node)!;
    const total = depthwiseTotal(node, peers);
    const zeroPoint = node.staticType(0).quantization!.zeroPoint[0];
    const name = `tml_depthwise_s1_${in_h}x${in_w}x${in_c}_${total}${zeroPoint === -128 ? '' : `_z${zeroPoint + 128}`}`;
    const { along, step, across, pitch, unroll, gather } = sweep;
    return {
      function: name,
      instances: [{ macro: 'TML_DEPTHWISE_3X3_S1_DSP', name, args: [along, step, across, pitch, in_c, zeroPoint, total, unroll, gather], codeBytes: unroll > UNROLL ? 1416 : 910 }],
      inputs: [0],
      constants: [depthwiseStream(node, total, sweep.transposed)],
      scratchBytes: planeBytes(sweep),
      // A channel is gathered whole before its results replace it: shifted by whole pixels they only meet bytes of that channel.
      overlaps: [{ input: 0, same: true, multiple: in_c }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 24,
    };
  },
};
