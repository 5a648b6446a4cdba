import type { Graph, StaticType, SubGraph, TensorType } from '../../ir/types';
import { macsOfGraph } from '../../cost/graph-macs';
import { InterpretedGraph } from '../../verify/interpret';
import { NotEvaluable } from '../opaque';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { conditionalTflite, loopTflite } from './tflite';
import { reshaped, type Tensor } from '../../ir/tensor';

/**
 * One of two graphs, as the data say. Inputs: the condition, then what both graphs read. Attributes: then, else. Both make the
 * node's outputs. Where the condition is known on import the branch taken stands in the graph itself instead.
 */
export const conditional: OpDefinition = {
  name: 'if',
  label: () => 'If',
  keepsConstants: true,
  infer: (node) => joined(resultTypes(graphIn(node, 'then')), resultTypes(graphIn(node, 'else'))),
  // What the longer way takes.
  macs: (node) => Math.max(macsOfGraph(graphIn(node, 'then'), node.rounding), macsOfGraph(graphIn(node, 'else'), node.rounding)),
  evaluate: (node, [condition, ...values]) => runGraph(node, condition!.data[0] ? 'then' : 'else', values),
  tflite: conditionalTflite,
};

/**
 * A graph that is run as long as another one says. Inputs: the values carried from round to round. Attributes: condition, body.
 * Outputs: the carried values after the last round. Where the rounds are known on import they stand in the graph itself instead.
 */
export const loop: OpDefinition = {
  name: 'loop',
  label: () => 'While, per round',
  keepsConstants: true,
  costsPerRound: true,
  infer(node) {
    const results = resultTypes(graphIn(node, 'body'));
    return joined(results, results.map((_, i) => node.type(i)));
  },
  macs: (node) => macsOfGraph(graphIn(node, 'condition'), node.rounding) + macsOfGraph(graphIn(node, 'body'), node.rounding),
  evaluate(node, inputs) {
    let carried: readonly (Tensor | undefined)[] = inputs;
    for (let round = 0; runGraph(node, 'condition', carried)[0].data[0]; round++) {
      if (round >= MAX_ROUNDS) throw new NotEvaluable(`The loop ${node.node.name} does not end within ${MAX_ROUNDS} rounds`);
      carried = runGraph(node, 'body', carried);
    }
    return carried.map((tensor, i) => tensor ?? missing(node, i));
  },
  tflite: loopTflite,
};

const MAX_ROUNDS = 100_000;

function graphIn(node: NodeView, name: string): Graph {
  const attribute = node.attributes[name] as SubGraph | undefined;
  if (attribute?.kind !== 'graph') throw new ShapeError(`${node.node.op} needs the graph ${name}`);
  return attribute.graph;
}

const resultTypes = (graph: Graph): TensorType[] => graph.outputs.map((id) => graph.values.get(id)!.type);

/** Types that two ways to the same results have in common: an extent in which they differ is unknown. */
function joined(left: readonly TensorType[], right: readonly TensorType[]): TensorType[] {
  return left.map((type, i) => {
    const other = right[i]?.shape;
    const same = type.shape && other && type.shape.length === other.length;
    return { ...type, shape: same ? type.shape!.map((extent, axis) => (extent === other[axis] ? extent : -1)) : undefined };
  });
}

const interpreted = new WeakMap<Graph, InterpretedGraph>();

function runGraph(node: NodeView, name: string, values: readonly (Tensor | undefined)[]): Tensor[] {
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

function missing(node: NodeView, index: number): never {
  throw new ShapeError(`input ${index} of ${node.node.name} is left out`);
}
