import { cmsisKernels, codeMembers } from '../../codegen/cmsis-nn/cmsis-kernel';
import { elementCount } from '../../ir/dtype';
import { fixedSumMembers } from './fixed-sum';

/** Two varying operands of the result's shape. */
export const addCmsis = cmsisKernels(
  (node) => [0, 1].every((i) => node.type(i).dtype === 'int8' && node.type(i).quantization !== undefined && !node.isConstant(i) && node.staticType(i).shape.join() === node.outputType().shape.join()),
  (node) => {
    const { a_mantissa, a_shift, b_mantissa, b_shift, mantissa, shift } = fixedSumMembers(node, 1);
    const { in_zero_point: a_zero_point, ...rest } = codeMembers(node);
    return {
      function: 'tml_cmsis_add_s8',
      params: {
        type: 'tml_cmsis_add_params',
        members: {
          elements: elementCount(node.outputType().shape), a_zero_point, a_mantissa, a_shift, b_zero_point: node.staticType(1).quantization!.zeroPoint[0], b_mantissa, b_shift, mantissa, shift, ...rest,
        },
      },
      inputs: [0, 1],
      constants: [],
    };
  },
);
