import { elementCount } from '../ir/dtype';
import type { PackedConstant } from '../codegen/kernel';
import type { TfliteWriter } from '../formats/tflite/mapping';
import { realValues, tensorOf, type Tensor } from '../ir/tensor';
import type { StaticType } from '../ir/types';
import { combinedScale } from '../quant/rounding';
import type { NodeView } from './op';

/** Constants of layers with weights (input 1) and optional bias (input 2), as the portable kernels read them. */

export const weightsAsStored = (node: NodeView, dtype: 'int8' | 'float32'): PackedConstant => ({
  role: 'weights',
  dtype,
  elements: elementCount(node.staticType(1).shape),
  make: () => node.constant(1)!.data,
});

/** The bias, or zeros where there is none: a kernel then needs no branch. */
export function biasOrZeros(node: NodeView, dtype: 'int32' | 'float32', channels: number): PackedConstant {
  const zeros = (): Int32Array | Float32Array => (dtype === 'int32' ? new Int32Array(channels) : new Float32Array(channels));
  return { role: 'bias', dtype, elements: channels, make: () => node.constant(2)?.data ?? zeros() };
}

/** Input scale * weight scale / output scale per output channel, in float32 steps as onnxruntime computes it. */
export function outputScales(node: NodeView, channels: number): PackedConstant {
  return {
    role: 'scale',
    dtype: 'float32',
    elements: channels,
    make() {
      const input = node.staticType(0).quantization!.scale[0];
      const weights = node.staticType(1).quantization!.scale;
      const output = node.outputType().quantization!.scale[0];
      return Float32Array.from({ length: channels }, (_, c) => combinedScale(input, weights[weights.length === 1 ? 0 : c], output));
    },
  };
}

/** What a code of the weights stands for, per output channel, or per block of each. */
export function weightScales(node: NodeView, channels: number): PackedConstant {
  const { scale } = node.staticType(1).quantization!;
  const elements = Math.max(channels, scale.length);
  return { role: 'scale', dtype: 'float32', elements, make: () => Float32Array.from({ length: elements }, (_, i) => scale[scale.length === 1 ? 0 : i]) };
}

const realForms = new WeakMap<Tensor, Tensor>();

/** Weights as real numbers, for layers whose activations are real: codes through their scale, once for each tensor. */
export function realWeights(weights: Tensor): Tensor {
  if (!weights.type.quantization) return weights;
  let real = realForms.get(weights);
  if (!real) {
    // float32, as runtimes that dequantize weights before they multiply compute it.
    real = { type: { dtype: 'float32', shape: weights.type.shape }, data: Float32Array.from(realValues(weights)) };
    realForms.set(weights, real);
  }
  return real;
}

/** True where input, weights and output are int8 with quantization and the model rounds as onnxruntime does. */
export function isOnnxInt8(node: NodeView): boolean {
  const int8 = (type: { dtype: string; quantization?: unknown }): boolean => type.dtype === 'int8' && type.quantization !== undefined;
  return node.rounding === 'onnx-float-half-even' && int8(node.type(0)) && int8(node.type(1)) && int8(node.outputType()) && node.staticType(1).quantization!.zeroPoint.every((z) => z === 0);
}

export const isFloat32 = (node: NodeView, ...inputs: number[]): boolean =>
  node.outputType().dtype === 'float32' && inputs.every((i) => !node.has(i) || node.type(i).dtype === 'float32');

/** Weights are known, and so is the bias where there is one. */
export const hasConstantWeights = (node: NodeView): boolean => node.isConstant(1) && (!node.has(2) || node.isConstant(2));

/** TFLite's convolutions want a bias: the node's own, or zeros in the type that goes with its codes. */
export function tfliteBias(node: NodeView, writer: TfliteWriter): number {
  if (node.has(2)) return writer.inputs[2];
  const [input, weights, output] = [node.staticType(0), node.staticType(1), node.outputType()];
  const channels = weights.shape[0];
  const real: StaticType = { dtype: 'float32', shape: [channels] };
  if (!output.quantization) return writer.constant('bias', tensorOf(real, new Float32Array(channels)));
  const scale = weights.quantization!.scale.map((s) => s * input.quantization!.scale[0]);
  const quantization = { scale, zeroPoint: scale.map(() => 0), ...(scale.length > 1 ? { axis: 0 } : {}) };
  return writer.constant('bias', tensorOf({ dtype: output.dtype === 'int16' ? 'int64' : 'int32', shape: [channels], quantization }, new Float64Array(channels)));
}
