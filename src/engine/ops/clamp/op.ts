import { tensorOf } from '../../ir/tensor';
import { clampedRange } from '../../quant/rounding';
import { clampReal, fusedClamp } from '../clamp-range';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { sameRows } from '../row-rule';
import { clampKernels } from './kernels';
import { clampOnnx } from './onnx';
import { clampTflite } from './tflite';
import { clampGradient } from '../elementwise-gradients';

/** Limits values to [clampMin, clampMax] in real numbers: ReLU, ReLU6, clip. */
export const clamp: OpDefinition = {
  name: 'clamp',
  label(node) {
    const { min, max } = fusedClamp(node);
    if (min === 0 && max === undefined) return 'ReLU';
    return min === 0 && max === 6 ? 'ReLU6' : 'Clip';
  },
  quantization: 'keeps',
  infer: (node) => [node.type(0)],
  evaluate(node, [input]) {
    const type = node.outputType();
    const { min, max } = fusedClamp(node);
    if (!type.quantization) return [tensorOf(type, input!.data.map((x) => clampReal(x, { min, max })))];
    const [low, high] = clampedRange(type, min, max);
    return [tensorOf(type, input!.data.map((code) => Math.min(high, Math.max(low, code))))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: clampKernels,
  coupling: elementwise,
  gradient: clampGradient,
  onnx: clampOnnx,
  tflite: clampTflite,
};
