import { GraphEditor } from '../ir/edit';
import type { Graph, Model, Node, NodeId, StaticType, ValueId } from '../ir/types';
import { addConcat } from '../ops/concat/op';
import { addInputRows } from '../ops/input-rows/op';
import { addSlice } from '../ops/slice/op';
import { cutInputs, scheduleOf, type Stage, type StripHeight, type StripStep } from './strip-schedule';

/** What a node of a model in strips computes of a node of the model without them. */
export interface StripSource {
  readonly node: NodeId;
  /** Share of its rows. */
  readonly share: number;
  /** The first strip of that node: constants are counted there. */
  readonly isFirst: boolean;
}

export interface Strips {
  readonly model: Model;
  readonly sources: ReadonlyMap<NodeId, StripSource>;
}

/**
 * The same model with the stage run in strips: the bits are equal, and no row is computed twice. Each time `rows` more rows of the
 * source come in, every layer computes what they allow. A value inside of the stage keeps the rows that are still read in front
 * of the new ones, in a buffer of a few rows; `byRows` does the same with the source, which then is never whole in memory.
 */
export function inStrips(model: Model, stage: Stage, height: StripHeight): Strips {
  const editor = GraphEditor.of(model.graph);
  for (const node of stage.nodes) editor.removeNode(node.id);
  const strips = new StripBuilder(model, editor, stage);
  for (const step of scheduleOf(model, stage, height)) strips.add(step);
  addConcat(editor, `${model.graph.values.get(stage.result)!.name} rows`, strips.parts, stage.result, 1, stage.nodes[stage.nodes.length - 1].origin);
  return { model: { ...model, graph: inOrder(model, stage, editor.finish(), height.byRows) }, sources: strips.sources };
}

/** Strips stay in the order in which their rows come, between what was before the stage and all others; where rows come from outside they are first. */
function inOrder(model: Model, stage: Stage, graph: Graph, byRows = false): Graph {
  const start = model.graph.nodes.indexOf(stage.nodes[0]);
  const before = new Set(model.graph.nodes.slice(0, start).map((node) => node.id));
  const others = new Set(model.graph.nodes.slice(start).map((node) => node.id));
  const place = ({ id }: Node): number => (before.has(id) && !byRows ? 0 : before.has(id) || others.has(id) ? 2 : 1);
  const nodes = [...graph.nodes].sort((a, b) => place(a) - place(b) || (place(a) === 1 ? a.id - b.id : 0));
  return { ...graph, nodes };
}

class StripBuilder {
  readonly parts: ValueId[] = [];
  readonly sources = new Map<NodeId, StripSource>();
  /** What holds the rows of each value, from which row on. */
  private readonly held = new Map<ValueId, { readonly id: ValueId; readonly begin: number }>();

  constructor(private readonly model: Model, private readonly editor: GraphEditor, private readonly stage: Stage) {
    this.held.set(stage.source, { id: stage.source, begin: 0 });
  }

  /** Rows that are kept move out of the way before the new ones are written behind them. */
  add(step: StripStep): void {
    const { value: id, from, to, keep } = step;
    const value = this.model.graph.values.get(id)!;
    const name = step.node?.name ?? value.name;
    const kept = keep < from ? this.rows(id, keep, from, `${name} kept rows ${keep} to ${from - 1}`) : undefined;
    const fresh = step.node ? this.compute(step, step.node) : addInputRows(this.editor, `${value.name} rows ${from} to ${to - 1}`, id, from, to);
    if (id === this.stage.result) return void this.parts.push(fresh);
    if (kept === undefined) return void this.held.set(id, { id: fresh, begin: from });
    const joinedName = `${value.name} rows ${keep} to ${to - 1}`;
    const joined = this.editor.addValue(joinedName, this.typeOf(id, to - keep));
    addConcat(this.editor, joinedName, [kept, fresh], joined, 1, step.node?.origin ?? []);
    this.held.set(id, { id: joined, begin: keep });
  }

  private compute({ value, from, to, begin, end, attributes }: StripStep, node: Node): ValueId {
    const cut = cutInputs(this.model, node);
    const inputs = node.inputs.map((id, i) => (cut.includes(i) ? this.rows(id!, begin, end) : id));
    const { name, type } = this.model.graph.values.get(value)!;
    const fresh = this.editor.addValue(`${name} rows ${from} to ${to - 1}`, this.typeOf(value, to - from));
    const added = this.editor.addNode({ op: node.op, name: `${node.name} rows ${from} to ${to - 1}`, inputs, outputs: [fresh], attributes, origin: node.origin });
    this.sources.set(added.id, { node: node.id, share: (to - from) / (type as StaticType).shape[1], isFirst: from === 0 });
    return fresh;
  }

  /** Type of so many rows of a value. */
  private typeOf(id: ValueId, rows: number): StaticType {
    const type = this.model.graph.values.get(id)!.type as StaticType;
    return { ...type, shape: [1, rows, ...type.shape.slice(2)] };
  }

  /** Rows [begin, end) of a value. */
  private rows(id: ValueId, begin: number, end: number, name?: string): ValueId {
    const held = this.held.get(id)!;
    const { shape } = this.editor.value(held.id).type as StaticType;
    if (!name && begin === held.begin && end - begin === shape[1]) return held.id;
    const begins = shape.map((_, axis) => (axis === 1 ? begin - held.begin : 0));
    const counts = shape.map((extent, axis) => (axis === 1 ? end - begin : extent));
    const origin = this.stage.nodes[0].origin;
    return addSlice(this.editor, name ?? `${this.editor.value(id).name} rows ${begin} to ${end - 1}`, held.id, begins, counts, origin);
  }
}
