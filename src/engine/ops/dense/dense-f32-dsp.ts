import { fourPixelsHeader } from '../../codegen/dsp/headers';
import { FOUR, fourStream, inFours } from '../../codegen/dsp/four-stream';
import type { Kernel } from '../../codegen/kernel';
import { fusedClamp } from '../clamp-range';
import { hasConstantWeights, isFloat32 } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_f32_dsp.h';

/** Inputs in fours, on cores with an FPU. */
export const denseF32Dsp: Kernel = {
  header: { file: 'tml_dense_f32_dsp.h', text, needs: [fourPixelsHeader], codeBytes: 108 },
  isas: ['dsp'],
  supports: (node) => isFloat32(node, 0, 1, 2) && hasConstantWeights(node) && denseMembers(node).depth % FOUR === 0,
  plan(node) {
    const { rows, depth, outputs } = denseMembers(node);
    const clamp = fusedClamp(node);
    const stream = fourStream(node);
    return {
      function: 'tml_dense_f32_dsp',
      params: { type: 'tml_dense_f32_dsp_params', members: { rows, depth, outputs, stream_floats: stream.elements, low: clamp.min ?? -Infinity, high: clamp.max ?? Infinity } },
      inputs: [0],
      constants: [stream],
      writesBehind: 4 * (inFours(outputs) - outputs),
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 60,
    };
  },
};
