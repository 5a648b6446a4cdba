import { elementCount, isStatic } from '../ir/dtype';
import { GraphEditor } from '../ir/edit';
import type { Model, Node, NodeId, ValueId } from '../ir/types';
import { dense } from '../ops/dense/op';
import { NodeView } from '../ops/op';
import { reshape } from '../ops/reshape/op';
import { opOf } from '../ops/table';
import { transpose } from '../ops/transpose/op';
import { inferNode } from './infer';
import type { Pass } from './pass';
import { addTranspose } from './to-nhwc';

/**
 * Transposes move towards the outputs, past everything that does not care for the order of axes, until they meet their
 * inverse, become a mere change of shape, or are taken up by the weights of a dense layer.
 */
export const sinkTransposes: Pass = {
  name: 'sink-transposes',
  run(model) {
    const editor = GraphEditor.of(model.graph);
    const work = new Worklist(editor.nodes.keys());
    // Every step removes a transpose or moves it past one node, so the number of steps is bounded by nodes squared; more is a bug.
    let steps = model.graph.nodes.length ** 2 + 100;
    for (let id = work.take(); id !== undefined && steps > 0; id = work.take()) {
      const node = editor.nodes.get(id);
      if (!node) continue;
      const touched = new Set<NodeId>();
      editor.touched = touched;
      if (!rules.some((rule) => rule(node, editor, model))) continue;
      steps--;
      // Rules look at what makes their inputs, and at what makes the inputs of that.
      for (const changed of touched) putWithReaders(work, editor, changed, 2);
    }
    return { ...model, graph: editor.finish() };
  },
};

/** A queue of nodes to look at that holds each once. */
class Worklist {
  private readonly queue: NodeId[];
  private readonly waiting: Set<NodeId>;
  private next = 0;

  constructor(nodes: Iterable<NodeId>) {
    this.queue = [...nodes];
    this.waiting = new Set(this.queue);
  }

  put(id: NodeId): void {
    if (this.waiting.has(id)) return;
    this.waiting.add(id);
    this.queue.push(id);
  }

  take(): NodeId | undefined {
    if (this.next === this.queue.length) return undefined;
    const id = this.queue[this.next++];
    this.waiting.delete(id);
    return id;
  }
}

/** The node, what reads its results, and so on, `levels` deep. */
function putWithReaders(work: Worklist, editor: GraphEditor, id: NodeId, levels: number): void {
  const node = editor.nodes.get(id);
  if (!node) return;
  work.put(id);
  if (levels > 0) for (const output of node.outputs) for (const reader of editor.consumersOf(output)) putWithReaders(work, editor, reader.id, levels - 1);
}

type Rule = (node: Node, editor: GraphEditor, model: Model) => boolean;

const permutationOf = (node: Node): readonly number[] => node.attributes.permutation as readonly number[];
const isIdentity = (permutation: readonly number[]): boolean => permutation.every((axis, i) => axis === i);
const isTranspose = (node: Node | undefined): node is Node => node?.op === transpose.name;

/** Two transposes in a row are one, or none. */
const merge: Rule = (node, editor) => {
  if (!isTranspose(node)) return false;
  const before = editor.producerOf(node.inputs[0]!);
  if (isIdentity(permutationOf(node))) return dropNode(editor, node, node.inputs[0]!);
  if (!isTranspose(before)) return false;
  const permutation = permutationOf(node).map((axis) => permutationOf(before)[axis]);
  if (isIdentity(permutation)) return dropNode(editor, node, before.inputs[0]!);
  editor.replaceNode(node.id, { inputs: before.inputs, attributes: { permutation } });
  return true;
};

function dropNode(editor: GraphEditor, node: Node, instead: ValueId): boolean {
  const [output] = node.outputs;
  const isOutput = editor.outputs.includes(output);
  // A model whose output is its input, or another output, keeps the node that tells them apart.
  if (isOutput && (editor.inputs.includes(instead) || editor.outputs.includes(instead))) return false;
  if (isOutput) editor.rename(instead, editor.value(output).name);
  editor.removeNode(node.id);
  editor.replaceUses(output, instead);
  return true;
}

/** Moving axes of extent 1 about moves no element. */
const toReshape: Rule = (node, editor) => {
  if (!isTranspose(node)) return false;
  const from = editor.value(node.inputs[0]!).type.shape;
  if (!from || from.some((d) => d < 0)) return false;
  const moving = permutationOf(node).filter((axis) => from[axis] !== 1);
  if (moving.some((axis, i) => i > 0 && axis < moving[i - 1])) return false;
  editor.replaceNode(node.id, { op: reshape.name, attributes: { shape: permutationOf(node).map((axis) => from[axis]) } });
  return true;
};

/** op(transpose(x)) is transpose(op(x)) where the op allows it. */
const sink: Rule = (node, editor, model) => {
  const op = opOf(node);
  if (!op.sinkTranspose || node.outputs.length !== 1) return false;
  const inputs = node.inputs.filter((id): id is ValueId => id !== undefined);
  const varying = inputs.filter((id) => !editor.value(id).constant);
  const transposes = varying.map((id) => editor.producerOf(id));
  if (!transposes.length || !transposes.every(isTranspose)) return false;
  const permutation = permutationOf(transposes[0]);
  if (transposes.some((t) => permutationOf(t).join() !== permutation.join())) return false;
  // Where shapes are unknown nobody has checked that the attributes fit.
  if (!inputs.every((id) => isStatic(editor.value(id).type))) return false;
  const attributes = op.sinkTranspose(new NodeView(editor, node, model.rounding), permutation);
  if (!attributes) return false;
  const rank = permutation.length;
  const constants = inputs.filter((id) => editor.value(id).constant);
  if (constants.some((id) => !isStatic(editor.value(id).type) || editor.value(id).type.shape!.length > rank)) return false;

  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  const turned = node.inputs.map((id) => {
    if (id === undefined) return id;
    const value = editor.value(id);
    if (!value.constant) return editor.producerOf(id)!.inputs[0];
    return elementCount(value.type.shape!) === 1 ? id : addTranspose(editor, withRank(editor, id, rank, node, model), inverse, node, model);
  });
  const [output] = node.outputs;
  const { name, type } = editor.value(output);
  const inside = editor.addValue(name, { ...type, shape: type.shape && inverse.map((axis) => type.shape![axis]) });
  const moved = editor.replaceNode(node.id, { inputs: turned, outputs: [inside], attributes });
  inferNode(editor, new NodeView(editor, moved, model.rounding));
  editor.addNode({ op: transpose.name, name: `${node.name}.transpose`, inputs: [inside], outputs: [output], attributes: { permutation }, origin: node.origin });
  return true;
};

/** A constant that broadcasts, with its missing leading axes written out. */
function withRank(editor: GraphEditor, id: ValueId, rank: number, near: Node, model: Model): ValueId {
  const { name, type } = editor.value(id);
  const shape = type.shape!;
  if (shape.length === rank) return id;
  const output = editor.addValue(name, { dtype: type.dtype, shape: undefined });
  const attributes = { shape: [...new Array<number>(rank - shape.length).fill(1), ...shape] };
  const added = editor.addNode({ op: reshape.name, name: `${near.name}.aligned`, inputs: [id], outputs: [output], attributes, origin: near.origin });
  inferNode(editor, new NodeView(editor, added, model.rounding));
  return output;
}

/**
 * transpose -> flatten -> dense: the dense layer's weights take the order of the untransposed elements. Batches stay in
 * front, so a row of the dense layer is one flattened image.
 */
const intoDense: Rule = (node, editor, model) => {
  if (node.op !== dense.name) return false;
  const flatten = editor.producerOf(node.inputs[0]!);
  if (flatten?.op !== reshape.name) return false;
  const turn = editor.producerOf(flatten.inputs[0]!);
  if (!isTranspose(turn) || permutationOf(turn)[0] !== 0) return false;
  const source = editor.value(turn.inputs[0]!).type;
  const flat = editor.value(flatten.outputs[0]).type;
  const weights = editor.value(node.inputs[1]!);
  // In another order the weights of a block would be no neighbours.
  if (weights.type.quantization?.block) return false;
  if (!isStatic(source) || !isStatic(flat) || !weights.constant || flat.shape.length !== 2 || flat.shape[0] !== source.shape[0]) return false;

  const permutation = permutationOf(turn);
  const inOrder = permutation.slice(1).map((axis) => source.shape[axis]);
  const [outputs] = weights.type.shape!;
  const add = (op: string, input: ValueId, attributes: Record<string, readonly number[]>): ValueId => {
    const output = editor.addValue(weights.name, { dtype: weights.type.dtype, shape: undefined });
    const added = editor.addNode({ op, name: `${node.name}.weights`, inputs: [input], outputs: [output], attributes, origin: node.origin });
    inferNode(editor, new NodeView(editor, added, model.rounding));
    return output;
  };
  // [O, K] as [O, transposed extents...], turned back to the source's order, and flat again.
  const spread = add(reshape.name, weights.id, { shape: [outputs, ...inOrder] });
  const back = add(transpose.name, spread, { permutation: [0, ...source.shape.slice(1).map((_, i) => permutation.indexOf(i + 1))] });
  const packed = add(reshape.name, back, { shape: [outputs, elementCount(inOrder)] });
  const image = editor.addValue(editor.value(flatten.outputs[0]).name, flat);
  editor.addNode({ op: reshape.name, name: flatten.name, inputs: [turn.inputs[0]], outputs: [image], attributes: { shape: flat.shape }, origin: flatten.origin });
  editor.replaceNode(node.id, { inputs: [image, packed, ...node.inputs.slice(2)] });
  return true;
};

const rules: readonly Rule[] = [merge, toReshape, intoDense, sink];
