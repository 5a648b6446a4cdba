import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import { isFloat32 } from '../ops/weights';
import { NodeView } from '../ops/op';
import { opOf } from '../ops/table';
import type { StaticType } from '../ir/types';
import { editingPass } from './pass';

/**
 * A layer on real numbers whose weights the file holds in half precision reads them so: they take half the flash, and are the
 * same numbers.
 */
export const halfWeights = editingPass('half-weights', (editor, graph, model) => {
  for (const { id, op } of graph.nodes) {
    if (!opOf({ op }).scalesWeights) continue;
    const layer = editor.nodes.get(id)!;
    const weights = layer.inputs[1] === undefined ? undefined : editor.value(layer.inputs[1]);
    if (!weights?.constant?.fromHalf || !isFloat32(new NodeView(editor, layer, model.rounding), 0, 1)) continue;
    const type: StaticType = { dtype: 'float16', shape: weights.type.shape! };
    const half = editor.addValue(weights.name, type, constantOf(tensorOf(type, constantTensor(weights).data)));
    editor.replaceNode(id, { inputs: [layer.inputs[0], half, ...layer.inputs.slice(2)] });
  }
});
