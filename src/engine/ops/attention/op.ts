import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { ShapeError, type OpDefinition } from '../op';
import { attend } from './attend';
import { headsOf, type Heads } from './heads';
import { attentionOnnx } from './onnx';

/**
 * Scaled dot product attention, as ONNX's Attention-24 has it. Inputs: query, key, value ([batch, heads, steps, size], or
 * [batch, steps, heads * size] with the heads as attributes), optional mask, past key and value, valid lengths. Outputs:
 * result, keys and values with the past in front, scores. Attributes: causal, heads, keyHeads, scale, softcap, scores (0: products,
 * 1: plus mask, 2: capped, 3: shares).
 */
export const attention: OpDefinition = {
  name: 'attention',
  label: () => 'Attention',
  infer(node) {
    const { dtype } = node.type(0);
    if (![0, 1, 2].every((i) => node.type(i).shape)) return node.node.outputs.map(() => ({ dtype, shape: undefined }));
    const heads = headsOf(node);
    const { batch, queryHeads, keyHeads, steps, total, size, valueSize } = heads;
    if (queryHeads % keyHeads !== 0) throw new ShapeError(`${queryHeads} heads for ${keyHeads} keys`);
    return [
      { dtype, shape: heads.isFlat ? [batch, steps, queryHeads * valueSize] : [batch, queryHeads, steps, valueSize] },
      { dtype, shape: [batch, keyHeads, total, size] },
      { dtype, shape: [batch, keyHeads, total, valueSize] },
      { dtype, shape: [batch, queryHeads, steps, total] },
    ];
  },
  macs(node) {
    const { batch, queryHeads, steps, total, size, valueSize } = headsOf(node);
    return batch * queryHeads * steps * total * (size + valueSize);
  },
  evaluate(node, inputs) {
    const heads: Heads = headsOf(node);
    const results = attention.infer(node).map((type) => zeros({ dtype: type.dtype, shape: type.shape! }));
    if (elementCount(results[0].type.shape) > 0) attend(node, heads, inputs, results);
    return results.slice(0, node.node.outputs.length);
  },
  onnx: attentionOnnx,
};
