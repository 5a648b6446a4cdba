import type { Graph, RoundingRule } from '../ir/types';
import { isStatic } from '../ir/dtype';
import { NodeView } from '../ops/op';
import { opOf } from '../ops/table';

/** Multiply-accumulates of a graph's nodes; those whose shapes are unknown count 0. */
export function macsOfGraph(graph: Graph, rounding: RoundingRule): number {
  return graph.nodes.reduce((sum, node) => {
    const known = [...node.inputs, ...node.outputs].every((id) => id === undefined || isStatic(graph.values.get(id)!.type));
    return sum + (known ? (opOf(node).macs?.(new NodeView(graph, node, rounding)) ?? 0) : 0);
  }, 0);
}
