import { isCodes } from '../../codegen/element-types';
import type { Tensor } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import { codeFunction, realFunction } from '../code-function';
import { elementwise } from '../coupling';
import { roundingsOf } from '../fixed-weights';
import { lookup8 } from '../lookup';
import { codeMap, realCodes, realMap, type MapFunction } from '../map';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { leakyReluOnnx } from './onnx';
import { leakyReluTflite } from './tflite';

/** x where it is positive, alpha * x elsewhere. Attribute: alpha. */
export const leakyRelu: OpDefinition = {
  name: 'leaky_relu',
  label: () => 'LeakyReLU',
  quantization: 'rescales',
  infer: (node) => [{ dtype: resultDtype(node), shape: node.type(0).shape }],
  evaluate(node, [input]) {
    if (input!.type.quantization && isFixedPoint(node.rounding)) return [fixedLeaky(node, input!)];
    const alpha = node.int('alpha');
    return [realFunction(node, input!, (x) => (x > 0 ? x : x * alpha))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: [lookup8(() => leakyRelu), codeMap(leakyCodes), realMap('TML_LEAKY_RELU_F32', (node) => [node.int('alpha')]), realCodes('TML_LEAKY_RELU_CODE', (node) => node.int('alpha'))],
  coupling: elementwise,
  onnx: leakyReluOnnx,
  tflite: leakyReluTflite,
};

/** Multipliers of positive and negative inputs. Scales are combined in float32. Source: TFLM leaky_relu_common.cc. */
function multipliersOf(node: NodeView): { readonly identity: Multiplier; readonly slope: Multiplier; readonly sign: number } {
  const [from, to] = [node.staticType(0).quantization!, node.outputType().quantization!];
  const slope = Math.fround(Math.fround(from.scale[0] * Math.fround(node.int('alpha'))) / to.scale[0]);
  return { identity: quantizeMultiplier(Math.fround(from.scale[0] / to.scale[0])), slope: quantizeMultiplier(Math.abs(slope)), sign: slope < 0 ? -1 : 1 };
}

type Multiplier = ReturnType<typeof quantizeMultiplier>;

/** Source: reference_ops QuantizeLeakyRelu. */
function fixedLeaky(node: NodeView, input: Tensor): Tensor {
  const type = node.outputType();
  const [from, to] = [input.type.quantization!, type.quantization!];
  const multipliers = multipliersOf(node);
  const [identity, size] = [multipliers.identity, multipliers.slope].map((multiplier) => scalerOf(node.rounding, multiplier));
  const [low, high] = codeRange(type.dtype);
  return codeFunction(node, input, (code) => {
    const x = code - from.zeroPoint[0];
    return Math.min(high, Math.max(low, (x >= 0 ? identity(x) : multipliers.sign * size(x)) + to.zeroPoint[0]));
  });
}

/** Codes of 16 bits in fixed point; those of 8 bits have a table. */
function leakyCodes(node: NodeView): MapFunction | undefined {
  if (!isFixedPoint(node.rounding) || !isCodes(node.type(0)) || !isCodes(node.outputType())) return undefined;
  const { identity, slope, sign } = multipliersOf(node);
  return {
    name: 'TML_LEAKY_CODE',
    members: { mantissa: identity.mantissa, shift: identity.shift, slope_mantissa: slope.mantissa, slope_shift: slope.shift, slope_sign: sign, roundings: roundingsOf(node) },
  };
}
