import { codedKernel, weightedHeader, weightedKernel, type WeightedLayer } from '../weighted-kernel';
import { denseMembers } from './dense-params';
import text from './tml_dense_any.h';

const layer: WeightedLayer = {
  header: { file: 'tml_dense_any.h', text, needs: [weightedHeader] },
  macro: 'TML_DENSE_ANY',
  params: 'tml_dense_any_params',
  name: 'tml_dense',
  supports: () => true,
  members: denseMembers,
  singlePrecisionProduct: true,
  hybridRows(node) {
    const { rows, depth } = denseMembers(node);
    return { rows, length: depth, c: ['p->rows', 'p->depth'], asymmetric: node.flag('asymmetricInputs') };
  },
};

export const denseAny = weightedKernel(layer);
export const denseCoded = codedKernel(layer);
