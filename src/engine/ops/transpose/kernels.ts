import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import type { NodeView } from '../op';
import float from './tml_transpose_f32.h';
import int8 from './tml_transpose_s8.h';

/** Extents and input strides in output order, padded in front to the four axes of the C struct. */
function members(node: NodeView): Record<string, number> {
  const from = node.staticType(0).shape;
  const permutation = node.ints('permutation');
  const extents = permutation.map((axis) => from[axis]);
  const strides = permutation.map((axis) => from.slice(axis + 1).reduce((a, b) => a * b, 1));
  while (extents.length < 4) extents.unshift(1), strides.unshift(0);
  return Object.fromEntries([0, 1, 2, 3].flatMap((axis) => [[`extent_${axis}`, extents[axis]], [`stride_${axis}`, strides[axis]]]));
}

const transposeKernel = (dtype: string, suffix: string, type: string, text: string): Kernel => ({
  header: { file: `tml_transpose_${suffix}.h`, text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === dtype && node.ints('permutation').length <= 4,
  plan: (node) => ({
    function: `tml_transpose_${suffix}`,
    params: { type: 'tml_transpose_params', members: members(node) },
    inputs: [0],
    constants: [],
    inputTypes: [type],
    outputType: type,
    codeBytes: 75,
  }),
});

/** Other types, and more axes. */
const turn: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && callOf(node) !== undefined,
  plan: (node) => ({ ...callOf(node)!, overlaps: [], codeBytes: COPY_CODE_BYTES }),
};

function callOf(node: NodeView): KernelCall | undefined {
  const type = node.outputType();
  const strides = rowStrides(node.staticType(0).shape);
  return copyCall(type, { counts: type.shape, fromStrides: node.ints('permutation').map((axis) => strides[axis]), toStrides: rowStrides(type.shape), from: 0, to: 0 }, 0);
}

export const transposeKernels: readonly Kernel[] = [transposeKernel('int8', 's8', 'int8_t', int8), transposeKernel('float32', 'f32', 'float', float), turn];
