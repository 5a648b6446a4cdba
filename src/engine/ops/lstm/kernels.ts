import type { Kernel, PackedConstant } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { functionsQ15Header, requantizeHeader } from '../../codegen/runtime/requantize-header';
import { elementCount } from '../../ir/dtype';
import { logisticTable } from '../../quant/int16-functions';
import { roundingsOf } from '../fixed-weights';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { fixedCellScales } from './fixed-cell';
import { sequenceOf } from './sequence';
import float from './tml_lstm_f32.h';
import int8 from './tml_lstm_s8.h';

/** Weights are known; no projection, no peepholes. */
const hasWeights = (node: NodeView): boolean =>
  node.isConstant(1) && node.isConstant(2) && (!node.has(3) || node.isConstant(3)) && node.node.inputs.length <= 6 && !node.int('gateClip', 0);

/** The same, and both states lie in the arena. */
const isPlain = (node: NodeView): boolean => hasWeights(node) && !node.isConstant(4) && !node.isConstant(5);

function members(node: NodeView): Record<string, number> {
  const { batch, time } = sequenceOf(node);
  const timeMajor = node.flag('timeMajor');
  const units = node.staticType(2).shape[1];
  return { batch, time, width: node.staticType(1).shape[1], units, step: timeMajor ? batch : 1, sequence: timeMajor ? 1 : time, reverse: node.flag('reverse') ? 1 : 0 };
}

const constant = (node: NodeView, role: string, index: number, dtype: 'int8' | 'float32'): PackedConstant => ({ role, dtype, elements: elementCount(node.staticType(index).shape), make: () => node.constant(index)!.data });

const lstmS8: Kernel = {
  header: { file: 'tml_lstm_s8.h', text: int8, needs: [requantizeHeader, functionsQ15Header] },
  supports(node) {
    if (!isFixedPoint(node.rounding) || !isPlain(node)) return false;
    const int8s = [0, 1, 2, 4].every((i) => node.type(i).dtype === 'int8' && node.type(i).quantization !== undefined);
    return int8s && node.type(5).dtype === 'int16' && node.type(5).quantization !== undefined && fixedCellScales(node).cellArgument.leftShift < 15;
  },
  plan(node) {
    const { input, hidden, keep, renew, show, cellArgument, limit } = fixedCellScales(node);
    const units = node.staticType(2).shape[1];
    const gates = (name: string, list: readonly { mantissa: number; shift: number }[]): [string, number][] =>
      list.flatMap(({ mantissa, shift }, g): [string, number][] => [[`${name}_mantissa[${g}]`, mantissa], [`${name}_shift[${g}]`, shift]]);
    const zero = (index: number): number => node.staticType(index).quantization!.zeroPoint[0];
    return {
      function: 'tml_lstm_s8',
      params: {
        type: 'tml_lstm_s8_params',
        members: {
          ...members(node), in_zero_point: zero(0), hidden_zero_point: zero(4), roundings: roundingsOf(node), ...Object.fromEntries([...gates('in', input), ...gates('hidden', hidden)]),
          keep_mantissa: keep.mantissa, keep_shift: keep.shift, renew_mantissa: renew.mantissa, renew_shift: renew.shift, show_mantissa: show.mantissa, show_shift: show.shift,
          cell_multiplier: cellArgument.multiplier, cell_shift: cellArgument.leftShift, cell_limit: limit,
        },
      },
      inputs: [0, 4, 5],
      constants: [
        constant(node, 'weights', 1, 'int8'), constant(node, 'recurrent', 2, 'int8'),
        { role: 'bias', dtype: 'int32', elements: 4 * units, make: () => node.constant(3)?.data ?? new Int32Array(4 * units) },
        { role: 'logistic', dtype: 'uint16', elements: logisticTable.length, make: () => logisticTable },
      ],
      scratchBytes: 8 * units,
      outputs: [0, 1, 2],
      overlaps: [],
      inputTypes: ['int8_t', 'int8_t', 'int16_t'],
      outputType: ['int8_t', 'int8_t', 'int16_t'],
      codeBytes: 900,
    };
  },
};

const lstmF32: Kernel = {
  header: { file: 'tml_lstm_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => hasWeights(node) && node.isConstant(4) === node.isConstant(5) && [0, 1, 2, 4, 5].every((i) => node.type(i).dtype === 'float32'),
  plan(node) {
    const units = node.staticType(2).shape[1];
    // Without a state of its own every run starts from the same constants.
    const startsOver = node.isConstant(4);
    return {
      function: startsOver ? 'tml_lstm_f32_const' : 'tml_lstm_f32',
      params: { type: 'tml_lstm_f32_params', members: { ...members(node), cell_limit: node.int('cellClip', 0) } },
      inputs: startsOver ? [0] : [0, 4, 5],
      constants: [
        constant(node, 'weights', 1, 'float32'), constant(node, 'recurrent', 2, 'float32'),
        { role: 'bias', dtype: 'float32', elements: 4 * units, make: () => node.constant(3)?.data ?? new Float32Array(4 * units) },
        ...(startsOver ? [constant(node, 'hidden', 4, 'float32'), constant(node, 'cell', 5, 'float32')] : []),
      ],
      scratchBytes: 16 * units,
      outputs: [0, 1, 2],
      overlaps: [],
      inputTypes: ['float', 'float', 'float'],
      outputType: 'float',
      codeBytes: 420,
    };
  },
};

export const lstmKernels: readonly Kernel[] = [lstmS8, lstmF32];
