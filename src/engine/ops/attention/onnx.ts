import type { OnnxMapping } from '../../formats/onnx/mapping';

export const attentionOnnx: OnnxMapping = {
  import: {
    Attention(node) {
      const scale = node.attribute('scale')?.f;
      node.attribute('softmax_precision'); // softmax is computed in double precision here
      node.emit('attention', node.inputs, {
        causal: node.int('is_causal', 0) === 1, heads: node.int('q_num_heads', 0), keyHeads: node.int('kv_num_heads', 0), softcap: node.float('softcap', 0),
        scores: node.int('qk_matmul_output_mode', 0), ...(scale === undefined ? {} : { scale }),
      });
    },
  },
  since: (node) => (node.has(6) ? 24 : 23),
  export: (node, writer) =>
    writer.emit('Attention', writer.inputs, writer.outputs, {
      is_causal: node.flag('causal') ? 1 : 0, q_num_heads: node.int('heads') || undefined, kv_num_heads: node.int('keyHeads') || undefined,
      softcap: { float: node.attributes.softcap as number }, qk_matmul_output_mode: node.int('scores'),
      scale: node.attributes.scale === undefined ? undefined : { float: node.attributes.scale as number },
    }),
};
