import { layerFacts } from '../../codegen/dsp/layer-facts';
import { codeConstants, fitsLanes } from '../../codegen/mve/lane-stream';
import { mveHeader } from '../../codegen/mve/headers';
import type { Kernel, PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';
import { isDepthwise3x3 } from './depthwise-layer';
import { isNearBorder, SWEEP_GROUP, sweepMembers, sweepOf } from './depthwise-sweep';
import text from './tml_depthwise_3x3_mve.h';

/** Bytes that hold the weights of one row of results: a window of three columns, four rows each, and four bytes that count nothing. */
const WINDOW = 16;

export const depthwise3x3Mve: Kernel = {
  header: { file: 'tml_depthwise_3x3_mve.h', text, needs: [mveHeader] },
  isas: ['mve'],
  supports(node) {
    if (!isDepthwise3x3(node)) return false;
    if (!isNearBorder(node)) return false;
    const facts = layerFacts(node);
    const [low, high] = facts.range;
    return fitsLanes(facts) && low === -128 && high === 127 && (facts.roundings === 0 || facts.channels.every((c) => c.shift >= 1));
  },
  plan(node) {
    const { stride_h: stride } = conv2dMembers(node);
    const sweep = sweepOf(node);
    const { along, outAlong, padAlong, transposed } = sweep;
    const facts = layerFacts(node);
    const kind = facts.roundings === 0 ? 'real' : 'fixed';
    // What the last group of results reads, and whole vectors for the border.
    const columns = Math.ceil(Math.max((Math.ceil(outAlong / SWEEP_GROUP) * SWEEP_GROUP - 1) * stride + 4, along + padAlong + 1) / 4) * 4;
    const name = `tml_depthwise_3x3_${kind}_s${stride}_mve`;
    return {
      function: name,
      params: {
        type: 'tml_depthwise_3x3_mve_params',
        members: {
          ...sweepMembers(node, sweep), padding: node.staticType(0).quantization!.zeroPoint[0], zero_point: facts.zeroPoint, columns,
        },
      },
      instances: [{ macro: `TML_DEPTHWISE_3X3_${kind.toUpperCase()}_MVE`, name, args: [stride], codeBytes: stride === 1 ? 1000 : 750 }],
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
