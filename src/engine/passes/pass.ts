import { GraphEditor } from '../ir/edit';
import type { Graph, Model } from '../ir/types';

/** A step from one model to another; inputs are never changed. */
export interface Pass {
  readonly name: string;
  run(model: Model): Model;
}

/** A pass that edits a private copy of the graph. */
export function editingPass(name: string, edit: (editor: GraphEditor, graph: Graph, model: Model) => void): Pass {
  return {
    name,
    run(model) {
      const editor = GraphEditor.of(model.graph);
      edit(editor, model.graph, model);
      return { ...model, graph: editor.finish() };
    },
  };
}

export function runPasses(model: Model, passes: readonly Pass[], after?: (pass: Pass, model: Model) => void): Model {
  return passes.reduce((current, pass) => {
    const next = pass.run(current);
    after?.(pass, next);
    return next;
  }, model);
}
