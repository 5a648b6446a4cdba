import { GraphEditor } from '../ir/edit';
import { isStatic } from '../ir/dtype';
import type { Model, Node, NodeId, StaticType, ValueId } from '../ir/types';
import { addConcat } from '../ops/concat/op';
import { NodeView } from '../ops/op';
import type { RowRule } from '../ops/row-rule';
import { addSlice } from '../ops/slice/op';
import { opOf } from '../ops/table';

/** Layers from `source` to `result` that can be run strip by strip: only these two values connect them with the rest. */
export interface Stage {
  readonly nodes: readonly Node[];
  readonly source: ValueId;
  readonly result: ValueId;
}

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

/** All stages that start at the first layer which works on rows, shortest first. Takes a lowered model. */
export function stagesOf(model: Model): Stage[] {
  const { graph } = model;
  const start = graph.nodes.findIndex((node) => ruleOf(model, node) !== undefined);
  const stages: Stage[] = [];
  for (let end = start; start >= 0 && end < graph.nodes.length && ruleOf(model, graph.nodes[end]); end++) {
    const nodes = graph.nodes.slice(start, end + 1);
    const [inputs, results] = borders(model, nodes);
    if (nodes.length > 1 && inputs.length === 1 && results.length === 1 && rowsOf(model, results[0]) > 1) stages.push({ nodes, source: inputs[0], result: results[0] });
  }
  return stages;
}

/**
 * The same model with the stage run in strips: the bits are equal, and no row is computed twice. Each time `rows` more rows of the
 * source come in, every layer computes what they allow. A value inside of the stage keeps the rows that are still read in front
 * of the new ones, in a buffer of a few rows.
 */
export function inStrips(model: Model, stage: Stage, rows: number): Strips {
  const editor = GraphEditor.of(model.graph);
  for (const node of stage.nodes) editor.removeNode(node.id);
  const strips = new StripBuilder(model, editor, stage);
  for (let end = rows, total = rowsOf(model, stage.source); end < total + rows; end += rows) strips.advance(Math.min(end, total));
  addConcat(editor, `${model.graph.values.get(stage.result)!.name} rows`, strips.parts, stage.result, 1, stage.nodes[stage.nodes.length - 1].origin);
  return { model: { ...model, graph: editor.finish() }, sources: strips.sources };
}

class StripBuilder {
  readonly parts: ValueId[] = [];
  readonly sources = new Map<NodeId, StripSource>();
  private readonly rules: ReadonlyMap<Node, RowRule>;
  /** Rows of each value that have been computed. */
  private readonly have = new Map<ValueId, number>();
  /** What holds them, from which row on. */
  private readonly held = new Map<ValueId, { readonly id: ValueId; readonly begin: number }>();

  constructor(private readonly model: Model, private readonly editor: GraphEditor, private readonly stage: Stage) {
    this.rules = new Map(stage.nodes.map((node) => [node, ruleOf(model, node)!]));
    for (const node of stage.nodes) this.have.set(node.outputs[0], 0);
    this.held.set(stage.source, { id: stage.source, begin: 0 });
  }

  /** Computes all that the first `rows` rows of the source allow. */
  advance(rows: number): void {
    this.have.set(this.stage.source, rows);
    for (const node of this.stage.nodes) {
      const rule = this.rules.get(node)!;
      const ready = Math.min(...rule.inputs.map((i) => this.have.get(node.inputs[i]!)!));
      let to = this.have.get(node.outputs[0])!;
      while (to < rowsOf(this.model, node.outputs[0]) && rule.need(to, to + 1).end <= ready) to++;
      this.compute(node, to);
    }
  }

  private compute(node: Node, to: number): void {
    const [output] = node.outputs;
    const from = this.have.get(output)!;
    if (to <= from) return;
    const rule = this.rules.get(node)!;
    const { begin, end, attributes } = rule.need(from, to);
    const inputs = node.inputs.map((id, i) => (rule.inputs.includes(i) ? this.rows(id!, begin, end) : id));
    const value = this.model.graph.values.get(output)!;
    const type = value.type as StaticType;
    const fresh = this.editor.addValue(`${value.name} rows ${from} to ${to - 1}`, { ...type, shape: [1, to - from, ...type.shape.slice(2)] });
    const added = this.editor.addNode({ op: node.op, name: `${node.name} rows ${from} to ${to - 1}`, inputs, outputs: [fresh], attributes, origin: node.origin });
    this.sources.set(added.id, { node: node.id, share: (to - from) / type.shape[1], isFirst: from === 0 });
    if (output === this.stage.result) this.parts.push(fresh);
    else this.hold(output, node, fresh, from, to);
    this.have.set(output, to);
  }

  /** Puts new rows behind those of the strips before that are still read. */
  private hold(id: ValueId, node: Node, fresh: ValueId, from: number, to: number): void {
    const keep = Math.min(from, ...this.stage.nodes.flatMap((reader) => this.nextRow(reader, id)));
    if (keep >= from) return void this.held.set(id, { id: fresh, begin: from });
    const kept = this.rows(id, keep, from, `${node.name} kept rows ${keep} to ${from - 1}`);
    const type = this.model.graph.values.get(id)!.type as StaticType;
    const name = `${this.model.graph.values.get(id)!.name} rows ${keep} to ${to - 1}`;
    const joined = this.editor.addValue(name, { ...type, shape: [1, to - keep, ...type.shape.slice(2)] });
    addConcat(this.editor, name, [kept, fresh], joined, 1, node.origin);
    this.held.set(id, { id: joined, begin: keep });
  }

  /** First row of a value that a layer reads next; none where it does not read it, or has finished. */
  private nextRow(reader: Node, id: ValueId): number[] {
    const rule = this.rules.get(reader)!;
    const done = this.have.get(reader.outputs[0])!;
    if (!rule.inputs.some((i) => reader.inputs[i] === id) || done >= rowsOf(this.model, reader.outputs[0])) return [];
    return [rule.need(done, done + 1).begin];
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

/** The rule of a node with one result that never reads padding alone. */
function ruleOf(model: Model, node: Node): RowRule | undefined {
  const op = opOf(node);
  const types = [...node.inputs, ...node.outputs].flatMap((id) => (id === undefined ? [] : [model.graph.values.get(id)!.type]));
  if (!op.rows || node.outputs.length !== 1 || !types.every(isStatic)) return undefined;
  const rule = op.rows(new NodeView(model.graph, node, model.rounding));
  for (let row = 0; rule && row < rowsOf(model, node.outputs[0]); row++) {
    const { begin, end } = rule.need(row, row + 1);
    if (begin >= end) return undefined;
  }
  return rule;
}

/** Varying values that come in, and values that are read outside. */
function borders(model: Model, nodes: readonly Node[]): [ValueId[], ValueId[]] {
  const { graph } = model;
  const inside = new Set(nodes);
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const outside = new Set([...graph.outputs, ...graph.states.map((state) => state.output), ...graph.nodes.flatMap((node) => (inside.has(node) ? [] : node.inputs))]);
  const inputs = nodes.flatMap((node) => node.inputs).filter((id): id is ValueId => id !== undefined && !made.has(id) && !graph.values.get(id)!.constant);
  return [[...new Set(inputs)], [...made].filter((id) => outside.has(id))];
}

const rowsOf = (model: Model, id: ValueId): number => (model.graph.values.get(id)!.type as StaticType).shape[1];
