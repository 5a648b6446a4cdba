import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import type { NodeView } from '../op';

function callOf(node: NodeView): KernelCall | undefined {
  const type = node.outputType();
  const strides = rowStrides(node.staticType(0).shape);
  const [begins, steps] = [node.ints('begins'), node.ints('steps')];
  const from = begins.reduce((sum, begin, axis) => sum + begin * strides[axis], 0);
  return copyCall(type, { counts: type.shape, fromStrides: strides.map((stride, axis) => stride * steps[axis]), toStrides: rowStrides(type.shape), from, to: 0 }, 0);
}

const take: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && callOf(node) !== undefined,
  plan(node) {
    const call = callOf(node)!;
    if (Object.entries(call.params!.members).some(([name, value]) => name.startsWith('count_') && value !== 1)) return { ...call, codeBytes: COPY_CODE_BYTES };
    // One run may move within its own memory.
    return { ...call, function: 'tml_move', overlaps: [{ input: 0, same: true, multiple: 1 }], codeBytes: COPY_CODE_BYTES };
  },
};

export const sliceKernels: readonly Kernel[] = [take];
