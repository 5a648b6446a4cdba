import { layerFacts } from '../../codegen/dsp/layer-facts';
import { codeConstants, fitsLanes } from '../../codegen/mve/lane-stream';
import { mveHeader } from '../../codegen/mve/headers';
import type { Kernel, PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';
import { isDepthwise3x3 } from './depthwise-layer';
import text from './tml_depthwise_3x3_mve.h';

/** Results that become codes together. */
const GROUP = 4;

/** Bytes that hold the weights of one row of results: a window of three columns, four rows each, and four bytes that count nothing. */
const WINDOW = 16;

interface Sweep {
  readonly along: number;
  readonly across: number;
  readonly outAlong: number;
  readonly outAcross: number;
  readonly padAlong: number;
  readonly padAcross: number;
  /** The plane's rows are columns of the image. */
  readonly transposed: boolean;
}

/** Along the side that fills groups of four better; along columns only where results lie where their pixels lay. */
function sweepOf(node: NodeView): Sweep {
  const { in_h, in_w, out_h, out_w, pad_top, pad_left } = conv2dMembers(node);
  const groups = (along: number, across: number): number => Math.ceil(along / GROUP) * across;
  return groups(out_w, out_h) <= groups(out_h, out_w) || out_w !== in_w
    ? { along: in_w, across: in_h, outAlong: out_w, outAcross: out_h, padAlong: pad_left, padAcross: pad_top, transposed: false }
    : { along: in_h, across: in_w, outAlong: out_h, outAcross: out_w, padAlong: pad_top, padAcross: pad_left, transposed: true };
}

export const depthwise3x3Mve: Kernel = {
  header: { file: 'tml_depthwise_3x3_mve.h', text, needs: [mveHeader] },
  isas: ['mve'],
  supports(node) {
    if (!isDepthwise3x3(node)) return false;
    const m = conv2dMembers(node);
    const isNear = (out: number, pad: number, extent: number): boolean => pad <= 1 && (out - 1) * m.stride_h + 2 - pad <= extent;
    if (m.stride_h !== m.stride_w || m.stride_h > 2 || !isNear(m.out_h, m.pad_top, m.in_h) || !isNear(m.out_w, m.pad_left, m.in_w)) return false;
    const facts = layerFacts(node);
    const [low, high] = facts.range;
    return fitsLanes(facts) && low === -128 && high === 127 && (facts.roundings === 0 || facts.channels.every((c) => c.shift >= 1));
  },
  plan(node) {
    const { in_w, in_c, out_w, stride_h: stride } = conv2dMembers(node);
    const { along, across, outAlong, outAcross, padAlong, padAcross, transposed } = sweepOf(node);
    const facts = layerFacts(node);
    const kind = facts.roundings === 0 ? 'real' : 'fixed';
    // What the last group of results reads, and whole vectors for the border.
    const columns = Math.ceil(Math.max((Math.ceil(outAlong / GROUP) * GROUP - 1) * stride + 4, along + padAlong + 1) / 4) * 4;
    const name = `tml_depthwise_3x3_${kind}_s${stride}_mve`;
    const pixel = (width: number, along: boolean): number => (along !== transposed ? in_c : width * in_c);
    return {
      function: name,
      params: {
        type: 'tml_depthwise_3x3_mve_params',
        members: {
          channels: in_c, along, across, out_along: outAlong, out_across: outAcross, in_step: pixel(in_w, true), in_pitch: pixel(in_w, false), out_step: pixel(out_w, true),
          out_pitch: pixel(out_w, false), pad_along: padAlong, pad_across: padAcross, padding: node.staticType(0).quantization!.zeroPoint[0], zero_point: facts.zeroPoint, columns,
        },
      },
      instances: [{ macro: `TML_DEPTHWISE_3X3_${kind.toUpperCase()}_MVE`, name, args: [stride], codeBytes: 700 }],
      inputs: [0],
      constants: [streamOf(node, transposed)],
      scratchBytes: 4 * columns * (3 - stride),
      // Results of a channel replace its own pixels, and only those that the plane has already.
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 24,
    };
  },
};

function streamOf(node: NodeView, transposed: boolean): PackedConstant {
  const facts = layerFacts(node);
  const constants = codeConstants(facts);
  const words = (2 * WINDOW) / 4 + constants.length;
  const weight = (c: number, row: number, column: number): number => facts.weights[9 * c + (transposed ? 3 * column + row : 3 * row + column)] & 0xff;
  // Column j is word j: rows in its bytes, `first` bytes further for the lower row of results.
  const window = (c: number, first: number): number[] => [0, 1, 2].map((j) => [0, 1, 2].reduce((word, row) => word | (weight(c, row, j) << (8 * (row + first))), 0)).concat(0);
  return {
    role: 'stream', dtype: 'uint32', elements: words * facts.channels.length,
    make: () => Uint32Array.from(facts.channels.flatMap((_, c) => [...window(c, 0), ...window(c, 1), ...constants.map((constant) => constant(c))].map((word) => word >>> 0))),
  };
}
