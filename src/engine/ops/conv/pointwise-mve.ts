import { inLanes } from '../../codegen/mve/lane-stream';
import { pixelPairMveHeader } from '../../codegen/mve/headers';
import type { Kernel } from '../../codegen/kernel';
import { conv2dMembers } from './conv2d-params';
import { isLaneLayer, lanePlan } from './lane-layer';
import { isPointwise, spareBytes } from './pair-layer';
import { rasterDistance } from './raster-overlap';
import text from './tml_pointwise_mve.h';

/** 1×1, stride 1, no padding: pixels are rows of a matrix. */
export const pointwiseMve: Kernel = {
  header: { file: 'tml_pointwise_mve.h', text, needs: [pixelPairMveHeader], codeBytes: 222 },
  isas: ['mve'],
  supports: (node) => isLaneLayer(node) && isPointwise(node),
  plan(node) {
    const { in_h, in_w, in_c, out_c } = conv2dMembers(node);
    const { instance, stream, members } = lanePlan(node);
    const pixels = in_h * in_w;
    // Blocks of channels are written while both pixels are still read: the output may only lie where pixels are done with.
    const before = rasterDistance(Math.ceil(pixels / 2) + 1, (i) => Math.min(pixels, 2 * i + 2) * out_c, (i) => 2 * Math.max(0, i - 1) * in_c);
    return {
      function: spareBytes(out_c) ? 'tml_pointwise_spare_mve' : 'tml_pointwise_mve',
      params: { type: 'tml_pointwise_mve_params', members: { pixels, in_c, out_c, ...members } },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      scratchBytes: spareBytes(out_c),
      overlaps: [{ input: 0, same: false, before }],
      readsBehind: inLanes(in_c) - in_c,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
