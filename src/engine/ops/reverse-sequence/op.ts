import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { TfliteMapping } from '../../formats/tflite/mapping';
import { forEachPosition, rowStrides } from '../gather/indices';
import { ShapeError, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: { ReverseSequence: (node) => void node.emit('reverse_sequence', node.inputs, { timeAxis: node.int('time_axis', 0), batchAxis: node.int('batch_axis', 1) }) },
  export: (node, writer) => writer.emit('ReverseSequence', writer.inputs, writer.outputs, { time_axis: node.int('timeAxis'), batch_axis: node.int('batchAxis') }),
};

const tflite: TfliteMapping = {
  import: {
    REVERSE_SEQUENCE(node) {
      node.needOneScale();
      node.emit('reverse_sequence', node.inputs, { timeAxis: node.number('seqDim'), batchAxis: node.number('batchDim') });
    },
  },
  export: (node, writer) => writer.emit('REVERSE_SEQUENCE', writer.inputs, writer.outputs, { seqDim: node.int('timeAxis'), batchDim: node.int('batchAxis') }),
};

/** The first `length` steps of each sequence backwards, the rest as they are. Inputs: data, lengths. Attributes: timeAxis, batchAxis. */
export const reverseSequence: OpDefinition = {
  name: 'reverse_sequence',
  label: () => 'ReverseSequence',
  infer(node) {
    const [data, lengths] = [node.type(0), node.type(1)];
    if (data.shape && data.shape.length < 2) throw new ShapeError('sequences need two axes');
    if (data.shape && lengths.shape && elementCount(lengths.shape) >= 0 && lengths.shape[0] !== data.shape[node.int('batchAxis')]) throw new ShapeError('one length per sequence');
    return [{ dtype: data.dtype, shape: data.shape }];
  },
  evaluate(node, [data, lengths]) {
    const result = zeros(node.outputType());
    const { shape } = data!.type;
    const [time, batch] = [node.int('timeAxis'), node.int('batchAxis')];
    const strides = rowStrides(shape);
    forEachPosition(shape, (position, i) => {
      const length = lengths!.data[position[batch]];
      const step = position[time];
      result.data[i] = data!.data[step < length ? i + (length - 1 - 2 * step) * strides[time] : i];
    });
    return [result];
  },
  onnx,
  tflite,
};
