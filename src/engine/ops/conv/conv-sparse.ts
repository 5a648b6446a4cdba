import { sparseBlocksKernel, sparseKernel, type SparseLayer } from '../sparse-kernel';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { geometry } from './geometry';
import { pixelOverlap, windowOverlap } from './raster-overlap';

const layer: SparseLayer = {
  supports: (node) => isPlain2d(node) && geometry(node).group === 1,
  members: conv2dMembers,
  overlap: (m, isWindow) => (m.batch === 1 ? (isWindow ? windowOverlap(m, 1) : pixelOverlap(m)) : undefined),
};

export const convSparse = sparseKernel(layer);
export const convBlocks = sparseBlocksKernel(layer);
