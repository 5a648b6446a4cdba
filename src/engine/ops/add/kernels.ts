import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { isCodes } from '../../codegen/element-types';
import { elementCount } from '../../ir/dtype';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import { fixedPairs, zeroPoints } from '../code-pairs';
import type { NodeView } from '../op';
import { codePairsHeader, pairKernel, plainPairs } from '../pairs';
import { addDsp, sumQ31S8 } from './add-q31';
import { addCmsis } from './cmsis-nn';
import { fixedSumMembers } from './fixed-sum';
import { addScales } from './scales';
import float from './tml_add_f32.h';
import int8 from './tml_add_s8.h';

/** Both operands vary and have the result's shape. */
const isElementwise = (node: NodeView, dtype: string): boolean =>
  [0, 1].every((i) => node.type(i).dtype === dtype && !node.isConstant(i) && node.type(i).shape?.join() === node.outputType().shape.join());

const addS8: Kernel = {
  header: { file: 'tml_add_s8.h', text: int8, needs: [baseHeader] },
  supports: (node) => node.rounding === 'onnx-float-half-even' && isElementwise(node, 'int8') && node.outputType().quantization !== undefined,
  plan(node) {
    const output = node.outputType();
    const clamp = fusedClamp(node);
    const [low, high] = clampedRange(output, clamp.min, clamp.max);
    const { zeroA, zeroB, scaleA, scaleB } = addScales(node);
    return {
      function: 'tml_add_s8',
      params: {
        type: 'tml_add_s8_params',
        members: { elements: elementCount(output.shape), a_zero_point: zeroA, b_zero_point: zeroB, a_scale: scaleA, b_scale: scaleB, out_zero_point: output.quantization!.zeroPoint[0], low, high },
      },
      inputs: [0, 1],
      constants: [],
      inputTypes: ['int8_t', 'int8_t'],
      outputType: 'int8_t',
      codeBytes: 110,
    };
  },
};

const addF32: Kernel = {
  header: { file: 'tml_add_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => isElementwise(node, 'float32'),
  plan(node) {
    const clamp = fusedClamp(node);
    return {
      function: 'tml_add_f32',
      params: { type: 'tml_add_f32_params', members: { elements: elementCount(node.outputType().shape), low: clamp.min ?? -Infinity, high: clamp.max ?? Infinity } },
      inputs: [0, 1],
      constants: [],
      inputTypes: ['float', 'float'],
      outputType: 'float',
      codeBytes: 60,
    };
  },
};

/** Broadcast operands, constant ones, and codes of other types, by onnxruntime's rule: scales relative to the output's. */
const broadcastSum = pairKernel(codePairsHeader, (node) => {
  const types = [node.type(0), node.type(1), node.outputType()];
  if (node.rounding !== 'onnx-float-half-even' || !types.every((type) => isCodes(type) && type.dtype !== 'int32')) return undefined;
  const { min, max } = fusedClamp(node);
  const [low, high] = clampedRange(node.outputType(), min, max);
  const { scaleA, scaleB } = addScales(node);
  return { name: 'TML_REAL_SUM', header: codePairsHeader, params: 'tml_code_pairs_params', members: { ...zeroPoints(node), low, high, a_scale: scaleA, b_scale: scaleB } };
});

export const addKernels: readonly Kernel[] = [addDsp, sumQ31S8(1), addS8, addF32, fixedPairs('TML_FIXED_SUM', (node) => fixedSumMembers(node, 1)), broadcastSum, plainPairs('TML_ADD_F32', 'TML_ADD_INT'), ...addCmsis];
