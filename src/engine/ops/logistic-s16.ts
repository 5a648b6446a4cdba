import type { Kernel } from '../codegen/kernel';
import { functionsQ15Header } from '../codegen/runtime/requantize-header';
import { elementCount } from '../ir/dtype';
import { int16Scale, logisticTable, type Int16Scale } from '../quant/int16-functions';
import type { NodeView } from './op';
import { isFixedPoint } from './real-result';
import text from './tml_logistic_s16.h';

/** Beyond this the product with a code leaves 32 bits. */
const MOST_MULTIPLIER = 65535;

/** Kernel of a function that TFLite computes from the logistic table; `shifts` are powers of two that it takes without one. */
export function logisticS16(name: 'tml_logistic_s16' | 'tml_tanh_s16', shifts: readonly number[]): Kernel {
  const scaleOf = (node: NodeView): Int16Scale => int16Scale(node.staticType(0).quantization!.scale[0], shifts);
  return {
    header: { file: 'tml_logistic_s16.h', text, needs: [functionsQ15Header] },
    supports: (node) =>
      isFixedPoint(node.rounding) && [node.type(0), node.outputType()].every((type) => type.dtype === 'int16' && type.quantization !== undefined) && scaleOf(node).multiplier <= MOST_MULTIPLIER,
    plan(node) {
      const { multiplier, leftShift } = scaleOf(node);
      return {
        function: name,
        params: { type: 'tml_logistic_s16_params', members: { elements: elementCount(node.outputType().shape), multiplier, shift: leftShift } },
        inputs: [0],
        constants: [{ role: 'table', dtype: 'uint16', elements: logisticTable.length, make: () => logisticTable }],
        overlaps: [{ input: 0, same: true }],
        inputTypes: ['int16_t'],
        outputType: 'int16_t',
        codeBytes: 110,
      };
    },
  };
}
