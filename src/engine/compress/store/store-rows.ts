import { GraphEditor } from '../../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../../ir/tensor';
import type { Model, Node, NodeId, StaticType } from '../../ir/types';
import { damped, type InputStatistics } from '../prune/input-statistics';
import type { WeightRows } from './pass-on';

/** Damped covariance of inputs [depth, depth]: what errors of weights are multiplied with. The bias takes up what the means lose. */
export const momentsOf = (statistics: InputStatistics): Float64Array => damped(statistics, Array.from({ length: statistics.depth }, (_, i) => i));

/** Layers with constant weights of int8 or float32 around zero: those that C can store packed. */
export function packableLayers(model: Model, layers: readonly Node[]): Node[] {
  return layers.filter((node) => {
    const weights = model.graph.values.get(node.inputs[1]!);
    return weights?.constant && (weights.type.dtype === 'int8' || weights.type.dtype === 'float32') && !weights.type.quantization?.block && !weights.type.quantization?.zeroPoint.some((zero) => zero !== 0);
  });
}

/** A layer's weights as rows in the unit in which they are stored. */
export function weightRows(model: Model, node: Node): WeightRows {
  const { data, type } = constantTensor(model.graph.values.get(node.inputs[1]!)!);
  const depth = data.length / type.shape[0];
  const { scale } = type.quantization ?? { scale: [1] };
  return { values: data, depth, rowScale: Array.from({ length: type.shape[0] }, (_, o) => scale[scale.length === 1 ? 0 : o]), order: kernelOrder(node, type, depth) };
}

/** Kernels read channels last. */
function kernelOrder(node: Node, { shape }: StaticType, depth: number): number[] {
  const area = node.attributes.layout === 'nchw' ? shape.slice(2).reduce((a, b) => a * b, 1) : 1;
  const channels = depth / area;
  return Array.from({ length: depth }, (_, i) => (i % channels) * area + Math.floor(i / channels));
}

/** Weights in the unit they are stored in; the bias in real numbers, absent where it stays. */
export interface StoredRows {
  readonly values: ArrayLike<number>;
  readonly bias?: ArrayLike<number>;
}

/** The model with other weights in some layers. A layer without a bias gets none. */
export function withStoredWeights(model: Model, changes: ReadonlyMap<NodeId, StoredRows>): Model {
  const editor = GraphEditor.of(model.graph);
  for (const [id, { values, bias: wanted }] of changes) {
    const node = editor.nodes.get(id)!;
    const weights = editor.value(node.inputs[1]!);
    const type = weights.type as StaticType;
    const inputs = [...node.inputs];
    inputs[1] = editor.addValue(weights.name, type, constantOf(tensorOf(type, values)));
    const bias = node.inputs[2] === undefined ? undefined : editor.value(node.inputs[2]);
    if (wanted && bias?.constant) {
      const { type: stored } = bias;
      const scale = stored.quantization?.scale;
      const numbers = Float64Array.from(wanted, (b, o) => (scale ? Math.round(b / scale[scale.length === 1 ? 0 : o]) : b));
      inputs[2] = editor.addValue(bias.name, stored, constantOf(tensorOf(stored as StaticType, numbers)));
    }
    editor.replaceNode(id, { inputs });
  }
  return { ...model, graph: editor.finish() };
}
