import { declaredType } from '../../formats/onnx/declared-type';
import type { OnnxNode } from '../../formats/onnx/mapping';
import type { ValueInfoProto } from '../../formats/onnx/schema';
import { constantOf, zeros } from '../../ir/tensor';
import type { StaticType, ValueId } from '../../ir/types';

/** What a loop makes in each round, along a new axis. */
export function joinSteps(node: OnnxNode, steps: readonly ValueId[], axis: number, declared: ValueInfoProto): ValueId {
  if (!steps.length) {
    const { dtype, shape } = declaredType(declared);
    const type: StaticType = { dtype, shape: [0, ...(shape ?? []).map((extent) => Math.max(0, extent))] };
    return node.editor.addValue(declared.name ?? '', type, constantOf(zeros(type)));
  }
  const rows = steps.map((id) => {
    const { shape } = node.typeOf(id);
    if (!shape || shape.some((extent) => extent < 0)) return node.refuse('a result of unknown shape');
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    return node.step('reshape', [id], { shape: [...shape.slice(0, at), 1, ...shape.slice(at)] });
  });
  const rank = (node.typeOf(rows[0]).shape ?? []).length;
  return rows.length === 1 ? rows[0] : node.step('concat', rows, { axis: axis < 0 ? axis + rank : axis });
}
