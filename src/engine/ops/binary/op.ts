import { isFloatType, isWide } from '../../ir/dtype';
import { broadcastShape } from '../broadcast';
import { combine, combineWide } from '../combine';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { sameRows } from '../row-rule';
import { binaryFunctions, type BinaryFunction } from './functions';
import { binaryKernels } from './kernels';
import { binaryOnnx } from './onnx';
import { binaryTflite } from './tflite';

/** One definition per function in the table. */
export const binaryOps: readonly OpDefinition[] = binaryFunctions.map(binaryOp);

function binaryOp(entry: BinaryFunction): OpDefinition {
  const { name, label, f, integer, wide, result } = entry;
  return {
    name,
    label: () => label,
    infer(node) {
      const [a, b] = [node.type(0), node.type(1)];
      return [{ dtype: result ?? a.dtype, shape: a.shape && b.shape && broadcastShape(a.shape, b.shape) }];
    },
    evaluate(node, [a, b]) {
      const type = node.outputType();
      if (wide && isWide(type.dtype)) return [combineWide(type, a!, b!, wide)];
      return [combine(type, a!, b!, integer && !isFloatType(type.dtype) ? integer : f)];
    },
    sinkTranspose: (node) => node.node.attributes,
    inPlace: (node) => (node.type(0).dtype === node.output().type.dtype && node.type(0).shape?.join() === node.output().type.shape?.join() ? 0 : undefined),
    rows: sameRows,
    kernels: binaryKernels(entry),
    coupling: elementwise,
    onnx: binaryOnnx(entry),
    tflite: binaryTflite(entry),
  };
}
