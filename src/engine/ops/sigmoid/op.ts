import type { Tensor } from '../../ir/tensor';
import { fixedLogistic, inputRadius } from '../../quant/fixed-functions';
import { roundingShift, scaleTwice } from '../../quant/fixed-point';
import { int16Scale, logisticInt16 } from '../../quant/int16-functions';
import { quantizeMultiplier } from '../../quant/rounding';
import { codeFunction, realFunction } from '../code-function';
import { elementwise } from '../coupling';
import { logisticS16 } from '../logistic-s16';
import { lookup8 } from '../lookup';
import { realCodes, realMap } from '../map';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { sigmoidOnnx } from './onnx';
import { sigmoidTflite } from './tflite';
import { sigmoidGradient } from '../elementwise-gradients';

/** 1 / (1 + exp(-x)). */
export const sigmoid: OpDefinition = {
  name: 'sigmoid',
  label: () => 'Sigmoid',
  quantization: 'rescales',
  outputQuantization: { scale: [1 / 256], zeroPoint: [-128] },
  infer: (node) => [{ dtype: resultDtype(node), shape: node.type(0).shape }],
  evaluate(node, [input]) {
    const dtype = input!.type.quantization && isFixedPoint(node.rounding) ? input!.type.dtype : undefined;
    if (dtype === 'int8') return [fixedInt8(node, input!)];
    if (dtype === 'int16') {
      const scale = int16Scale(input!.type.quantization!.scale[0], [0]);
      return [codeFunction(node, input!, (code) => logisticInt16(code, scale))];
    }
    return [realFunction(node, input!, (x) => 1 / (1 + Math.exp(-x)))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: [lookup8(() => sigmoid), logisticS16('tml_logistic_s16', [0]), realMap('TML_SIGMOID_F32'), realCodes('TML_SIGMOID_CODE')],
  coupling: elementwise,
  gradient: sigmoidGradient,
  onnx: sigmoidOnnx,
  tflite: sigmoidTflite,
};

/** Argument with 4 integer bits; output scale 1/256, zero point -128. Source: TFLite reference_integer_ops::Logistic. */
function fixedInt8(node: NodeView, input: Tensor): Tensor {
  const { scale, zeroPoint } = input.type.quantization!;
  const { mantissa, shift } = quantizeMultiplier(scale[0] * 2 ** 27);
  const radius = inputRadius(4, shift);
  return codeFunction(node, input, (code) => {
    const x = code - zeroPoint[0];
    if (x <= -radius) return -128;
    if (x >= radius) return 127;
    const share = roundingShift(fixedLogistic(scaleTwice(x, mantissa, shift), 4), 23);
    return Math.min(127, Math.max(-128, share - 128));
  });
}
