import type { OnnxNode } from '../../formats/onnx/mapping';
import type { GraphProto } from '../../formats/onnx/schema';
import type { ValueId } from '../../ir/types';
import { MAX_UNROLLED_ROUNDS } from './unroll';

/** One round of a loop that is unrolled. */
export function runBody(node: OnnxNode, body: GraphProto, inputs: readonly ValueId[], round: number): readonly ValueId[] {
  if (!node.isEvaluation && round >= MAX_UNROLLED_ROUNDS) node.refuse(`a loop of more than ${MAX_UNROLLED_ROUNDS} rounds`);
  return node.inline(body, inputs);
}
