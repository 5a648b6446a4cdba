import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { dtypeOfOnnx } from '../../formats/onnx/tensor-proto';
import { isFloatType } from '../../ir/dtype';
import { constantOf, tensorOf } from '../../ir/tensor';

/** Windows of signal processing: constants of a size. Source: onnx Operators.md, HannWindow-17 and its neighbours. */
const cosines = (node: OnnxNode, weights: readonly number[]): void => {
  const size = node.integers(0, 'a size')[0];
  const dtype = dtypeOfOnnx(node.int('output_datatype', 1)) ?? 'other';
  if (!isFloatType(dtype)) return node.refuse('a window of integers');
  node.claim({ dtype, shape: [size] });
  const period = node.int('periodic', 1) ? size : size - 1;
  const values = Float64Array.from({ length: size }, (_, i) => weights.reduce((sum, w, k) => sum + w * Math.cos((2 * Math.PI * k * i) / period), 0));
  const type = { dtype, shape: [size] };
  node.result(0, type, constantOf(tensorOf(type, values)));
};

export const windowImporters: OnnxImporters = {
  HannWindow: (node) => cosines(node, [0.5, -0.5]),
  HammingWindow: (node) => cosines(node, [25 / 46, -21 / 46]),
  BlackmanWindow: (node) => cosines(node, [0.42, -0.5, 0.08]),
};
