import { layerFacts } from '../../codegen/dsp/layer-facts';
import { fitsLanes, inLanes, laneStream } from '../../codegen/mve/lane-stream';
import { mveHeader } from '../../codegen/mve/headers';
import type { Instance, Kernel } from '../../codegen/kernel';
import { isFixedInt8 } from '../fixed-weights';
import { hasConstantWeights, isOnnxInt8 } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_mve.h';

const BLOCK = 8;

export const denseMve: Kernel = {
  header: { file: 'tml_dense_mve.h', text, needs: [mveHeader] },
  isas: ['mve'],
  supports: (node) => (isFixedInt8(node) || isOnnxInt8(node)) && hasConstantWeights(node) && fitsLanes(layerFacts(node, true)),
  plan(node) {
    const { rows, depth, outputs } = denseMembers(node);
    const facts = layerFacts(node, true);
    const stream = laneStream('stream', facts, BLOCK);
    const instance: Instance =
      facts.roundings === 0
        ? { macro: 'TML_DENSE_REAL_MVE', name: 'tml_dense_real_mve', args: [], codeBytes: 288 }
        : { macro: 'TML_DENSE_FIXED_MVE', name: 'tml_dense_fixed_mve', args: [], codeBytes: 314 };
    const [low, high] = facts.range.map((code) => code - facts.zeroPoint);
    return {
      function: 'tml_dense_mve',
      params: {
        type: 'tml_dense_mve_params',
        members: { rows, depth, outputs, bytes: inLanes(depth), stream_words: stream.elements, zero_point: facts.zeroPoint, low, high, multiply: { c: instance.name } },
      },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      readsBehind: inLanes(depth) - depth,
      writesBehind: (BLOCK - (outputs % BLOCK)) % BLOCK,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
