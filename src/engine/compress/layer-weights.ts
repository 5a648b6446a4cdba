import { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import type { Model, NodeId, StaticType } from '../ir/types';

/** Real weights and bias of a layer. */
export interface LayerWeights {
  readonly weights: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** The bias, or zeros where there is none. */
export function layerWeights(model: Model, id: NodeId): LayerWeights {
  const node = model.graph.nodes.find((other) => other.id === id)!;
  const { data, type } = constantTensor(model.graph.values.get(node.inputs[1]!)!);
  return { weights: data, bias: node.inputs[2] === undefined ? new Float64Array(type.shape[0]) : constantTensor(model.graph.values.get(node.inputs[2])!).data };
}

/** The model with other weights of the same shapes in some layers; constants that others share stay as they are for those. */
export function withWeights(model: Model, changes: ReadonlyMap<NodeId, LayerWeights>): Model {
  const editor = GraphEditor.of(model.graph);
  for (const [id, { weights, bias }] of changes) {
    const node = editor.nodes.get(id)!;
    const old = editor.value(node.inputs[1]!);
    const type = old.type as StaticType;
    const biasType: StaticType = { dtype: 'float32', shape: [type.shape[0]] };
    const biasName = node.inputs[2] === undefined ? `${node.name}.bias` : editor.value(node.inputs[2]).name;
    const isNeeded = node.inputs[2] !== undefined || Array.prototype.some.call(bias, (b: number) => b !== 0);
    editor.replaceNode(id, {
      inputs: [
        node.inputs[0], editor.addValue(old.name, type, constantOf(tensorOf(type, weights))),
        ...(isNeeded ? [editor.addValue(biasName, biasType, constantOf(tensorOf(biasType, bias)))] : []),
      ],
    });
  }
  return { ...model, graph: editor.finish() };
}
