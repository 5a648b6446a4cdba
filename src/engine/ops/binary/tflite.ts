import type { TfliteMapping } from '../../formats/tflite/mapping';
import { equalQuantization } from '../../quant/equal';
import type { BinaryFunction } from './functions';

/** Functions that only compare numbers: under one scale codes compare as they do. */
const comparing = new Set(['MAXIMUM', 'MINIMUM', 'EQUAL', 'LESS', 'LESS_EQUAL', 'GREATER', 'GREATER_EQUAL']);

export function binaryTflite(entry: BinaryFunction): TfliteMapping | undefined {
  const { name, tflite } = entry;
  if (!tflite) return undefined;
  return {
    import: {
      [tflite](node) {
        const [a, b] = [node.type(0).quantization, node.type(1).quantization];
        if ((a || b) && !(comparing.has(tflite) && equalQuantization(a, b))) return node.refuse('codes under different scales');
        if (tflite === 'DIV') return node.emitActivated(name, node.inputs);
        node.emit(name, node.inputs);
      },
    },
    export: (_node, writer) => writer.emit(tflite, writer.inputs, writer.outputs, tflite === 'DIV' ? { fusedActivationFunction: writer.activation() } : {}),
  };
}
