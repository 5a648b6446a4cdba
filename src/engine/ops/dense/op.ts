import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { realWeights } from '../weights';
import { denseF32 } from './dense-f32';
import { denseS8 } from './dense-s8';
import { denseOnnx } from './onnx';

/**
 * Fully connected layer. Inputs: rows [..., K], weights [O, K], optional bias [O]. Output [..., O]. Attributes: clampMin,
 * clampMax.
 */
export const dense: OpDefinition = {
  name: 'dense',
  label: () => 'Dense',
  family: 'dense',
  quantization: 'rescales',
  scalesWeights: true,
  fusesClamp: true,
  infer(node) {
    const { shape, dtype } = node.type(0);
    const [outputs, depth] = node.staticType(1).shape;
    if (!shape) return [{ dtype, shape: undefined }];
    const last = shape[shape.length - 1];
    if (shape.length < 1 || (last >= 0 && last !== depth)) throw new ShapeError(`rows of ${last} values, weights for ${depth}`);
    return [{ dtype, shape: [...shape.slice(0, -1), outputs] }];
  },
  macs: (node) => elementCount(node.staticType(0).shape) * node.staticType(1).shape[0],
  evaluate(node, [input, weights, bias]) {
    const type = node.outputType();
    const clamp = fusedClamp(node);
    if (!type.quantization) return [multiply(node, input!, realWeights(weights!), 0, (sum, o) => clampReal(sum + (bias ? bias.data[o] : 0), clamp))];
    const from = input!.type.quantization!;
    const requantize = requantizer(node.rounding, from, weights!.type.quantization!, type, clampedRange(type, clamp.min, clamp.max));
    return [multiply(node, input!, weights!, from.zeroPoint[0], (sum, o) => requantize(sum + (bias ? bias.data[o] : 0), o))];
  },
  kernels: [denseS8, denseF32],
  onnx: denseOnnx,
};

function multiply(node: NodeView, input: Tensor, weights: Tensor, zeroPoint: number, finish: (sum: number, output: number) => number): Tensor {
  const result = zeros(node.outputType());
  const [outputs, depth] = weights.type.shape;
  for (let row = 0; row * depth < input.data.length; row++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += (input.data[row * depth + k] - zeroPoint) * weights.data[o * depth + k];
      result.data[row * outputs + o] = finish(sum, o);
    }
  }
  return result;
}
