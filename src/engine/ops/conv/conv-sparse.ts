import { sparseBlocksKernel, sparseKernel, type SparseLayer } from '../sparse-kernel';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { geometry } from './geometry';

const layer: SparseLayer = { supports: (node) => isPlain2d(node) && geometry(node).group === 1, members: conv2dMembers };

export const convSparse = sparseKernel(layer);
export const convBlocks = sparseBlocksKernel(layer);
