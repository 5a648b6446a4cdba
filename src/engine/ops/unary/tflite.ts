import type { TfliteMapping } from '../../formats/tflite/mapping';
import type { UnaryFunction } from './functions';

/** TFLite's name of a function of the table; codes are refused, as TFLite's tables for them are not reproduced here. */
export function unaryTflite(entry: UnaryFunction): TfliteMapping | undefined {
  const { name, tflite } = entry;
  if (!tflite) return undefined;
  return {
    import: {
      [tflite](node) {
        if (node.type(0).quantization) return node.refuse('codes');
        const attributes: Record<string, number | string> = { ...entry.parameters };
        for (const [key, values] of Object.entries(entry.choices ?? {})) attributes[key] = values[node.number(key)] ?? values[0];
        node.emit(name, [node.inputs[0]], attributes);
      },
    },
    export(node, writer) {
      const choices = Object.entries(entry.choices ?? {}).map(([key, values]) => [key, Math.max(0, values.indexOf(node.attributes[key] as string | number))]);
      writer.emit(tflite, writer.inputs, writer.outputs, Object.fromEntries(choices));
    },
  };
}
