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
  inputs: ValueId[];
  outputs: ValueId[];
  states: State[];
  /** Bytes of constants that folding made; see passes/infer. */
  foldedBytes = 0;
  /** Fold also what a model keeps as nodes: only results are wanted. */
  foldsAll = false;
  private made: Draft | undefined;

  constructor(private readonly name: string, private readonly start?: Graph) {
    this.inputs = [...(start?.inputs ?? [])];
    this.outputs = [...(start?.outputs ?? [])];
    this.states = [...(start?.states ?? [])];
  }

  /** The copy, made when something is first looked at: many passes find nothing to do. */
  private get draft(): Draft {
    return (this.made ??= draftOf(this.start));
  }

  get nodes(): Map<NodeId, Node> {
    return this.draft.nodes;
  }

  get values(): Map<ValueId, Value> {
    return this.draft.values;
  }

  /** Bytes of constants that came with the graph; see passes/infer. */
  get sourceBytes(): number {
    return this.draft.sourceBytes;
  }

  set sourceBytes(bytes: number) {
    this.draft.sourceBytes = bytes;
  }

  static of(graph: Graph): GraphEditor {
    return new GraphEditor(graph.name, graph);
  }

  addValue(name: string, type: TensorType, constant?: ConstantData): ValueId {
    const id = this.draft.nextValue++;
    this.values.set(id, constant ? { id, name, type, constant } : { id, name, type });
    return id;
  }

  /** Adds a node at the end; `finish` sorts. */
  addNode(node: NewNode): Node {
    const added: Node = { id: this.draft.nextNode++, attributes: {}, origin: [], ...node };
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
    return this.draft.nextNode;
  }

  removeNodesSince(mark: number): void {
    for (let id = mark; id < this.draft.nextNode; id++) this.removeNode(id);
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
    return (this.made ?? this.start ?? this.draft).values.get(id)!;
  }

  finish(): Graph {
    if (this.start && finished.has(this.start) && this.isUnchanged(this.start)) return this.start;
    const nodes = sortNodes([...this.nodes.values()], [...this.outputs, ...this.states.map((state) => state.output)]);
    const used = new Set<ValueId>([...this.inputs, ...this.outputs, ...this.states.flatMap((state) => [state.input, state.output])]);
    for (const node of nodes) {
      for (const id of node.outputs) used.add(id);
      for (const id of node.inputs) if (id !== undefined) used.add(id);
    }
    const values = new Map<ValueId, Value>();
    for (const [id, value] of this.values) if (used.has(id)) values.set(id, value);
    const graph: Graph = { name: this.name, inputs: this.inputs, outputs: this.outputs, states: this.states, nodes, values };
    finished.add(graph);
    return graph;
  }

  /** Looked at as it is: passes may change nodes and values in the maps too. */
  private isUnchanged({ nodes, values, inputs, outputs, states }: Graph): boolean {
    const isSameInside = !this.made || (isSame(this.made.nodes.values(), nodes) && isSame(this.made.values.values(), values.values()));
    return isSameInside && isSame(this.inputs, inputs) && isSame(this.outputs, outputs) && isSame(this.states, states);
  }
}

interface Draft {
  readonly nodes: Map<NodeId, Node>;
  readonly values: Map<ValueId, Value>;
  sourceBytes: number;
  nextValue: number;
  nextNode: number;
}

function draftOf(start: Graph | undefined): Draft {
  const draft: Draft = { nodes: new Map(), values: new Map(start?.values), sourceBytes: 0, nextValue: 0, nextNode: 0 };
  for (const { id, constant } of draft.values.values()) {
    draft.nextValue = Math.max(draft.nextValue, id + 1);
    draft.sourceBytes += constant?.byteLength ?? 0;
  }
  for (const node of start?.nodes ?? []) {
    draft.nodes.set(node.id, node);
    draft.nextNode = Math.max(draft.nextNode, node.id + 1);
  }
  return draft;
}

/** Graphs that are sorted and without dead nodes. */
const finished = new WeakSet<Graph>();

function isSame<T>(now: Iterable<T>, before: Iterable<T>): boolean {
  const others = before[Symbol.iterator]();
  for (const item of now) {
    const { done, value } = others.next();
    if (done || item !== value) return false;
  }
  return others.next().done === true;
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
  const producer = new Map<ValueId, number>();
  nodes.forEach((node, i) => {
    for (const output of node.outputs) producer.set(output, i);
  });
  // Outer values that are read inside of a node's subgraphs are inputs of the node.
  const makerOf = (id: ValueId | undefined): number | undefined => (id === undefined ? undefined : producer.get(id));
  const state = new Uint8Array(nodes.length);
  const stack = outputs.map(makerOf);
  while (stack.length) {
    const i = stack.pop();
    if (i === undefined || state[i] !== UNNEEDED) continue;
    state[i] = NEEDED;
    for (const input of nodes[i].inputs) stack.push(makerOf(input));
  }

  const sorted: Node[] = [];
  // Depth first with an explicit stack: models are deeper than the call stack.
  const path: number[] = [];
  const next = new Uint32Array(nodes.length);
  const open = (i: number): void => {
    state[i] = OPEN;
    path.push(i);
  };
  for (let root = 0; root < nodes.length; root++) {
    if (state[root] === NEEDED) open(root);
    while (path.length) {
      const top = path[path.length - 1];
      const { inputs } = nodes[top];
      if (next[top] >= inputs.length) {
        state[top] = DONE;
        sorted.push(nodes[top]);
        path.pop();
        continue;
      }
      const before = makerOf(inputs[next[top]++]);
      if (before === undefined || state[before] === DONE) continue;
      if (state[before] === OPEN) throw new CycleError(nodes[before].name);
      open(before);
    }
  }
  return sorted;
}

const [UNNEEDED, NEEDED, OPEN, DONE] = [0, 1, 2, 3];

/** The nodes depend on each other in a circle: only a damaged or hostile file does. */
export class CycleError extends Error {
  constructor(readonly node: string) {
    super(`The graph has a cycle through ${node}`);
  }
}
