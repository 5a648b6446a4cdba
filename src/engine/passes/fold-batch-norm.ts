import { elementCount, isFloatType } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, lazyConstant, tensorOf, zeros, type Tensor } from '../ir/tensor';
import { mergeOrigins, soleConsumer, usesOf } from '../ir/traverse';
import type { Node, StaticType } from '../ir/types';
import { affineOf } from '../ops/batch-norm/affine';
import { batchNorm } from '../ops/batch-norm/op';
import { NodeView } from '../ops/op';
import { opOf } from '../ops/table';
import { editingPass } from './pass';

/** Batch normalization becomes part of the weights and bias of the convolution or dense layer before it. */
export const foldBatchNorm = editingPass('fold-batch-norm', (editor, graph, model) => {
  const uses = usesOf(graph);
  for (const norm of graph.nodes) {
    if (norm.op !== batchNorm.name) continue;
    const view = new NodeView(graph, norm, model.rounding);
    const before = uses.producer.get(norm.inputs[0]!);
    const layer = before && editor.nodes.get(before.id);
    if (!layer || !opOf(layer).scalesWeights || layer.attributes.clampMin !== undefined || layer.attributes.clampMax !== undefined) continue;
    if (soleConsumer(graph, uses, norm.inputs[0]!)?.id !== norm.id || ![1, 2, 3, 4].every((i) => view.constant(i))) continue;
    const weights = editor.value(layer.inputs[1]!);
    const bias = layer.inputs[2] === undefined ? undefined : editor.value(layer.inputs[2]);
    if (!weights.constant || !isFloatType(weights.type.dtype) || weights.type.quantization || (bias && !bias.constant)) continue;

    const [scale, shiftIn, mean, variance] = [1, 2, 3, 4].map((i) => view.constant(i)!.data);
    const { gain, shift } = affineOf(view, scale, shiftIn, mean, variance);
    const weightsType = weights.type as StaticType;
    const folded = lazyConstant(weightsType, () => scaleChannels(constantTensor(weights), gain));
    const oldBias = bias && constantTensor(bias).data;
    const biasType: StaticType = { dtype: 'float32', shape: [gain.length] };
    const newBias = tensorOf(biasType, shift.map((s, c) => s + (oldBias ? oldBias[c] * gain[c] : 0)));
    replaceLayer(editor, layer, norm, [
      editor.addValue(weights.name, weightsType, folded),
      editor.addValue(bias?.name ?? `${layer.name}.bias`, biasType, constantOf(newBias)),
    ]);
  }
});

/** Weights have their output channels first in every layout. */
function scaleChannels(weights: Tensor, gain: Float64Array): Tensor {
  const perChannel = elementCount(weights.type.shape) / gain.length;
  const result = zeros(weights.type);
  for (let c = 0, i = 0; c < gain.length; c++) for (const end = i + perChannel; i < end; i++) result.data[i] = weights.data[i] * gain[c];
  return result;
}

function replaceLayer(editor: GraphEditor, layer: Node, norm: Node, [weights, bias]: readonly [number, number] | readonly number[]): void {
  editor.removeNode(norm.id);
  editor.replaceNode(layer.id, { inputs: [layer.inputs[0], weights, bias], outputs: norm.outputs, origin: mergeOrigins(layer, norm) });
}
