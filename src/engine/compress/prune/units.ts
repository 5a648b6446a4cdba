import { isNumeric, isStatic } from '../../ir/dtype';
import type { Graph, Model, Node, NodeId, ValueId } from '../../ir/types';
import type { Axis, EntryJoiner } from '../../ops/coupling';
import { NodeView } from '../../ops/op';
import { opOf } from '../../ops/table';
import { weightLayers } from '../plan';

/** One entry of an axis of a value: a channel, a neuron, a row of a gate. */
export interface Place {
  readonly value: ValueId;
  readonly axis: number;
  readonly entry: number;
}

/** The least that can be left out of a model: entries of many values that go together. */
export interface Unit {
  readonly places: readonly Place[];
}

/** Units that lie on the same axes of the same values: any of them can be left out in place of another, one must stay. */
export interface Site {
  /** Name of the first layer that makes these channels. */
  readonly name: string;
  readonly units: readonly Unit[];
  /** Layers with weights whose output channels these are, and those that mix them. */
  readonly makers: readonly NodeId[];
  readonly readers: readonly NodeId[];
}

/** Everything that can be left out of a model, in execution order of what makes it. */
export function sitesOf(model: Model): Site[] {
  const units = new Entries(model).units();
  const bySignature = new Map<string, Unit[]>();
  for (const unit of units) {
    const signature = [...new Set(unit.places.map(({ value, axis }) => `${value}.${axis}`))].sort().join(' ');
    const list = bySignature.get(signature);
    if (list) list.push(unit);
    else bySignature.set(signature, [unit]);
  }
  const layers = weightLayers(model.graph);
  const at = (list: readonly Unit[], isOutput: boolean): Node[] => layers.filter((node) => list[0].places.some(({ value, axis }) => value === node.inputs[1] && (axis === 0) === isOutput));
  const order = new Map(model.graph.nodes.map((node, index) => [node.id, index]));
  return [...bySignature.values()]
    .filter((list) => list.length > 1)
    .map((list) => ({ units: list, makers: at(list, true), readers: at(list, false) }))
    .map(({ units: list, makers, readers }) => ({ name: makers[0]?.name ?? nameOf(model.graph, list[0]), units: list, makers: makers.map(({ id }) => id), readers: readers.map(({ id }) => id) }))
    .sort((a, b) => (order.get(a.makers[0]) ?? 0) - (order.get(b.makers[0]) ?? 0));
}

/** The first node that reads a constant of the unit: recurrent layers have more weights than one. */
const nameOf = (graph: Graph, unit: Unit): string => graph.nodes.find((node) => unit.places.some(({ value }) => graph.values.get(value)!.constant && node.inputs.includes(value)))?.name ?? '';

interface Parts {
  readonly parts: readonly number[][];
  readonly whole: readonly number[];
}

/** Union-find over the entries of all axes of all values. */
class Entries implements EntryJoiner {
  private readonly graph: Graph;
  private readonly starts = new Map<ValueId, number[]>();
  private readonly places: Place[] = [];
  private readonly parent: Int32Array;
  private readonly fixed: Uint8Array;
  private readonly named: Uint8Array;
  private readonly deferred: Parts[] = [];
  private node!: Node;

  constructor(model: Model) {
    this.graph = model.graph;
    for (const { id, type } of this.graph.values.values()) {
      if (!isStatic(type)) continue;
      this.starts.set(id, type.shape.map((extent, axis) => {
        const start = this.places.length;
        for (let entry = 0; entry < extent; entry++) this.places.push({ value: id, axis, entry });
        return start;
      }));
    }
    this.parent = Int32Array.from(this.places, (_, i) => i);
    this.fixed = new Uint8Array(this.places.length);
    this.named = new Uint8Array(this.places.length);
    for (const node of this.graph.nodes) this.joinNode(node, model);
    for (const id of [...this.graph.inputs, ...this.graph.outputs]) this.fixValue(id);
    for (const { input, output, initial } of this.graph.states) {
      this.joinValues(input, output);
      if (initial) this.fixValue(input);
    }
    for (const value of this.graph.values.values()) if (value.constant && !isNumeric(value.type.dtype)) this.fixValue(value.id);
    for (const { parts, whole } of this.deferred) this.joinDeferred(parts, whole);
  }

  /** Groups of entries that can go, and that some constant has its share of. */
  units(): Unit[] {
    const groups = new Map<number, Place[]>();
    this.places.forEach((place, i) => {
      const root = this.find(i);
      if (this.fixed[root]) return;
      const list = groups.get(root);
      if (list) list.push(place);
      else groups.set(root, [place]);
    });
    return [...groups.values()].filter((places) => places.some(({ value }) => this.graph.values.get(value)!.constant)).map((places) => ({ places }));
  }

  join(a: Axis, entryOfA: number, b: Axis, entryOfB: number): void {
    const [x, y] = [this.at(a, entryOfA), this.at(b, entryOfB)];
    this.named[x] = this.named[y] = 1;
    this.unite(x, y);
  }

  joinParts(parts: readonly Axis[], whole: Axis): void {
    const all = (axis: Axis): number[] => Array.from({ length: this.extent(axis) }, (_, i) => this.at(axis, i));
    const ids = { parts: parts.map(all), whole: all(whole) };
    for (const list of [...ids.parts, ids.whole]) for (const id of list) this.named[id] = 1;
    this.deferred.push(ids);
  }

  /** The first part that can lose entries does; where none can, neither can the whole. */
  private joinDeferred(parts: readonly (readonly number[])[], whole: readonly number[]): void {
    const chosen = Math.max(0, parts.findIndex((part) => part.some((id) => !this.fixed[this.find(id)])));
    parts.forEach((part, i) => {
      if (i !== chosen) for (const id of part) this.fixed[this.find(id)] = 1;
    });
    const inner = parts.slice(chosen + 1).reduce((product, part) => product * part.length, 1);
    whole.forEach((id, i) => this.unite(parts[chosen][Math.floor(i / inner) % parts[chosen].length], id));
  }

  private joinNode(node: Node, model: Model): void {
    this.node = node;
    const values = new Set([...node.inputs, ...node.outputs].filter((id): id is ValueId => id !== undefined));
    const { coupling } = opOf(node);
    const known = [...values].every((id) => this.starts.has(id));
    this.named.fill(0);
    if (coupling && known) coupling.join(new NodeView(model.graph, node, model.rounding), this);
    for (const id of values) this.fixValue(id, (entry) => !this.named[entry]);
  }

  private fixValue(id: ValueId, which: (entry: number) => boolean = () => true): void {
    const shape = this.graph.values.get(id)!.type.shape;
    this.starts.get(id)?.forEach((start, axis) => {
      for (let entry = start; entry < start + shape![axis]; entry++) if (which(entry)) this.fixed[this.find(entry)] = 1;
    });
  }

  private joinValues(a: ValueId, b: ValueId): void {
    const [x, y] = [this.starts.get(a), this.starts.get(b)];
    const shape = this.graph.values.get(a)!.type.shape;
    if (x && y) x.forEach((start, axis) => Array.from({ length: shape![axis] }, (_, i) => this.unite(start + i, y[axis] + i)));
  }

  private valueOf({ side, index }: Axis): ValueId {
    return (side === 'input' ? this.node.inputs : this.node.outputs)[index]!;
  }

  private extent(axis: Axis): number {
    return this.graph.values.get(this.valueOf(axis))!.type.shape![axis.axis];
  }

  private at(axis: Axis, entry: number): number {
    return this.starts.get(this.valueOf(axis))![axis.axis] + entry;
  }

  private find(id: number): number {
    while (this.parent[id] !== id) id = this.parent[id] = this.parent[this.parent[id]];
    return id;
  }

  private unite(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    this.parent[y] = x;
    this.fixed[x] |= this.fixed[y];
  }
}
