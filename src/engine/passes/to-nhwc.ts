import type { GraphEditor } from '../ir/edit';
import type { Model, Node, ValueId } from '../ir/types';
import { NodeView } from '../ops/op';
import { opOf } from '../ops/table';
import { transpose } from '../ops/transpose/op';
import type { Layout } from '../ops/window';
import { inferNode } from './infer';
import { editingPass, type Pass } from './pass';

/**
 * Images get their channels last, which is how kernels read them: each `nchw` node is turned, with a transpose before and
 * behind it; `sink-transposes` then makes nearly all of those meet and vanish.
 */
export const toNhwc = turningPass('to-nhwc', 'nhwc');

/** Images get their channels first, which is all that ONNX knows. */
export const toNchw = turningPass('to-nchw', 'nchw');

function turningPass(name: string, layout: Layout): Pass {
  return editingPass(name, (editor, graph, model) => {
    for (const node of graph.nodes) {
      const { imageInputs } = opOf(node);
      if (!imageInputs || node.attributes.layout === undefined || node.attributes.layout === layout) continue;
      const rank = editor.value(node.outputs[0]).type.shape?.length;
      if (rank === undefined || rank < 3 || imageInputs.some((i) => node.inputs[i] !== undefined && editor.value(node.inputs[i]!).type.shape?.length !== rank)) continue;
      turn(editor, node, imageInputs, layout, rank, model);
    }
  });
}

/** [0, 2, 3, 1] for rank 4: channels go last. */
const channelsLast = (rank: number): number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const channelsFirst = (rank: number): number[] => [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];

function turn(editor: GraphEditor, node: Node, imageInputs: readonly number[], layout: Layout, rank: number, model: Model): void {
  const [there, back] = layout === 'nhwc' ? [channelsLast(rank), channelsFirst(rank)] : [channelsFirst(rank), channelsLast(rank)];
  const inputs = node.inputs.map((input, i) => (input !== undefined && imageInputs.includes(i) ? addTranspose(editor, input, there, node, model) : input));
  const [output] = node.outputs;
  const { name, type } = editor.value(output);
  const inside = editor.addValue(name, { ...type, shape: type.shape && there.map((axis) => type.shape![axis]) });
  const turned = editor.replaceNode(node.id, { inputs, outputs: [inside], attributes: { ...node.attributes, layout } });
  inferNode(editor, new NodeView(editor, turned, model.rounding));
  editor.addNode({ op: transpose.name, name: `${node.name}.${layout === 'nhwc' ? 'nchw' : 'nhwc'}`, inputs: [inside], outputs: [output], attributes: { permutation: back }, origin: node.origin });
}

/** A transposed constant is folded at once. */
export function addTranspose(editor: GraphEditor, input: ValueId, permutation: readonly number[], near: Node, model: Model): ValueId {
  const { name, type } = editor.value(input);
  const output = editor.addValue(name, { dtype: type.dtype, shape: undefined });
  const node = editor.addNode({ op: transpose.name, name: `${near.name}.transpose`, inputs: [input], outputs: [output], attributes: { permutation }, origin: near.origin });
  inferNode(editor, new NodeView(editor, node, model.rounding));
  return output;
}
