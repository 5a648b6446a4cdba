import type { Node } from '../../ir/types';
import type { OpaqueAttributes } from '../../ops/opaque';
import { CannotWrite } from './mapping';

/** Ops whose inputs or attributes changed their meaning, and the last operator set in which they did. Source: onnx Changelog.md. */
const changedOps: Readonly<Record<string, number>> = {
  BatchNormalization: 9, Clip: 11, Dropout: 12, GroupNormalization: 21, Hardmax: 13, If: 13, LogSoftmax: 13, Loop: 13, OneHot: 11, Pad: 11, ReduceL1: 18, ReduceL2: 18, ReduceLogSum: 18,
  ReduceLogSumExp: 18, ReduceMax: 18, ReduceMean: 18, ReduceMin: 18, ReduceProd: 18, ReduceSum: 13, ReduceSumSquare: 18, Resize: 11, Scan: 13, Slice: 10, Softmax: 13, Split: 18, Squeeze: 13,
  TopK: 11, Unsqueeze: 13,
};

/** Throws for a node that was not understood and means something else under the operator set that is written. */
export function checkOpset(node: Node, opset: number): void {
  const { sourceOp, opsets, captureNames } = node.attributes as OpaqueAttributes;
  const read = Number(opsets.find((set) => set.startsWith('='))?.slice(1) ?? opset);
  const changed = captureNames.length || sourceOp in changedOps ? (changedOps[sourceOp] ?? opset) : 0;
  if (read < changed && changed <= opset) throw new CannotWrite(`${node.name} (${sourceOp}) was read under operator set ${read} and means something else in ${opset}`);
}
