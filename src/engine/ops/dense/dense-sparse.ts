import { sparseBlocksKernel, sparseKernel, type SparseLayer } from '../sparse-kernel';
import { denseMembers } from './dense-params';

/** A convolution over as many pixels as there are rows. */
const layer: SparseLayer = {
  supports: () => true,
  members(node) {
    const { rows, depth, outputs } = denseMembers(node);
    return {
      batch: rows, in_h: 1, in_w: 1, in_c: depth, out_h: 1, out_w: 1, out_c: outputs, group: 1, kernel_h: 1, kernel_w: 1, stride_h: 1, stride_w: 1,
      dilation_h: 1, dilation_w: 1, pad_top: 0, pad_left: 0,
    };
  },
  singlePrecisionProduct: true,
};

export const denseSparse = sparseKernel(layer);
export const denseBlocks = sparseBlocksKernel(layer);
