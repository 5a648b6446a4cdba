import { isStatic } from '../ir/dtype';
import type { Attributes, Model, Node, ValueId } from '../ir/types';
import { NodeView } from '../ops/op';
import type { RowRule } from '../ops/row-rule';
import { opOf } from '../ops/table';

/** Layers from `source` to `result` that can be run strip by strip: only these two values connect them with the rest. */
export interface Stage {
  readonly nodes: readonly Node[];
  readonly source: ValueId;
  readonly result: ValueId;
}

/** New rows [from, to) of a value; of what there is already, rows [keep, from) are still read. */
export interface StripStep {
  /** Absent where rows of the source come in from outside. */
  readonly node?: Node;
  readonly value: ValueId;
  readonly from: number;
  readonly to: number;
  readonly keep: number;
  /** Rows [begin, end) that the node reads, of each input that is cut. */
  readonly begin: number;
  readonly end: number;
  readonly attributes: Attributes;
}

/** How high a strip is, and whether the rows of the source come in one strip after another instead of lying there from the start. */
export interface StripHeight {
  readonly rows: number;
  readonly byRows?: boolean;
}

/** All stages that start at the first layer which works on rows, shortest first. Takes a lowered model. */
export function stagesOf(model: Model): Stage[] {
  const { graph } = model;
  const rules = new Map(graph.nodes.map((node) => [node, ruleOf(model, node)]));
  const start = graph.nodes.findIndex((node) => rules.get(node));
  const stages: Stage[] = [];
  for (let end = start; start >= 0 && end < graph.nodes.length && rules.get(graph.nodes[end]); end++) {
    const nodes = graph.nodes.slice(start, end + 1);
    const [inputs, results] = borders(model, nodes);
    if (nodes.length > 1 && inputs.length === 1 && results.length === 1 && rowsOf(model, results[0]) > 1) stages.push({ nodes, source: inputs[0], result: results[0] });
  }
  return stages;
}

/** What is computed, in order: each time more rows of the source are there, every layer makes what they allow, no row twice. */
export function scheduleOf(model: Model, stage: Stage, { rows, byRows = false }: StripHeight): StripStep[] {
  const rules = new Map(stage.nodes.map((node) => [node, ruleOf(model, node)!]));
  const total = rowsOf(model, stage.source);
  const have = new Map<ValueId, number>([[stage.source, 0], ...stage.nodes.map((node) => [node.outputs[0], 0] as const)]);
  const steps: StripStep[] = [];
  /** First row of a value that a layer reads next; none where it does not read it, or has finished. */
  const nextRow = (reader: Node, id: ValueId): number[] => {
    const rule = rules.get(reader)!;
    const done = have.get(reader.outputs[0])!;
    if (!rule.inputs.some((i) => reader.inputs[i] === id) || done >= rowsOf(model, reader.outputs[0])) return [];
    return [rule.need(done, done + 1).begin];
  };
  const keptOf = (id: ValueId, from: number): number => (id === stage.result ? from : Math.min(from, ...stage.nodes.flatMap((reader) => nextRow(reader, id))));
  for (let before = 0; before < total; before = have.get(stage.source)!) {
    const end = Math.min(total, before + rows);
    if (byRows) steps.push({ value: stage.source, from: before, to: end, keep: keptOf(stage.source, before), begin: 0, end: 0, attributes: {} });
    have.set(stage.source, end);
    for (const node of stage.nodes) {
      const rule = rules.get(node)!;
      const [value] = node.outputs;
      const ready = Math.min(...rule.inputs.map((i) => have.get(node.inputs[i]!)!));
      const from = have.get(value)!;
      let to = from;
      while (to < rowsOf(model, value) && rule.need(to, to + 1).end <= ready) to++;
      if (to === from) continue;
      steps.push({ node, value, from, to, keep: keptOf(value, from), ...rule.need(from, to) });
      have.set(value, to);
    }
  }
  return steps;
}

/** Indices of a node's inputs that are cut into strips. */
export const cutInputs = (model: Model, node: Node): readonly number[] => ruleOf(model, node)!.inputs;

const known = new WeakMap<Model, Map<Node, RowRule | undefined>>();

/** The rule of a node with one result that never reads padding alone. */
function ruleOf(model: Model, node: Node): RowRule | undefined {
  const rules = known.get(model) ?? new Map<Node, RowRule | undefined>();
  known.set(model, rules);
  if (!rules.has(node)) rules.set(node, findRule(model, node));
  return rules.get(node);
}

function findRule(model: Model, node: Node): RowRule | undefined {
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

/** Extent of a value along the rows. */
export const rowsOf = (model: Model, id: ValueId): number => {
  const { shape } = model.graph.values.get(id)!.type;
  return shape![1];
};
