import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import { normalAxis, type NodeView } from '../op';

/** One block for each part. */
function calls(node: NodeView): readonly (KernelCall | undefined)[] {
  const { shape } = node.staticType(0);
  const axis = normalAxis(node.int('axis'), shape.length);
  const fromStrides = rowStrides(shape);
  let at = 0;
  return node.node.outputs.map((_, i) => {
    const type = node.outputType(i);
    const from = at * fromStrides[axis];
    at += type.shape[axis];
    return copyCall(type, { counts: type.shape, fromStrides, toStrides: rowStrides(type.shape), from, to: 0 }, 0, i);
  });
}

const cut: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && calls(node).every(Boolean),
  plan(node) {
    const [first, ...then] = calls(node) as KernelCall[];
    return { ...first, then, codeBytes: COPY_CODE_BYTES * (1 + then.length) };
  },
};

export const splitKernels: readonly Kernel[] = [cut];
