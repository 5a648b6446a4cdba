import type { Kernel } from '../../codegen/kernel';
import { takeKernel } from '../../codegen/take-plan';
import { rowStrides } from '../../codegen/copy-plan';

export const tileKernels: readonly Kernel[] = [
  takeKernel((node) => {
    const from = node.staticType(0).shape;
    const strides = rowStrides(from);
    return { axes: node.outputType().shape.map((extent, axis) => Array.from({ length: extent }, (_, i) => (i % from[axis]) * strides[axis])) };
  }),
];
