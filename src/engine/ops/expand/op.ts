import { zeros } from '../../ir/tensor';
import { broadcastShape } from '../broadcast';
import { placesOf } from '../combine';
import { withShape, type OpDefinition } from '../op';
import { expandKernels } from './kernels';
import { expandOnnx } from './onnx';
import { expandTflite } from './tflite';

/** Repeats axes of extent 1. Attribute: shape, the result's; the input's shape broadcasts to it. */
export const expand: OpDefinition = {
  name: 'expand',
  label: () => 'Expand',
  quantization: 'keeps',
  infer: (node) => [withShape(node.type(0), node.ints('shape'))],
  evaluate(node, [input]) {
    const type = node.outputType();
    const places = placesOf(input!, type);
    if (!places) return [input!];
    const result = zeros(type);
    for (let i = 0; i < result.data.length; i++) result.data[i] = input!.data[places[i]];
    return [result];
  },
  kernels: expandKernels,
  onnx: expandOnnx,
  tflite: expandTflite,
};

/** Shape that Expand makes of an input's and the wanted one: either may be the larger. */
export const expandedShape = (from: readonly number[], wanted: readonly number[]): number[] => broadcastShape(from, wanted);
