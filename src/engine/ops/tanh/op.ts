import type { Tensor } from '../../ir/tensor';
import { fixedTanh, inputRadius } from '../../quant/fixed-functions';
import { roundingShift, scaleTwice } from '../../quant/fixed-point';
import { int16Scale, tanhInt16 } from '../../quant/int16-functions';
import { quantizeMultiplier } from '../../quant/rounding';
import { codeFunction, realFunction } from '../code-function';
import { elementwise } from '../coupling';
import { logisticS16 } from '../logistic-s16';
import { lookup8 } from '../lookup';
import { realCodes, realMap } from '../map';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { tanhOnnx } from './onnx';
import { tanhTflite } from './tflite';
import { tanhGradient } from '../elementwise-gradients';

/** Hyperbolic tangent. */
export const tanh: OpDefinition = {
  name: 'tanh',
  label: () => 'Tanh',
  quantization: 'rescales',
  outputQuantization: { scale: [1 / 128], zeroPoint: [0] },
  infer: (node) => [{ dtype: resultDtype(node), shape: node.type(0).shape }],
  evaluate(node, [input]) {
    const dtype = input!.type.quantization && isFixedPoint(node.rounding) ? input!.type.dtype : undefined;
    if (dtype === 'int8') return [fixedInt8(node, input!)];
    if (dtype === 'int16') {
      const scale = int16Scale(input!.type.quantization!.scale[0], [0, 1]);
      return [codeFunction(node, input!, (code) => tanhInt16(code, scale))];
    }
    return [realFunction(node, input!, Math.tanh)];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: [lookup8(() => tanh), logisticS16('tml_tanh_s16', [0, 1]), realMap('TML_TANH_F32'), realCodes('TML_TANH_CODE')],
  coupling: elementwise,
  gradient: tanhGradient,
  onnx: tanhOnnx,
  tflite: tanhTflite,
};

/** Argument with 4 integer bits; output scale 1/128, zero point 0. Source: TFLite reference_integer_ops::Tanh. */
function fixedInt8(node: NodeView, input: Tensor): Tensor {
  const { scale, zeroPoint } = input.type.quantization!;
  const { mantissa, shift } = quantizeMultiplier(scale[0] * 2 ** 27);
  const radius = inputRadius(4, shift);
  return codeFunction(node, input, (code) => {
    const x = code - zeroPoint[0];
    if (x <= -radius) return -128;
    if (x >= radius) return 127;
    return Math.min(127, Math.max(-128, roundingShift(fixedTanh(scaleTwice(x, mantissa, shift), 4), 24)));
  });
}
