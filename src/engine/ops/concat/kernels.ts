import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import { normalAxis, type NodeView } from '../op';
import { keepsCodes } from './same-codes';

/** One block for each input that varies. */
function calls(node: NodeView): readonly (KernelCall | undefined)[] {
  const type = node.outputType();
  const axis = normalAxis(node.int('axis'), type.shape.length);
  const toStrides = rowStrides(type.shape);
  let at = 0;
  return node.node.inputs.map((_, i) => {
    const { shape } = node.staticType(i);
    const to = at * toStrides[axis];
    at += shape[axis];
    return copyCall(type, { counts: shape, fromStrides: rowStrides(shape), toStrides, from: 0, to }, i);
  });
}

const join: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && node.node.inputs.every((_, i) => !node.isConstant(i) && keepsCodes(node, i)) && calls(node).every(Boolean),
  plan(node) {
    const [first, ...then] = calls(node) as KernelCall[];
    return { ...first, then, codeBytes: COPY_CODE_BYTES * (1 + then.length) };
  },
};

export const concatKernels: readonly Kernel[] = [join];
