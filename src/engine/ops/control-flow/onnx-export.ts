import type { OnnxWriter } from '../../formats/onnx/mapping';
import type { NodeView } from '../op';
import { carriedOf, isCounted } from './counted';
import { followedBy } from './followed-by';
import { graphIn } from './inner-graph';

export function exportConditional(node: NodeView, writer: OnnxWriter): void {
  const [condition, ...outer] = writer.inputs;
  writer.emit('If', [condition], writer.outputs, { then_branch: writer.graph(graphIn(node, 'then'), outer), else_branch: writer.graph(graphIn(node, 'else'), outer) });
}

/** A body in ONNX reads a round's number and the condition, whether it needs them or not. */
const [round, condition] = [{ dtype: 'int64', shape: [] }, { dtype: 'bool', shape: [] }] as const;

export function exportLoop(node: NodeView, writer: OnnxWriter): void {
  if (isCounted(node)) {
    const own = 2 + carriedOf(node);
    const body = writer.graph(graphIn(node, 'body'), writer.inputs.slice(own), [condition]);
    const [first, ...rest] = body.input;
    // The round's number comes first.
    writer.emit('Loop', writer.inputs.slice(0, own), writer.outputs, { body: { ...body, input: [rest[0], first, ...rest.slice(1)] } });
  } else {
    // Whether there is a first round is asked before; each round asks whether there is another.
    const [begins] = writer.inline(graphIn(node, 'condition'), writer.inputs);
    const body = followedBy(graphIn(node, 'body'), graphIn(node, 'condition'));
    writer.emit('Loop', ['', begins, ...writer.inputs], writer.outputs, { body: writer.graph(body, [], [round, condition]) });
  }
}
