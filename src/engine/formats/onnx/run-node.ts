import { GraphEditor } from '../../ir/edit';
import { isStatic } from '../../ir/dtype';
import { constantOf, constantTensor, type Tensor } from '../../ir/tensor';
import type { ValueId } from '../../ir/types';
import { NotEvaluable, type OpaqueAttributes } from '../../ops/opaque';
import { NodeImporter } from './import-node';
import { nodeProto, type NodeProto } from './schema';
import { Scope } from './scope';
import { decodeMessage } from './wire';

const decoded = new WeakMap<Uint8Array, NodeProto>();

function protoOf(source: Uint8Array): NodeProto {
  let proto = decoded.get(source);
  if (!proto) decoded.set(source, (proto = decodeMessage<NodeProto>(nodeProto, source)));
  return proto;
}

/**
 * Results of an opaque ONNX node for known inputs: it is imported once more, with its inputs as constants, and folded. This
 * covers parameters that arrive as tensors, shapes that depend on data, branches and loops. Throws `NotEvaluable`.
 */
export function runOpaque(name: string, attributes: OpaqueAttributes, inputs: readonly (Tensor | undefined)[], wanted: readonly boolean[]): readonly (Tensor | undefined)[] {
  const { source, opsets, declaredInputs, captureNames, sourceOp } = attributes;
  const editor = new GraphEditor(name);
  // Everything is wanted here: no result is too large to compute.
  editor.grownBytes = -Infinity;
  editor.foldsAll = true;
  const scope = new Scope();
  const add = (label: string, tensor: Tensor): ValueId => {
    const id = editor.addValue(label, { ...tensor.type, quantization: undefined }, constantOf(tensor));
    scope.set(label, id);
    return id;
  };
  const inputNames = inputs.slice(0, declaredInputs).map((tensor, i) => {
    if (!tensor) return '';
    add(`input_${i}`, tensor);
    return `input_${i}`;
  });
  captureNames.forEach((captured, i) => add(captured, inputs[declaredInputs + i]!));
  const outputNames = wanted.map((isWanted, i) => (isWanted ? `output_${i}` : ''));
  const importer = new NodeImporter(editor, { functions: new Map(), external: undefined, isEvaluation: true });
  const versions = new Map(opsets.map((set) => [set.slice(0, set.lastIndexOf('=')), Number(set.slice(set.lastIndexOf('=') + 1))]));
  importer.addNodes([{ ...protoOf(source), name, input: inputNames, output: outputNames }], scope, versions, new Map());
  return outputNames.map((output) => {
    if (output === '') return undefined;
    const value = editor.value(scope.get(output)!);
    if (!value.constant || !isStatic(value.type)) throw new NotEvaluable(`${sourceOp} (${name}) has no result that can be computed`);
    return constantTensor(value);
  });
}
