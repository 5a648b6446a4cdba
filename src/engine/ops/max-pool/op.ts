import { zeros } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { keepsChannels } from '../channels';
import { perChannel } from '../coupling';
import { poolLabel, poolGeometry, poolInfer } from '../pool';
import type { OpDefinition } from '../op';
import { windowRows } from '../row-rule';
import { forEachWindow, stridesOf } from '../window';
import { maxPoolKernels } from './kernels';
import { maxPoolOnnx } from './onnx';
import { maxPoolTflite } from './tflite';
import { maxPoolGradient } from '../pool-gradients';

/** Largest value under a window. Attributes: layout, kernel, strides, dilations, pads, ceilMode. Padding never wins. */
export const maxPool: OpDefinition = {
  name: 'max_pool',
  label: (node) => poolLabel('MaxPool', node),
  imageInputs: [0],
  quantization: 'keeps',
  infer: (node) => poolInfer(node, node.type(0).quantization),
  evaluate(node, [input]) {
    const { window, from, to } = poolGeometry(node);
    const result = zeros(node.outputType());
    const lowest = input!.type.dtype.startsWith('float') ? -Infinity : codeRange(input!.type.dtype)[0];
    const inStrides = stridesOf(from, window.layout);
    const outStrides = stridesOf(to, window.layout);
    forEachWindow(from, to, window, (offset, taps) => {
      for (let batch = 0; batch < from.batch; batch++) {
        for (let c = 0; c < from.channels; c++) {
          let best = lowest;
          for (const tap of taps) best = Math.max(best, input!.data[batch * inStrides.batch + c * inStrides.channel + tap.input]);
          result.data[batch * outStrides.batch + c * outStrides.channel + offset] = best;
        }
      }
    });
    return [result];
  },
  kernels: maxPoolKernels,
  channels: keepsChannels((node) => node.text('layout') === 'nhwc'),
  rows: (node) => windowRows(node, node.ints('kernel')),
  coupling: perChannel,
  gradient: maxPoolGradient,
  onnx: maxPoolOnnx,
  tflite: maxPoolTflite,
};
