import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { Attributes } from '../../ir/types';
import { ShapeError, type NodeView, type OpDefinition } from '../op';

const reductionNames = ['none', 'sum', 'mean'];

function attributesOf(node: OnnxNode): Attributes {
  const reduction = node.text('reduction', 'mean');
  if (!reductionNames.includes(reduction)) node.refuse(`the reduction ${reduction}`);
  const ignored = node.attribute('ignore_index')?.i;
  return { reduction, ...(ignored === undefined ? {} : { ignored }) };
}

const onnx: OnnxMapping = {
  import: {
    NegativeLogLikelihoodLoss: (node) => void node.emit('negative_log_likelihood', node.inputs, attributesOf(node)),
    SoftmaxCrossEntropyLoss(node) {
      const logs = node.step('log_softmax', [node.inputs[0]], { axis: 1 });
      if (node.hasOutput(1)) node.alias(1, logs);
      node.emit('negative_log_likelihood', [logs, ...node.inputs.slice(1)], attributesOf(node), { makes: [0] });
    },
  },
  export: (node, writer) =>
    writer.emit('NegativeLogLikelihoodLoss', writer.inputs, writer.outputs, { reduction: node.text('reduction'), ignore_index: node.attributes.ignored as number | undefined }),
};

/**
 * Minus the log likelihood of the labelled class. Inputs: log likelihoods (batch, classes, rest), labels (batch, rest),
 * optional weights per class. Attributes: reduction (none, sum, mean), ignored (a label that does not count).
 */
export const negativeLogLikelihood: OpDefinition = {
  name: 'negative_log_likelihood',
  checksData: true,
  label: () => 'NLLLoss',
  infer(node) {
    const labels = node.type(1).shape;
    return [{ dtype: node.type(0).dtype, shape: node.text('reduction') === 'none' ? labels : [] }];
  },
  evaluate(node, [logs, labels, weights]) {
    const { losses, total } = lossesOf(node, logs!, labels!, weights);
    const type = node.outputType();
    const result = zeros(type);
    if (node.text('reduction') === 'none') result.data.set(losses);
    else result.data[0] = losses.reduce((a, b) => a + b, 0) / (node.text('reduction') === 'mean' ? total : 1);
    return [result];
  },
  onnx,
};

function lossesOf(node: NodeView, logs: Tensor, labels: Tensor, weights: Tensor | undefined): { losses: Float64Array; total: number } {
  const { shape } = logs.type;
  const inner = elementCount(shape.slice(2));
  const ignored = node.attributes.ignored;
  let total = 0;
  const losses = Float64Array.from(labels.data, (label, i) => {
    if (label === ignored) return 0;
    if (!(label >= 0 && label < shape[1])) throw new ShapeError(`label ${label} of ${shape[1]} classes`);
    const weight = weights ? weights.data[label] : 1;
    total += weight;
    return -weight * logs.data[(Math.floor(i / inner) * shape[1] + label) * inner + (i % inner)];
  });
  return { losses, total };
}
