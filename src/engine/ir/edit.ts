import type { Attributes, ConstantData, Graph, Node, NodeId, Origin, State, TensorType, Value, ValueId } from './types';

export interface NewNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly (ValueId | undefined)[];
  readonly outputs: readonly ValueId[];
  readonly attributes?: Attributes;
  readonly origin?: readonly Origin[];
}

/**
 * A private, mutable copy of a graph while a pass or an importer works on it; `finish` gives an immutable graph again, in
 * execution order and without dead nodes. Untouched nodes and values are shared with the graph it started from.
 */
export class GraphEditor {
  readonly nodes = new Map<NodeId, Node>();
  readonly values = new Map<ValueId, Value>();
  inputs: ValueId[] = [];
  outputs: ValueId[] = [];
  states: State[] = [];
  /** Bytes of constants that folding made larger than what they were made from; see passes/infer. */
  grownBytes = 0;
  /** Fold also what a model keeps as nodes: only results are wanted. */
  foldsAll = false;
  private nextValue = 0;
  private nextNode = 0;

  constructor(private readonly name: string, start?: Graph) {
    if (!start) return;
    for (const value of start.values.values()) this.values.set(value.id, value);
    for (const node of start.nodes) this.nodes.set(node.id, node);
    this.inputs = [...start.inputs];
    this.outputs = [...start.outputs];
    this.states = [...start.states];
    this.nextValue = Math.max(-1, ...start.values.keys()) + 1;
    this.nextNode = start.nodes.reduce((next, node) => Math.max(next, node.id + 1), 0);
  }

  static of(graph: Graph): GraphEditor {
    return new GraphEditor(graph.name, graph);
  }

  addValue(name: string, type: TensorType, constant?: ConstantData): ValueId {
    const id = this.nextValue++;
    this.values.set(id, constant ? { id, name, type, constant } : { id, name, type });
    return id;
  }

  /** Adds a node at the end; `finish` sorts. */
  addNode(node: NewNode): Node {
    const added: Node = { id: this.nextNode++, attributes: {}, origin: [], ...node };
    this.nodes.set(added.id, added);
    this.links?.add(added);
    this.touched?.add(added.id);
    return added;
  }

  /** Replaces a node in place: id and position are kept. */
  replaceNode(id: NodeId, change: Partial<Omit<Node, 'id'>>): Node {
    const before = this.nodes.get(id)!;
    const changed = { ...before, ...change };
    this.nodes.set(id, changed);
    this.links?.remove(before);
    this.links?.add(changed);
    this.touched?.add(id);
    return changed;
  }

  /** Where set, ids of nodes that are added or replaced are put into it. */
  touched: Set<NodeId> | undefined;
  private links: Links | undefined;

  /** Who makes and reads values, made when first asked and kept up to date from then on. */
  private linked(): Links {
    if (!this.links) {
      this.links = new Links();
      for (const node of this.nodes.values()) this.links.add(node);
    }
    return this.links;
  }

  producerOf(id: ValueId): Node | undefined {
    const producer = this.linked().producer.get(id);
    return producer === undefined ? undefined : this.nodes.get(producer);
  }

  /** In the order in which they came to read the value. */
  consumersOf(id: ValueId): Node[] {
    return [...(this.linked().consumers.get(id) ?? [])].map((node) => this.nodes.get(node)!);
  }

  /** A point in time, for `removeNodesSince`. */
  mark(): number {
    return this.nextNode;
  }

  removeNodesSince(mark: number): void {
    for (let id = mark; id < this.nextNode; id++) this.removeNode(id);
  }

  removeNode(id: NodeId): void {
    const node = this.nodes.get(id);
    if (!node) return;
    this.nodes.delete(id);
    this.links?.remove(node);
  }

  setType(id: ValueId, type: TensorType): void {
    this.values.set(id, { ...this.values.get(id)!, type });
  }

  rename(id: ValueId, name: string): void {
    this.values.set(id, { ...this.values.get(id)!, name });
  }

  /** Every reader of `from`, graph outputs and states included, reads `to` instead. */
  replaceUses(from: ValueId, to: ValueId): void {
    for (const node of this.consumersOf(from)) this.replaceNode(node.id, { inputs: node.inputs.map((input) => (input === from ? to : input)) });
    this.outputs = this.outputs.map((output) => (output === from ? to : output));
    this.states = this.states.map((state) => (state.output === from ? { ...state, output: to } : state));
  }

  value(id: ValueId): Value {
    return this.values.get(id)!;
  }

  finish(): Graph {
    const nodes = sortNodes([...this.nodes.values()], [...this.outputs, ...this.states.map((state) => state.output)]);
    const used = new Set<ValueId>([...this.inputs, ...this.outputs, ...this.states.flatMap((state) => [state.input, state.output])]);
    for (const node of nodes) {
      for (const id of node.outputs) used.add(id);
      for (const id of node.inputs) if (id !== undefined) used.add(id);
    }
    const values = new Map([...this.values].filter(([id]) => used.has(id)));
    return { name: this.name, inputs: this.inputs, outputs: this.outputs, states: this.states, nodes, values };
  }
}

/** Producer and consumers of each value while a graph changes. */
class Links {
  readonly producer = new Map<ValueId, NodeId>();
  readonly consumers = new Map<ValueId, Set<NodeId>>();

  add(node: Node): void {
    for (const output of node.outputs) this.producer.set(output, node.id);
    for (const input of node.inputs) {
      if (input === undefined) continue;
      const readers = this.consumers.get(input);
      if (readers) readers.add(node.id);
      else this.consumers.set(input, new Set([node.id]));
    }
  }

  remove(node: Node): void {
    for (const output of node.outputs) if (this.producer.get(output) === node.id) this.producer.delete(output);
    for (const input of node.inputs) if (input !== undefined) this.consumers.get(input)?.delete(node.id);
  }
}

/** Nodes that the outputs need, in execution order, as near to the given order as dependencies allow. Throws on a cycle. */
function sortNodes(nodes: readonly Node[], outputs: readonly ValueId[]): Node[] {
  const producer = new Map<ValueId, Node>();
  for (const node of nodes) for (const output of node.outputs) producer.set(output, node);
  const needed = new Set<Node>();
  const stack = outputs.map((output) => producer.get(output));
  while (stack.length) {
    const node = stack.pop();
    if (!node || needed.has(node)) continue;
    needed.add(node);
    for (const input of dependencies(node)) stack.push(producer.get(input));
  }

  const sorted: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  for (const root of nodes) {
    if (!needed.has(root) || state.has(root)) continue;
    // Depth first with an explicit stack: models are deeper than the call stack.
    const path: { node: Node; next: number }[] = [{ node: root, next: 0 }];
    state.set(root, 'open');
    while (path.length) {
      const top = path[path.length - 1];
      const inputs = dependencies(top.node);
      if (top.next >= inputs.length) {
        state.set(top.node, 'done');
        sorted.push(top.node);
        path.pop();
        continue;
      }
      const before = producer.get(inputs[top.next++]);
      if (!before || state.get(before) === 'done') continue;
      if (state.get(before) === 'open') throw new CycleError(before.name);
      state.set(before, 'open');
      path.push({ node: before, next: 0 });
    }
  }
  return sorted;
}

/** Values a node reads; outer values read inside of its subgraphs are inputs of the node. */
const dependencies = (node: Node): readonly ValueId[] => node.inputs.filter((id): id is ValueId => id !== undefined);

/** The nodes depend on each other in a circle: only a damaged or hostile file does. */
export class CycleError extends Error {
  constructor(readonly node: string) {
    super(`The graph has a cycle through ${node}`);
  }
}
