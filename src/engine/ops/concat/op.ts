import { input, joinRange, output } from '../coupling';
import { elementCount } from '../../ir/dtype';
import type { GraphEditor } from '../../ir/edit';
import { zeros, type Tensor } from '../../ir/tensor';
import type { Node, Origin, ValueId } from '../../ir/types';
import { normalAxis, resultDtype, ShapeError, type OpDefinition } from '../op';
import { runStart } from '../ranges';
import { concatKernels } from './kernels';
import { concatOnnx } from './onnx';
import { rescaledCodes } from './rescaled-codes';
import { keepsCodes } from './same-codes';
import { concatTflite } from './tflite';
import { concatGradient } from '../moving-gradients';

/** Tensors one after another along an axis. Attribute: axis. All inputs are data. */
export const concat: OpDefinition = {
  name: 'concat',
  label: () => 'Concat',
  quantization: 'rescales',
  infer(node) {
    const types = node.node.inputs.map((_, i) => node.type(i));
    const dtype = resultDtype(node);
    const shapes = types.map((type) => type.shape);
    if (shapes.some((shape) => !shape)) return [{ dtype, shape: undefined }];
    const [first] = shapes as number[][];
    if (!first.length) throw new ShapeError('scalars cannot be joined');
    const axis = normalAxis(node.int('axis'), first.length);
    const shape = [...first];
    for (const other of shapes.slice(1) as number[][]) {
      if (other.length !== first.length) throw new ShapeError('tensors of different rank are joined');
      other.forEach((extent, i) => {
        if (i === axis) shape[i] = shape[i] < 0 || extent < 0 ? -1 : shape[i] + extent;
        else if (shape[i] < 0) shape[i] = extent;
        else if (extent >= 0 && extent !== shape[i]) throw new ShapeError(`${first.join('×')} and ${other.join('×')} cannot be joined along axis ${axis}`);
      });
    }
    return [{ dtype, shape }];
  },
  evaluate(node, inputs) {
    const type = node.outputType();
    const axis = normalAxis(node.int('axis'), type.shape.length);
    const result = zeros(type);
    const row = elementCount(type.shape.slice(axis));
    let offset = 0;
    for (const input of inputs as readonly Tensor[]) {
      const codes = rescaledCodes(node, type, input);
      const length = elementCount(input.type.shape.slice(axis));
      for (let from = 0, to = offset; from < codes.length; from += length, to += row) result.data.set(codes.subarray(from, from + length), to);
      offset += length;
    }
    return [result];
  },
  ranges(node) {
    const type = node.outputType();
    const axis = normalAxis(node.int('axis'), type.shape.length);
    let next = 0;
    return {
      parts: 'inputs',
      at: node.node.inputs.map((_, i) => {
        const { shape } = node.staticType(i);
        const at = next;
        next += shape[axis];
        return node.isConstant(i) || !keepsCodes(node, i) ? undefined : runStart(type, shape.map((__, a) => (a === axis ? at : 0)), shape);
      }),
    };
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis'), permutation.length)] }),
  kernels: concatKernels,
  coupling: {
    join(node, entries) {
      const rank = node.outputType().shape.length;
      const joined = normalAxis(node.int('axis'), rank);
      let from = 0;
      node.node.inputs.forEach((_, index) => {
        node.staticType(index).shape.forEach((extent, axis) => joinRange(entries, input(index, axis), output(axis), extent, 0, axis === joined ? from : 0));
        from += node.staticType(index).shape[joined];
      });
    },
  },
  gradient: concatGradient,
  onnx: concatOnnx,
  tflite: concatTflite,
};

/** Adds a node that joins values into `output` along an axis. */
export const addConcat = (editor: GraphEditor, name: string, inputs: readonly ValueId[], output: ValueId, axis: number, origin: readonly Origin[]): Node =>
  editor.addNode({ op: concat.name, name, inputs, outputs: [output], attributes: { axis }, origin });
