import { dtypes, isFloatType, isWide } from '../../ir/dtype';
import { roundToFloat, zeros } from '../../ir/tensor';
import type { DType } from '../../ir/types';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { castKernels } from './kernels';
import { castOnnx } from './onnx';
import { castTflite } from './tflite';

/** The same numbers in another type: fractions are cut off, integers wrap, floats round. Attribute: to. */
export const cast: OpDefinition = {
  name: 'cast',
  label: (node) => `Cast ${node.text('to')}`,
  keepsNumbers: true,
  infer: (node) => [{ dtype: node.text('to') as DType, shape: node.type(0).shape }],
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const convert = converter(result.type.dtype);
    for (let i = 0; i < result.data.length; i++) result.data[i] = convert(input!.data[i]);
    return [result];
  },
  sinkTranspose: (node) => node.node.attributes,
  kernels: castKernels,
  coupling: elementwise,
  onnx: castOnnx,
  tflite: castTflite,
};

function converter(to: DType): (x: number) => number {
  if (to === 'bool') return (x) => (x === 0 ? 0 : 1);
  if (isFloatType(to)) return (x) => roundToFloat(to, x);
  const { bits, kind } = dtypes[to];
  if (bits >= 8) return isWide(to) ? (x) => (Number.isNaN(x) ? 0 : Math.trunc(x)) : (x) => x;
  // Types without an array of their own wrap by hand.
  const mask = 2 ** bits - 1;
  const sign = kind === 'signed' ? 2 ** (bits - 1) : 0;
  return (x) => (((Math.trunc(x) & mask) ^ sign) - sign);
}
