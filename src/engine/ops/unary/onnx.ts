import type { OnnxAttributeValue, OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { Attributes } from '../../ir/types';
import type { UnaryFunction } from './functions';

export function unaryOnnx(entry: UnaryFunction): OnnxMapping {
  const parameters = Object.entries(entry.parameters ?? {});
  const choices = Object.entries(entry.choices ?? {});
  return {
    import: {
      [entry.onnx](node) {
        const attributes: Record<string, number | string> = {};
        for (const [key, otherwise] of parameters) attributes[key] = node.float(key, otherwise);
        for (const [key, values] of choices) attributes[key] = chosen(node, key, values);
        node.emit(entry.name, [node.inputs[0]], attributes as Attributes);
      },
    },
    since: () => entry.since ?? 0,
    export(node, writer) {
      const attributes: Record<string, OnnxAttributeValue> = {};
      for (const [key] of parameters) attributes[key] = { float: node.attributes[key] as number };
      for (const [key] of choices) attributes[key] = node.attributes[key] as number | string;
      writer.emit(entry.onnx, writer.inputs, writer.outputs, attributes);
    },
  };
}

/** Texts default to the first choice, flags to 1: so do all that ONNX has here. */
function chosen(node: OnnxNode, key: string, values: readonly (string | number)[]): string | number {
  const value = typeof values[0] === 'string' ? node.text(key, values[0]) : node.int(key, 1);
  return values.includes(value) ? value : node.refuse(`${key} = ${value}`);
}
