import type { Kernel, PackedConstant } from '../../codegen/kernel';
import { packedInput } from '../../codegen/element-types';
import { baseHeader } from '../../codegen/runtime/base-header';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { elementCount } from '../../ir/dtype';
import { fusedClamp } from '../clamp-range';
import { roundingsOf } from '../fixed-weights';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { svdfMultipliers } from './multipliers';
import float from './tml_svdf_f32.h';
import text from './tml_svdf_s8.h';

const codes = (node: NodeView, role: string, index: number): PackedConstant => ({ role, dtype: 'int8', elements: elementCount(node.staticType(index).shape), make: () => node.constant(index)!.data });

const svdfS8: Kernel = {
  header: { file: 'tml_svdf_s8.h', text, needs: [requantizeHeader] },
  supports: (node) =>
    isFixedPoint(node.rounding) && [0, 1, 2, 4].every((i) => node.type(i).dtype === 'int8' && node.type(i).quantization !== undefined) && node.outputType().dtype === 'int8' &&
    node.isConstant(1) && node.isConstant(2) && (!node.has(3) || node.isConstant(3)) && !node.isConstant(4),
  plan(node) {
    const [batches, width] = node.staticType(0).shape;
    const [filters, memory] = node.staticType(2).shape;
    const rank = node.int('rank');
    const { state, output } = svdfMultipliers(node);
    const zero = (index: number): number => node.staticType(index).quantization!.zeroPoint[0];
    return {
      function: 'tml_svdf_s8',
      params: {
        type: 'tml_svdf_s8_params',
        members: {
          batches, width, units: filters / rank, rank, memory, in_zero_point: zero(0), state_zero_point: zero(4), out_zero_point: node.outputType().quantization!.zeroPoint[0],
          state_mantissa: state.mantissa, state_shift: state.shift, mantissa: output.mantissa, shift: output.shift, roundings: roundingsOf(node),
        },
      },
      inputs: [0, 4],
      constants: [
        codes(node, 'feature', 1), codes(node, 'time', 2),
        { role: 'bias', dtype: 'int32', elements: filters / rank, make: () => node.constant(3)?.data ?? new Int32Array(filters / rank) },
      ],
      outputs: [0, 1],
      overlaps: [],
      inputTypes: ['int8_t', 'int8_t'],
      outputType: 'int8_t',
      codeBytes: 260,
    };
  },
};

const svdfF32: Kernel = {
  header: { file: 'tml_svdf_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => [0, 1, 2, 4].every((i) => node.type(i).dtype === 'float32') && [1, 2, 3].every((i) => !node.has(i) || node.isConstant(i)) && !node.isConstant(4),
  plan(node) {
    const [batches, width] = node.staticType(0).shape;
    const [filters, memory] = node.staticType(2).shape;
    const rank = node.int('rank');
    const { min, max } = fusedClamp(node);
    return {
      function: 'tml_svdf_f32',
      params: { type: 'tml_svdf_f32_params', members: { batches, width, units: filters / rank, rank, memory, low: min ?? -Infinity, high: max ?? Infinity } },
      inputs: [0, 4],
      constants: [
        packedInput(node, 1, 'feature'), packedInput(node, 2, 'time'),
        { role: 'bias', dtype: 'float32', elements: filters / rank, make: () => node.constant(3)?.data ?? new Float32Array(filters / rank) },
      ],
      outputs: [0, 1],
      overlaps: [],
      inputTypes: ['float', 'float'],
      outputType: 'float',
      codeBytes: 240,
    };
  },
};

export const svdfKernels: readonly Kernel[] = [svdfS8, svdfF32];
