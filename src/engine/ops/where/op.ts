import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { broadcastShape } from '../broadcast';
import { placesOf } from '../combine';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { whereKernels } from './kernels';
import { whereTflite } from './tflite';

const onnx: OnnxMapping = {
  import: { Where: (node) => void node.emit('where', node.inputs) },
  export: (_node, writer) => writer.emit('Where', writer.inputs, writer.outputs),
};

/** Element by element the second input where the first is true, else the third; all broadcast. */
export const where: OpDefinition = {
  name: 'where',
  label: () => 'Where',
  infer(node) {
    const [condition, yes, no] = [0, 1, 2].map((i) => node.type(i).shape);
    return [{ dtype: node.type(1).dtype, shape: condition && yes && no && broadcastShape(broadcastShape(condition, yes), no) }];
  },
  evaluate(node, [condition, yes, no]) {
    const result = zeros(node.outputType());
    const [atC, atY, atN] = [condition!, yes!, no!].map((tensor) => placesOf(tensor, result.type));
    for (let i = 0; i < result.data.length; i++) result.data[i] = condition!.data[atC ? atC[i] : i] ? yes!.data[atY ? atY[i] : i] : no!.data[atN ? atN[i] : i];
    return [result];
  },
  sinkTranspose: (node) => node.node.attributes,
  kernels: whereKernels,
  coupling: elementwise,
  onnx,
  tflite: whereTflite,
};
