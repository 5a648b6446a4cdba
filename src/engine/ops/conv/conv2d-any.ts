import { codedKernel, weightedHeader, weightedKernel, type WeightedLayer } from '../weighted-kernel';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { geometry } from './geometry';
import { pixelOverlap } from './raster-overlap';
import text from './tml_conv2d_any.h';
import { elementCount } from '../../ir/dtype';

const layer: WeightedLayer = {
  header: { file: 'tml_conv2d_any.h', text, needs: [weightedHeader] },
  macro: 'TML_CONV2D_ANY',
  params: 'tml_conv2d_any_params',
  name: 'tml_conv2d',
  supports: isPlain2d,
  members: conv2dMembers,
  overlap: (m) => (m.batch === 1 ? pixelOverlap(m) : undefined),
  hybridRows(node) {
    const { input } = geometry(node);
    return {
      rows: input.batch, length: input.channels * elementCount(input.spatial), c: ['p->batch', 'p->in_h * p->in_w * p->in_c'],
      asymmetric: node.staticType(1).quantization!.axis !== undefined,
    };
  },
};

export const conv2dAny = weightedKernel(layer);
export const conv2dCoded = codedKernel(layer);
