import { copyHeader, rowStrides } from '../../codegen/copy-plan';
import { cTypeOf, isElement, packedInput, suffixOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { takeKernel } from '../../codegen/take-plan';
import { elementCount } from '../../ir/dtype';
import { normalAxis } from '../op';
import { indexInto } from './indices';
import text from './tml_gather.h';

/** Places that are known now. */
const chosen = takeKernel((node) => {
  const indices = node.constant(1);
  if (!indices) return undefined;
  const { shape } = node.staticType(0);
  const axis = normalAxis(node.int('axis', 0), shape.length);
  if (!indices.data.every((index) => index >= -shape[axis] && index < shape[axis])) return undefined;
  const strides = rowStrides(shape);
  const every = (at: number): number[] => Array.from({ length: shape[at] }, (_, i) => i * strides[at]);
  const picked = Array.from(indices.data, (index) => indexInto(index, shape[axis]) * strides[axis]);
  return { axes: shape.map((_, at) => (at === axis ? picked : every(at))) };
});

const looked: Kernel = {
  header: { file: 'tml_gather.h', text, needs: [copyHeader] },
  supports: (node) => !node.isConstant(1) && ['int32', 'int64'].includes(node.type(1).dtype) && isElement(node.type(0)),
  plan(node) {
    const { shape } = node.staticType(0);
    const axis = normalAxis(node.int('axis', 0), shape.length);
    const [type, indices] = [node.staticType(0), node.staticType(1)];
    const isConstant = node.isConstant(0);
    const name = `tml_gather_${suffixOf(type)}_${suffixOf(indices)}${isConstant ? '_constant' : ''}`;
    return {
      function: name,
      params: {
        type: 'tml_gather_params',
        members: { outer: elementCount(shape.slice(0, axis)), extent: shape[axis], count: elementCount(indices.shape), inner: elementCount(shape.slice(axis + 1)) },
      },
      inputs: isConstant ? [1] : [1, 0],
      constants: isConstant ? [packedInput(node, 0, 'data')] : [],
      overlaps: [],
      inputTypes: [cTypeOf(indices), cTypeOf(type)],
      outputType: cTypeOf(type),
      instances: [{ macro: 'TML_GATHER', name, args: [cTypeOf(indices), cTypeOf(type), isConstant ? 'TML_COPY_CONST' : 'memcpy'], codeBytes: 0 }],
      codeBytes: 90,
    };
  },
};

export const gatherKernels: readonly Kernel[] = [chosen, looked];
