import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { dtypeOfOnnx } from '../../formats/onnx/tensor-proto';
import { byteLengthOf, elementCount, isNumeric } from '../../ir/dtype';
import { constantOf, decodeBytes, encodeBytes, tensorOf, zeros, type Tensor } from '../../ir/tensor';
import type { DType, StaticType } from '../../ir/types';

/** Nodes whose result is known when the model is read. */
export const constantImporters: OnnxImporters = {
  Constant(node) {
    const tensor = node.tensor('value');
    if (tensor) return node.result(0, tensor.type, tensor.data);
    const [number, numbers] = [node.attribute('value_float')?.f ?? node.attribute('value_int')?.i, node.floats('value_floats') ?? node.ints('value_ints')];
    const dtype: DType = node.attribute('value_float') || node.attribute('value_floats') ? 'float32' : 'int64';
    if (number !== undefined) return resultOf(node, tensorOf({ dtype, shape: [] }, [number]));
    if (numbers && (node.attribute('value_floats') || node.attribute('value_ints'))) return resultOf(node, tensorOf({ dtype, shape: [numbers.length] }, numbers));
    node.refuse('a constant that is no tensor of numbers');
  },
  ConstantOfShape(node) {
    const shape = node.integers(0, 'a shape');
    const value = node.tensor('value');
    const type: StaticType = { dtype: value?.type.dtype ?? 'float32', shape };
    node.claim(type);
    const fill = value ? decodeBytes(type.dtype, 1, value.data.bytes())[0] : 0;
    let bytes: Uint8Array | undefined;
    const make = (): Uint8Array => encodeBytes(type.dtype, zeros(type).data.fill(fill));
    node.result(0, type, { byteLength: byteLengthOf(type.dtype, elementCount(shape)), bytes: () => (bytes ??= make()) });
  },
  Shape(node) {
    const { shape } = node.type(0);
    if (!shape) return node.refuse('an input of unknown rank');
    const bound = (axis: number): number => Math.min(shape.length, Math.max(0, axis < 0 ? axis + shape.length : axis));
    const wanted = shape.slice(bound(node.int('start', 0)), bound(node.attribute('end')?.i ?? shape.length));
    if (wanted.some((extent) => extent < 0)) node.refuse('an input of unknown size');
    resultOf(node, int64Tensor(wanted));
  },
  Size(node) {
    resultOf(node, int64Tensor([elementCount(node.known(0).shape)], []));
  },
  Range(node) {
    const [start, limit, step] = [0, 1, 2].map((i) => (node.constant(i) ?? node.refuse('bounds that vary')).data[0]);
    const count = Math.max(0, Math.ceil((limit - start) / step));
    if (step === 0 || !Number.isFinite(count)) node.refuse('a range without end');
    const type: StaticType = { dtype: node.type(0).dtype, shape: [count] };
    node.claim(type);
    resultOf(node, tensorOf(type, Float64Array.from({ length: count }, (_, i) => start + i * step)));
  },
  EyeLike(node) {
    const { dtype, shape } = node.known(0);
    if (shape.length !== 2) node.refuse('a shape that is no matrix');
    const to = node.attribute('dtype') ? dtypeOfOnnx(node.int('dtype', 0)) : dtype;
    if (!to || !isNumeric(to)) return node.refuse('a type without arithmetic');
    const type: StaticType = { dtype: to, shape };
    node.claim(type);
    const eye = zeros(type);
    const diagonal = node.int('k', 0);
    for (let row = 0; row < shape[0]; row++) if (row + diagonal >= 0 && row + diagonal < shape[1]) eye.data[row * shape[1] + row + diagonal] = 1;
    resultOf(node, eye);
  },
};

const resultOf = (node: OnnxNode, tensor: Tensor): void => node.result(0, tensor.type, constantOf(tensor));
