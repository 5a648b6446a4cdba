import { elementCount } from '../../ir/dtype';
import { constantOf, decodeBytes, zeros } from '../../ir/tensor';
import type { ConstantData, StaticType } from '../../ir/types';
import type { SparseTensorProto, TensorProto } from './schema';
import { TensorDataError } from './tensor-proto';

/** Elements that a sparse tensor may have per stored value: beyond, a few bytes would claim gigabytes. */
const MAX_SPREAD = 1024;

/** A sparse initializer with its zeros. Source: onnx.proto3, SparseTensorProto: indices are linear [NNZ] or [NNZ, rank]. */
export function densify(sparse: SparseTensorProto, read: (tensor: TensorProto) => { type: StaticType; data: ConstantData }): { type: StaticType; data: ConstantData } {
  if (!sparse.values || !sparse.indices) throw new TensorDataError('is sparse, but has no values or no indices');
  const values = read(sparse.values);
  const indices = read(sparse.indices);
  const shape = sparse.dims;
  const total = elementCount(shape);
  const count = elementCount(values.type.shape);
  const linear = indices.type.shape.length === 1;
  if (shape.some((d) => d < 0) || !Number.isSafeInteger(total) || total > (count + 64) * MAX_SPREAD) throw new TensorDataError(`is sparse and too large: ${shape.join('×')} with ${count} values`);
  if (indices.type.dtype !== 'int64' || indices.type.shape[0] !== count || (!linear && indices.type.shape[1] !== shape.length)) throw new TensorDataError('is sparse with indices that do not fit');
  const type: StaticType = { dtype: values.type.dtype, shape };
  const at = decodeBytes('int64', elementCount(indices.type.shape), indices.data.bytes());
  const from = decodeBytes(type.dtype, count, values.data.bytes());
  const dense = zeros(type);
  for (let i = 0; i < count; i++) {
    const place = linear ? at[i] : shape.reduce((sum, extent, axis) => sum * extent + at[i * shape.length + axis], 0);
    if (!(place >= 0 && place < total)) throw new TensorDataError(`is sparse with index ${place} of ${total}`);
    dense.data[place] = from[i];
  }
  return { type, data: constantOf(dense) };
}
