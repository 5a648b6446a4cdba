import type { TfliteMapping } from '../../formats/tflite/mapping';
import type { BinaryFunction } from './functions';

/** Functions that TFLite has; `codes` where its kernels work on codes as they are. */
const operators: Readonly<Record<string, { readonly operator: string; readonly codes?: boolean }>> = {
  div: { operator: 'DIV' }, pow: { operator: 'POW' }, mod: { operator: 'FLOOR_MOD' }, min: { operator: 'MINIMUM', codes: true }, max: { operator: 'MAXIMUM', codes: true },
  equal: { operator: 'EQUAL', codes: true }, less: { operator: 'LESS', codes: true }, less_equal: { operator: 'LESS_EQUAL', codes: true },
  greater: { operator: 'GREATER', codes: true }, greater_equal: { operator: 'GREATER_EQUAL', codes: true }, logical_and: { operator: 'LOGICAL_AND' },
  logical_or: { operator: 'LOGICAL_OR' }, bitwise_xor: { operator: 'BITWISE_XOR' }, shift_right: { operator: 'RIGHT_SHIFT' },
};

export function binaryTflite(entry: BinaryFunction): TfliteMapping | undefined {
  const found = operators[entry.name];
  if (!found) return undefined;
  const { operator, codes } = found;
  return {
    import: {
      [operator](node) {
        if (codes) node.needOneScale();
        else node.needReal();
        node.emitActivated(entry.name, node.inputs);
      },
    },
    export(node, writer) {
      if (!codes && node.type(0).quantization) return writer.refuse('codes in place of real numbers');
      writer.emit(operator, writer.inputs, writer.outputs);
    },
  };
}
