import { realValues, tensorOf } from '../../ir/tensor';
import { elementwise } from '../coupling';
import { ShapeError, type OpDefinition } from '../op';
import { sameRows } from '../row-rule';
import { dequantizeKernels } from './kernels';
import { dequantizeOnnx } from './onnx';
import { dequantizeTflite } from './tflite';

/** Codes to real numbers by the input's own scale. */
export const dequantize: OpDefinition = {
  name: 'dequantize',
  label: () => 'Dequantize',
  keepsConstants: true,
  infer(node) {
    if (!node.type(0).quantization) throw new ShapeError('codes without scale');
    return [{ dtype: 'float32', shape: node.type(0).shape }];
  },
  evaluate: (node, [input]) => [tensorOf(node.outputType(), realValues(input!))],
  sinkTranspose: (node) => node.node.attributes,
  rows: sameRows,
  kernels: dequantizeKernels,
  coupling: elementwise,
  onnx: dequantizeOnnx,
  tflite: dequantizeTflite,
};
