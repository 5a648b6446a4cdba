import { codeRange } from '../ir/dtype';
import { realValues, zeros, type Tensor } from '../ir/tensor';
import type { NodeView } from './op';
import { realResult } from './real-result';

/** Result of a function of one number: real numbers as they are, codes by way of real numbers. */
export function realFunction(node: NodeView, input: Tensor, f: (x: number) => number): Tensor {
  return realResult(node.rounding, node.outputType(), realValues(input).map((x) => f(x)));
}

/** Result of a function from codes to codes, computed once for each of the 256 codes of 8 bits. */
export function codeFunction(node: NodeView, input: Tensor, f: (code: number) => number): Tensor {
  const result = zeros(node.outputType());
  const [low, high] = codeRange(input.type.dtype);
  if (high - low > 255) {
    for (let i = 0; i < result.data.length; i++) result.data[i] = f(input.data[i]);
    return result;
  }
  const table = Int32Array.from({ length: high - low + 1 }, (_, i) => f(i + low));
  for (let i = 0; i < result.data.length; i++) result.data[i] = table[input.data[i] - low];
  return result;
}
