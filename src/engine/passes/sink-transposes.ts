import { elementCount, isStatic } from '../ir/dtype';
import { GraphEditor } from '../ir/edit';
import { usesOf } from '../ir/traverse';
import type { Model, Node, ValueId } from '../ir/types';
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
    // Every step removes a transpose or moves it past one node, so the number of steps is bounded by nodes squared; more is a bug.
    for (let steps = model.graph.nodes.length ** 2 + 100; steps > 0; steps--) {
      if (!step(editor, model)) break;
    }
    return { ...model, graph: editor.finish() };
  },
};

type Rule = (node: Node, editor: GraphEditor, producers: ReadonlyMap<ValueId, Node>, model: Model) => boolean;

/** One change, or false where nothing is left to do. */
function step(editor: GraphEditor, model: Model): boolean {
  const { producer } = usesOf({ nodes: editor.nodes.values() });
  for (const node of editor.nodes.values()) {
    for (const rule of rules) if (rule(node, editor, producer, model)) return true;
  }
  return false;
}

const permutationOf = (node: Node): readonly number[] => node.attributes.permutation as readonly number[];
const isIdentity = (permutation: readonly number[]): boolean => permutation.every((axis, i) => axis === i);
const isTranspose = (node: Node | undefined): node is Node => node?.op === transpose.name;

/** Two transposes in a row are one, or none. */
const merge: Rule = (node, editor, producers) => {
  if (!isTranspose(node)) return false;
  const before = producers.get(node.inputs[0]!);
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
const sink: Rule = (node, editor, producers, model) => {
  const op = opOf(node);
  if (!op.sinkTranspose || node.outputs.length !== 1) return false;
  const inputs = node.inputs.filter((id): id is ValueId => id !== undefined);
  const varying = inputs.filter((id) => !editor.value(id).constant);
  const transposes = varying.map((id) => producers.get(id));
  if (!transposes.length || !transposes.every(isTranspose)) return false;
  const permutation = permutationOf(transposes[0]);
  if (transposes.some((t) => permutationOf(t).join() !== permutation.join())) return false;
  const attributes = op.sinkTranspose(new NodeView(editor, node, model.rounding), permutation);
  if (!attributes) return false;
  const rank = permutation.length;
  const constants = inputs.filter((id) => editor.value(id).constant);
  if (constants.some((id) => elementCount(editor.value(id).type.shape!) > 1 && editor.value(id).type.shape!.length !== rank)) return false;

  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  const turned = node.inputs.map((id) => {
    if (id === undefined) return id;
    const value = editor.value(id);
    if (!value.constant) return producers.get(id)!.inputs[0];
    return value.type.shape!.length === rank ? addTranspose(editor, id, inverse, node, model) : id;
  });
  const [output] = node.outputs;
  const { name, type } = editor.value(output);
  const inside = editor.addValue(name, { ...type, shape: type.shape && inverse.map((axis) => type.shape![axis]) });
  const moved = editor.replaceNode(node.id, { inputs: turned, outputs: [inside], attributes });
  inferNode(editor, new NodeView(editor, moved, model.rounding));
  editor.addNode({ op: transpose.name, name: `${node.name}.transpose`, inputs: [inside], outputs: [output], attributes: { permutation }, origin: node.origin });
  return true;
};

/**
 * transpose -> flatten -> dense: the dense layer's weights take the order of the untransposed elements. Batches stay in
 * front, so a row of the dense layer is one flattened image.
 */
const intoDense: Rule = (node, editor, producers, model) => {
  if (node.op !== dense.name) return false;
  const flatten = producers.get(node.inputs[0]!);
  if (flatten?.op !== reshape.name) return false;
  const turn = producers.get(flatten.inputs[0]!);
  if (!isTranspose(turn) || permutationOf(turn)[0] !== 0) return false;
  const source = editor.value(turn.inputs[0]!).type;
  const flat = editor.value(flatten.outputs[0]).type;
  const weights = editor.value(node.inputs[1]!);
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
