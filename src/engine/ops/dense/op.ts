import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { asymmetricCodes, symmetricCodes } from '../../quant/hybrid';
import { clampedRange, requantizer } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import { input, joinAxes, joinRange, output } from '../coupling';
import { offsetsOf } from '../offsets';
import { isFixedPoint } from '../real-result';
import { resultDtype, ShapeError, type NodeView, type OpDefinition } from '../op';
import { realWeights } from '../weights';
import { denseCmsis } from './cmsis-nn';
import { denseAny, denseCoded } from './dense-any';
import { denseBlocks, denseSparse } from './dense-sparse';
import { denseDsp } from './dense-dsp';
import { denseMve } from './dense-mve';
import { denseF32Dsp } from './dense-f32-dsp';
import { denseF32 } from './dense-f32';
import { denseRunsS8 } from './dense-runs-s8';
import { denseQ31S8 } from './dense-q31-s8';
import { denseS8 } from './dense-s8';
import { weightedChannels } from '../weighted-channels';
import { denseOnnx } from './onnx';
import { denseTflite } from './tflite';
import { denseGradient } from './gradient';

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
    const { shape } = node.type(0);
    const dtype = resultDtype(node);
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
    const add = (o: number): number => (bias ? bias.data[o] : 0);
    if (!type.quantization && weights!.type.quantization && isFixedPoint(node.rounding) && !node.flag('realInputs')) return [hybrid(node, input!, weights!, bias)];
    if (!type.quantization) return [multiply(node, offsetsOf(input!), offsetsOf(realWeights(weights!)), (sum, o) => clampReal(sum + add(o), clamp))];
    const range = clampedRange(type, clamp.min, clamp.max);
    const options = { wideAccumulator: bias?.type.dtype !== 'int32', singlePrecisionProduct: true };
    const requantize = requantizer(node.rounding, input!.type.quantization!, weights!.type.quantization!, type, range, options);
    return [multiply(node, offsetsOf(input!), offsetsOf(weights!), (sum, o) => requantize(sum + add(o), o))];
  },
  kernels: [denseMve, denseDsp, denseBlocks, denseRunsS8, denseQ31S8, denseS8, denseF32Dsp, denseF32, denseAny, denseCoded, denseSparse, ...denseCmsis],
  channels: weightedChannels(() => 'mixes', () => false, { singlePrecisionProduct: true }),
  coupling: {
    join(node, entries) {
      const { shape } = node.staticType(0);
      const last = shape.length - 1;
      const [outputs, depth] = node.staticType(1).shape;
      joinAxes(node, entries, new Set([last]));
      joinRange(entries, input(0, last), input(1, 1), depth);
      joinRange(entries, output(last), input(1, 0), outputs);
      if (node.has(2)) joinRange(entries, output(last), input(2, 0), outputs);
    },
  },
  gradient: denseGradient,
  onnx: denseOnnx,
  tflite: denseTflite,
};

function multiply(node: NodeView, input: Float64Array, factors: Float64Array, finish: (sum: number, output: number, row: number) => number): Tensor {
  const result = zeros(node.outputType());
  const [outputs, depth] = node.staticType(1).shape;
  for (let row = 0; row * depth < input.length; row++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += input[row * depth + k] * factors[o * depth + k];
      result.data[row * outputs + o] = finish(sum, o, row);
    }
  }
  return result;
}

/** Integer weights, real activations that get a scale per row. Source: TFLite fully_connected.cc, EvalHybrid. */
function hybrid(node: NodeView, input: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor {
  const { fround } = Math;
  const depth = weights.type.shape[1];
  const { scale } = weights.type.quantization!;
  const encode = node.flag('asymmetricInputs') ? asymmetricCodes : symmetricCodes;
  const codes = Array.from({ length: input.data.length / depth }, (_, row) => encode(input.data, row * depth, (row + 1) * depth));
  const offsets = new Float64Array(input.data.length);
  codes.forEach((code, row) => offsets.set(code.offsets, row * depth));
  const clamp = fusedClamp(node);
  return multiply(node, offsets, offsetsOf(weights), (sum, o, row) => {
    const real = fround(fround(sum) * fround(codes[row].scale * scale[scale.length === 1 ? 0 : o]));
    return clampReal(bias ? fround(bias.data[o] + real) : real, clamp);
  });
}
