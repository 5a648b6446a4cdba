import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { ValueId } from '../../ir/types';
import { binaryFunctions, type BinaryFunction } from './functions';

export function binaryOnnx(entry: BinaryFunction): OnnxMapping {
  return {
    import: {
      [entry.onnx](node) {
        if (node.opset < 7 && node.int('broadcast', 0)) node.refuse('broadcasting of operator set 6');
        const meant = binaryFunctions.find((other) => other.onnx === entry.onnx && applies(other, node)) ?? node.refuse('an unknown variant');
        if (entry.variadic) emitAll(node, meant.name);
        else node.emit(meant.name, node.inputs.slice(0, 2));
      },
    },
    export: (_node, writer) => writer.emit(entry.onnx, writer.inputs, writer.outputs, entry.when),
  };
}

const applies = (entry: BinaryFunction, node: OnnxNode): boolean =>
  Object.entries(entry.when ?? {}).every(([key, value]) => (typeof value === 'number' ? node.int(key, 0) : node.text(key, '')) === value);

/** Operands from the left, two at a time. */
export function emitAll(node: OnnxNode, name: string): void {
  const inputs = node.inputs.filter((id): id is ValueId => id !== undefined);
  if (!inputs.length) node.refuse('no operands');
  if (inputs.length === 1) return node.alias(0, inputs[0]);
  const first = inputs.slice(1, -1).reduce((left, right) => node.step(name, [left, right]), inputs[0]);
  node.emit(name, [first, inputs[inputs.length - 1]]);
}
