import { codeRange } from '../ir/dtype';
import { realValues, tensorOf, type Tensor } from '../ir/tensor';
import type { RoundingRule, StaticType } from '../ir/types';
import { quantizeReal } from '../quant/rounding';
import { broadcastPairs } from './broadcast';
import type { NodeView } from './op';

/** Real results as the tensor that a node promises: codes where its output has a scale. */
export function realResult(rule: RoundingRule, type: StaticType, real: Float64Array): Tensor {
  const { quantization } = type;
  if (!quantization) return tensorOf(type, real);
  const range = codeRange(type.dtype);
  return tensorOf(type, real.map((x) => quantizeReal(rule, x, quantization.scale[0], quantization.zeroPoint[0], range)));
}

/** The real numbers that a tensor stands for, as a tensor: float32, as runtimes that dequantize hold them. */
export const realTensor = (tensor: Tensor): Tensor => ({ type: { dtype: 'float32', shape: tensor.type.shape }, data: Float32Array.from(realValues(tensor)) });

/** Element-wise op on codes by way of real numbers: dequantize, combine, quantize. */
export function realPairs(node: NodeView, a: Tensor, b: Tensor, combine: (x: number, y: number) => number): Tensor {
  const type = node.outputType();
  const real = broadcastPairs({ dtype: 'float64', shape: type.shape }, realTensor(a), realTensor(b), combine);
  return realResult(node.rounding, type, real.data as Float64Array);
}

/** True for a model whose integer arithmetic is TFLite's fixed point. */
export const isFixedPoint = (rule: RoundingRule): boolean => rule !== 'onnx-float-half-even';
