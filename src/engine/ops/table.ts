import { add } from './add/op';
import { averagePool } from './average-pool/op';
import { batchNorm } from './batch-norm/op';
import { clamp } from './clamp/op';
import { conv } from './conv/op';
import { dense } from './dense/op';
import { dequantize } from './dequantize/op';
import { identity } from './identity/op';
import { maxPool } from './max-pool/op';
import type { OpDefinition } from './op';
import type { OnnxImporters } from '../formats/onnx/mapping';
import { opaque } from './opaque';
import { quantize } from './quantize/op';
import { reshape } from './reshape/op';
import { softmax } from './softmax/op';
import { transpose } from './transpose/op';

/** Every op that the engine knows. Adding one is a folder and a line here. */
const definitions: readonly OpDefinition[] = [
  add, averagePool, batchNorm, clamp, conv, dense, dequantize, identity, maxPool, opaque, quantize, reshape, softmax, transpose,
];

export const ops: ReadonlyMap<string, OpDefinition> = new Map(definitions.map((op) => [op.name, op]));

/** Definition of a node's op; every op in a graph is in the table. */
export function opOf(node: { readonly op: string }): OpDefinition {
  const op = ops.get(node.op);
  if (!op) throw new Error(`No op ${node.op}`);
  return op;
}

/** ONNX constructs that are made of other ops, or that vanish on import. */
const onnxOnly: readonly OnnxImporters[] = [];

/** ONNX op, with its domain in front unless it is the standard one, to what imports it. */
export function onnxImporters(): ReadonlyMap<string, OnnxImporters[string]> {
  return new Map([...definitions.map((op) => op.onnx?.import ?? {}), ...onnxOnly].flatMap((importers) => Object.entries(importers)));
}
