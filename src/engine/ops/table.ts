import { add } from './add/op';
import { averagePool } from './average-pool/op';
import { batchNorm } from './batch-norm/op';
import { clamp } from './clamp/op';
import { concat } from './concat/op';
import { conv } from './conv/op';
import { dense } from './dense/op';
import { dequantize } from './dequantize/op';
import { hardSwish } from './hard-swish/op';
import { identity } from './identity/op';
import { leakyRelu } from './leaky-relu/op';
import { lstm } from './lstm/op';
import { maxPool } from './max-pool/op';
import { mul } from './mul/op';
import type { OpDefinition } from './op';
import { opaque } from './opaque';
import { pad } from './pad/op';
import { prelu } from './prelu/op';
import { quantize } from './quantize/op';
import { reduce } from './reduce/op';
import { reshape } from './reshape/op';
import { resize } from './resize/op';
import { sigmoid } from './sigmoid/op';
import { slice } from './slice/op';
import { softmax } from './softmax/op';
import { split } from './split/op';
import { sub } from './sub/op';
import { svdf } from './svdf/op';
import { tanh } from './tanh/op';
import { transpose } from './transpose/op';
import { transposeConv } from './transpose-conv/op';

/** Every op that the engine knows. Adding one is a folder and a line here. */
const definitions: readonly OpDefinition[] = [
  add, averagePool, batchNorm, clamp, concat, conv, dense, dequantize, hardSwish, identity, leakyRelu, lstm, maxPool, mul, opaque, pad, prelu,
  quantize, reduce, reshape, resize, sigmoid, slice, softmax, split, sub, svdf, tanh, transpose, transposeConv,
];

export const ops: ReadonlyMap<string, OpDefinition> = new Map(definitions.map((op) => [op.name, op]));

/** Definition of a node's op; every op in a graph is in the table. */
export function opOf(node: { readonly op: string }): OpDefinition {
  const op = ops.get(node.op);
  if (!op) throw new Error(`No op ${node.op}`);
  return op;
}
