import type { Tensor } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { roundingShift } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import { codeFunction, realFunction } from '../code-function';
import { elementwise } from '../coupling';
import { lookup8 } from '../lookup';
import { realCodes, realMap } from '../map';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { hardSwishOnnx } from './onnx';
import { hardSwishTflite } from './tflite';

/** x * min(max(x + 3, 0), 6) / 6. */
export const hardSwish: OpDefinition = {
  name: 'hard_swish',
  label: () => 'HardSwish',
  quantization: 'rescales',
  infer: (node) => [{ dtype: resultDtype(node), shape: node.type(0).shape }],
  evaluate(node, [input]) {
    if (input!.type.quantization && isFixedPoint(node.rounding)) return [fixedHardSwish(node, input!)];
    return [realFunction(node, input!, (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6)];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: [lookup8(() => hardSwish), realMap('TML_HARD_SWISH_F32'), realCodes('TML_HARD_SWISH_CODE')],
  coupling: elementwise,
  onnx: hardSwishOnnx,
  tflite: hardSwishTflite,
};

const saturate16 = (x: number): number => Math.min(32767, Math.max(-32768, x));

/** SaturatingRoundingDoublingHighMul of 16-bit numbers. */
function highMul16(a: number, b: number): number {
  const product = a * b;
  return saturate16(Math.trunc((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15)));
}

/** Q31 mantissa to Q15. Source: TFLite DownScaleInt32ToInt16Multiplier. */
const mantissa16 = (mantissa: number): number => (mantissa >= 2147450879 ? 32767 : Math.floor((mantissa + (1 << 15)) / (1 << 16)));

/** All in 16-bit fixed point with 7 bits of headroom. Source: TFLite reference_ops HardSwish. */
function fixedHardSwish(node: NodeView, input: Tensor): Tensor {
  const { fround } = Math;
  const type = node.outputType();
  const [from, to] = [input.type.quantization!, type.quantization!];
  const fine = fround(from.scale[0] / 128);
  const output = quantizeMultiplier(fround(fine / to.scale[0]));
  const gate = quantizeMultiplier(fround(fine / fround(3 / 32768)));
  const [outputMantissa, gateMantissa] = [mantissa16(output.mantissa), mantissa16(gate.mantissa)];
  const [low, high] = codeRange(type.dtype);
  return codeFunction(node, input, (code) => {
    const x = (code - from.zeroPoint[0]) * 128;
    const onOutput = highMul16(x, outputMantissa);
    let share = x;
    if (gate.shift > 0) share = saturate16(share * 2 ** (gate.shift - 1));
    share = highMul16(share, gateMantissa);
    if (gate.shift > 0) share = saturate16(share * 2);
    if (gate.shift < 0) share = roundingShift(share, -gate.shift);
    share = (share + (1 << 15)) >> 1;
    const product = Math.trunc((share * onOutput) / (1 << 15));
    return Math.min(high, Math.max(low, roundingShift(product, -output.shift) + to.zeroPoint[0]));
  });
}
