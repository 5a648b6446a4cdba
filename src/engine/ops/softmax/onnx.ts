import { rowwiseOnnx } from './rowwise-onnx';

export const softmaxOnnx = rowwiseOnnx('Softmax', 'softmax');
