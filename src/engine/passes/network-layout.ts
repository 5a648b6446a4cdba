import { GraphEditor } from '../ir/edit';
import type { Model, Node, ValueId } from '../ir/types';
import { opOf } from '../ops/table';

/**
 * The same model with its inputs in the layout that its layers work on: a transpose or a view at the boundary that nothing else
 * reads around is the caller's affair. Channels of a pixel then lie side by side, and a row of an image is one run of bytes.
 */
export function inNetworkLayout(model: Model): Model {
  const editor = GraphEditor.of(model.graph);
  const moveOf = (id: ValueId): Node | undefined => {
    const readers = editor.consumersOf(id);
    const op = readers.length === 1 ? opOf(readers[0]) : undefined;
    const isFree = !editor.outputs.includes(id) && editor.states.every((state) => state.output !== id);
    return isFree && (op?.onlyMoves || op?.isView) && readers[0].inputs[0] === id ? readers[0] : undefined;
  };
  editor.inputs = editor.inputs.map((input) => {
    let at = input;
    for (let move = moveOf(at); move; move = moveOf(at)) {
      editor.removeNode(move.id);
      at = move.outputs[0];
      editor.rename(at, editor.value(input).name);
    }
    return at;
  });
  return { ...model, graph: editor.finish() };
}
