import { GraphEditor } from '../../ir/edit';
import type { Graph, ValueId } from '../../ir/types';

/** A loop's body and, of what it makes, whether there is another round: outputs are that condition, then the body's. */
export function followedBy(body: Graph, condition: Graph): Graph {
  const editor = GraphEditor.of(body);
  const ids = new Map<ValueId, ValueId>(condition.inputs.map((id, i) => [id, body.outputs[i]]));
  for (const { id, name, type, constant } of condition.values.values()) if (!ids.has(id)) ids.set(id, editor.addValue(name, type, constant));
  for (const { op, name, inputs, outputs, attributes, origin } of condition.nodes) {
    editor.addNode({ op, name, inputs: inputs.map((id) => (id === undefined ? undefined : ids.get(id))), outputs: outputs.map((id) => ids.get(id)!), attributes, origin });
  }
  editor.outputs = [ids.get(condition.outputs[0])!, ...body.outputs];
  return editor.finish();
}
