import type { GraphEditor } from '../../ir/edit';
import type { ValueId } from '../../ir/types';
import { identity } from '../../ops/identity/op';

/** The value under the name that the output has: some nodes vanish on import, and their output with them. */
export function namedOutput(editor: GraphEditor, id: ValueId, name: string): ValueId {
  const value = editor.value(id);
  if (value.name === name) return id;
  if (value.constant) return editor.addValue(name, value.type, value.constant);
  if (editor.inputs.includes(id) || editor.outputs.includes(id)) {
    const output = editor.addValue(name, value.type);
    editor.addNode({ op: identity.name, name, inputs: [id], outputs: [output] });
    return output;
  }
  editor.rename(id, name);
  return id;
}
