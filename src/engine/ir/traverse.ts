import type { Graph, Node, Value, ValueId } from './types';

/** Who makes and who reads each value of a graph. */
export interface Uses {
  readonly producer: ReadonlyMap<ValueId, Node>;
  readonly consumers: ReadonlyMap<ValueId, readonly Node[]>;
}

/** A graph is never changed: what is known of its nodes stays true, also for the next pass. */
const known = new WeakMap<readonly Node[], Uses>();

export function usesOf({ nodes }: { readonly nodes: readonly Node[] }): Uses {
  let uses = known.get(nodes);
  if (!uses) known.set(nodes, (uses = usesAmong(nodes)));
  return uses;
}

/** The same of nodes that are still being changed. */
export function usesAmong(nodes: Iterable<Node>): Uses {
  const producer = new Map<ValueId, Node>();
  const consumers = new Map<ValueId, Node[]>();
  for (const node of nodes) {
    for (const output of node.outputs) producer.set(output, node);
    for (let i = 0; i < node.inputs.length; i++) {
      const input = node.inputs[i];
      if (input === undefined || node.inputs.indexOf(input) < i) continue;
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return { producer, consumers };
}

/** The only reader of a value that is no graph output, or undefined. */
export function soleConsumer(graph: Graph, uses: Uses, value: ValueId): Node | undefined {
  const consumers = uses.consumers.get(value);
  return consumers?.length === 1 && !isKept(graph, value) ? consumers[0] : undefined;
}

/** The value is read after the last node: an output, or a state's next content. */
export const isKept = (graph: Graph, value: ValueId): boolean => graph.outputs.includes(value) || graph.states.some((state) => state.output === value);

export const valueOf = (graph: Graph, id: ValueId): Value => graph.values.get(id)!;

/** Layers of the source that a merged node stands for, without repeats, in source order. */
export function mergeOrigins(...nodes: readonly Node[]): Node['origin'] {
  const seen = new Map(nodes.flatMap((node) => node.origin).map((origin) => [`${origin.index}:${origin.name}`, origin]));
  return [...seen.values()].sort((a, b) => a.index - b.index);
}
