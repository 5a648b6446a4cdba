import { reshaped, type Tensor } from '../../ir/tensor';
import type { Graph, StaticType, SubGraph, TensorType } from '../../ir/types';
import { InterpretedGraph } from '../../verify/interpret';
import { ShapeError, type NodeView } from '../op';

/** A graph that a node runs. */
export function graphIn(node: NodeView, name: string): Graph {
  const attribute = node.attributes[name] as SubGraph | undefined;
  if (attribute?.kind !== 'graph') throw new ShapeError(`${node.node.op} needs the graph ${name}`);
  return attribute.graph;
}

export const resultTypes = (graph: Graph): TensorType[] => graph.outputs.map((id) => graph.values.get(id)!.type);

/** Types that two ways to the same results have in common: an extent in which they differ is unknown. */
export function joined(left: readonly TensorType[], right: readonly TensorType[]): TensorType[] {
  return left.map((type, i) => {
    const other = right[i]?.shape;
    const same = type.shape && other && type.shape.length === other.length;
    return { ...type, shape: same ? type.shape!.map((extent, axis) => (extent === other[axis] ? extent : -1)) : undefined };
  });
}

const interpreted = new WeakMap<Graph, InterpretedGraph>();

export function runGraph(node: NodeView, name: string, values: readonly (Tensor | undefined)[]): Tensor[] {
  const graph = graphIn(node, name);
  let runner = interpreted.get(graph);
  if (!runner) interpreted.set(graph, (runner = new InterpretedGraph(graph, node.rounding)));
  if (graph.inputs.length !== values.length) throw new ShapeError(`a graph of ${graph.inputs.length} inputs for ${values.length} values`);
  // Codes keep their scale; a scalar may be declared as a list of one.
  return runner.run(values.map((tensor, i) => withDeclaredRank(tensor ?? missing(node, i), graph.values.get(graph.inputs[i])!.type)));
}

function withDeclaredRank(tensor: Tensor, { shape }: TensorType): Tensor {
  const known = shape?.every((extent) => extent >= 0) && shape.reduce((a, b) => a * b, 1) === tensor.data.length;
  return known && shape!.length !== tensor.type.shape.length ? reshaped(tensor, shape as StaticType['shape']) : tensor;
}

export function missing(node: NodeView, index: number): never {
  throw new ShapeError(`input ${index} of ${node.node.name} is left out`);
}
