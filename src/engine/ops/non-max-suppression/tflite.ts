import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { tensorOf } from '../../ir/tensor';

export const nonMaxSuppressionTflite: TfliteMapping = {
  import: {
    NON_MAX_SUPPRESSION_V4(node) {
      suppress(node);
      const [, , count] = node.editor.producerOf(node.result(0))!.outputs;
      // It does not tell the scores.
      node.alias(1, count);
    },
    NON_MAX_SUPPRESSION_V5(node) {
      if (node.known(5, 'widths')[0] !== 0) node.refuse('scores that overlapping boxes lower');
      suppress(node);
      const [, scores, count] = node.editor.producerOf(node.result(0))!.outputs;
      node.alias(1, scores);
      node.alias(2, count);
    },
  },
  export(node, writer) {
    const scalar = (suffix: string, dtype: 'int32' | 'float32', value: number): number => writer.constant(suffix, tensorOf({ dtype, shape: [] }, [value]));
    const limits = [scalar('limit', 'int32', node.int('limit')), scalar('overlap', 'float32', node.int('overlap')), scalar('least', 'float32', node.int('least')), scalar('sigma', 'float32', 0)];
    writer.emit('NON_MAX_SUPPRESSION_V5', [...writer.inputs, ...limits], writer.outputs);
  },
};

function suppress(node: TfliteNode): void {
  node.needReal();
  const [limit, overlap, least] = [2, 3, 4].map((i) => node.known(i, 'limits')[0]);
  node.emit('non_max_suppression', node.inputs.slice(0, 2), { limit, overlap, least }, { output: 0, more: [{ dtype: 'float32', shape: [limit] }, { dtype: 'int32', shape: [] }] });
}
