import { ProblemError } from '../../../base/problem';
import { onnxProblems } from './problems';
import type { GraphProto, NodeProto } from './schema';
import type { Scope } from './scope';

/**
 * Nodes in an order in which each input is made before it is read; the standard asks for it, not every exporter obeys.
 * `scope` holds what exists before the first node. Throws `ProblemError` on a cycle, a missing or a doubled value.
 */
export function inOrder(nodes: readonly NodeProto[], scope: Scope): readonly NodeProto[] {
  const made = new Set<string>();
  for (const node of nodes) {
    for (const output of node.output) {
      if (output === '') continue;
      if (made.has(output) || scope.hasOwn(output)) throw new ProblemError(onnxProblems.badGraph(`${output} is made twice`));
      made.add(output);
    }
  }
  const available = new Set<string>();
  const needs = new Map<NodeProto, readonly string[]>();
  let ordered = true;
  for (const node of nodes) {
    const names = [...namesRead(node)].filter((name) => made.has(name) || !scope.has(name));
    needs.set(node, names);
    for (const name of names) {
      if (!made.has(name)) throw new ProblemError(onnxProblems.badGraph(`${node.name || node.opType} reads ${name}, which nothing makes`));
      if (!available.has(name)) ordered = false;
    }
    for (const output of node.output) available.add(output);
  }
  return ordered ? nodes : sorted(nodes, needs);
}

function sorted(nodes: readonly NodeProto[], needs: ReadonlyMap<NodeProto, readonly string[]>): NodeProto[] {
  const waitingFor = new Map<string, NodeProto[]>();
  const missing = new Map<NodeProto, number>();
  const result: NodeProto[] = [];
  for (const node of nodes) {
    for (const input of needs.get(node)!) {
      const waiting = waitingFor.get(input);
      if (waiting) waiting.push(node);
      else waitingFor.set(input, [node]);
    }
    missing.set(node, needs.get(node)!.length);
    if (missing.get(node) === 0) result.push(node);
  }
  for (let i = 0; i < result.length; i++) {
    for (const output of result[i].output) {
      for (const node of waitingFor.get(output) ?? []) {
        const left = missing.get(node)! - 1;
        missing.set(node, left);
        if (left === 0) result.push(node);
      }
    }
  }
  const stuck = nodes.find((node) => missing.get(node)! > 0);
  if (stuck) throw new ProblemError(onnxProblems.badGraph(`The graph has a cycle through ${stuck.name || stuck.output[0]}`));
  return result;
}

/** Values that a node reads, those read inside of its subgraphs but made outside included. */
function namesRead(node: NodeProto): Set<string> {
  const names = new Set(node.input);
  for (const name of capturedNames(node)) names.add(name);
  names.delete('');
  return names;
}

/** Outer values that the subgraphs of a node read. */
export function capturedNames(node: NodeProto): Set<string> {
  const captured = new Set<string>();
  for (const attribute of node.attribute) {
    for (const graph of attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs) for (const name of freeNames(graph)) captured.add(name);
  }
  return captured;
}

/** Names that a graph reads and nothing in it makes. */
export function freeNames(graph: GraphProto): Set<string> {
  const own = new Set([...graph.initializer, ...graph.input].map((item) => item.name ?? ''));
  for (const sparse of graph.sparseInitializer) own.add(sparse.values?.name ?? '');
  const free = new Set<string>();
  // All outputs first: a subgraph's nodes may be out of order as well.
  for (const node of graph.node) for (const output of node.output) own.add(output);
  for (const node of graph.node) for (const name of namesRead(node)) if (!own.has(name)) free.add(name);
  for (const output of graph.output) if (!own.has(output.name ?? '')) free.add(output.name ?? '');
  free.delete('');
  return free;
}
