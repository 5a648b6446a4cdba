import { isCodes } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import { quantizeMultiplier } from '../../quant/rounding';
import { roundingsOf } from '../fixed-weights';
import { codeMap, type MapFunction } from '../map';
import { isFixedPoint } from '../real-result';
import { requantizeKernel } from './requantize-kernel';
import text from './tml_quantize_f32_s8.h';

const quantizeF32S8: Kernel = {
  header: { file: 'tml_quantize_f32_s8.h', text, needs: [baseHeader] },
  supports: (node) =>
    node.rounding === 'onnx-float-half-even' && node.type(0).dtype === 'float32' && node.outputType().dtype === 'int8' && node.outputType().quantization!.axis === undefined,
  plan(node) {
    const { quantization, shape } = node.outputType();
    return {
      function: 'tml_quantize_f32_s8',
      params: { type: 'tml_quantize_f32_s8_params', members: { elements: elementCount(shape), scale: Math.fround(quantization!.scale[0]), zero_point: quantization!.zeroPoint[0] } },
      inputs: [0],
      constants: [],
      inputTypes: ['float'],
      outputType: 'int8_t',
      codeBytes: 90,
    };
  },
};

/** Real numbers to codes of any type, by either rule for ties. */
const quantizeReals = codeMap((node) =>
  node.type(0).dtype === 'float32' && isCodes(node.outputType())
    ? { name: isFixedPoint(node.rounding) ? 'TML_CODE_AWAY' : 'TML_CODE_EVEN', members: { out_scale: Math.fround(node.outputType().quantization!.scale[0]) } }
    : undefined,
);

/** Codes to codes: by way of real numbers, or in fixed point for the types that `requantizeKernel` has no function of its own for. */
const rescale = codeMap((node): MapFunction | undefined => {
  const [from, to] = [node.type(0), node.outputType()];
  if (!isCodes(from) || !isCodes(to)) return undefined;
  const [scale, outScale] = [from.quantization!.scale[0], to.quantization!.scale[0]];
  if (!isFixedPoint(node.rounding)) return { name: 'TML_RESCALE_REAL', members: { scale: Math.fround(scale), out_scale: Math.fround(outScale) } };
  const { mantissa, shift } = quantizeMultiplier(scale / outScale);
  return { name: 'TML_RESCALE_FIXED', members: { mantissa, shift, roundings: roundingsOf(node) } };
});

export const quantizeKernels: readonly Kernel[] = [quantizeF32S8, requantizeKernel, quantizeReals, rescale];
