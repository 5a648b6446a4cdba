import { usesOf } from '../ir/traverse';
import { dequantize } from '../ops/dequantize/op';
import { quantize } from '../ops/quantize/op';
import { editingPass } from './pass';

/**
 * An input that is only quantized, and an output that is only dequantized, become codes: the caller quantizes with the
 * generated helper, and the arena holds one byte a value instead of four.
 */
export const stripBoundary = editingPass('strip-boundary', (editor, graph) => {
  const uses = usesOf(graph);
  for (const input of graph.inputs) {
    const consumers = uses.consumers.get(input) ?? [];
    if (consumers.length !== 1 || consumers[0].op !== quantize.name || editor.value(input).type.quantization || graph.outputs.includes(input)) continue;
    const [first] = consumers;
    const codes = first.outputs[0];
    editor.removeNode(first.id);
    editor.rename(codes, editor.value(input).name);
    editor.inputs = editor.inputs.map((id) => (id === input ? codes : id));
  }
  for (const output of graph.outputs) {
    const producer = uses.producer.get(output);
    if (producer?.op !== dequantize.name) continue;
    const codes = producer.inputs[0]!;
    if (graph.outputs.includes(codes) || editor.value(codes).constant || editor.inputs.includes(codes)) continue;
    editor.rename(codes, editor.value(output).name);
    editor.outputs = editor.outputs.map((id) => (id === output ? codes : id));
  }
});
