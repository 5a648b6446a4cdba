import { impliesClamp } from '../ops/clamp-range';
import { opOf } from '../ops/table';
import { editingPass } from './pass';

/** ReLU before codes whose smallest stands for zero, and the like: the type says it already. */
export const dropImpliedClamps = editingPass('drop-implied-clamps', (editor, graph) => {
  for (const node of graph.nodes) {
    const { clampMin, clampMax, ...attributes } = node.attributes;
    if (!opOf(node).fusesClamp || (clampMin === undefined && clampMax === undefined)) continue;
    if (!impliesClamp(graph.values.get(node.outputs[0])!.type, { min: clampMin as number | undefined, max: clampMax as number | undefined })) continue;
    editor.replaceNode(node.id, { attributes });
  }
});
