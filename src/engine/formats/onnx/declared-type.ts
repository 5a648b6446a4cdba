import type { TensorType } from '../../ir/types';
import type { ValueInfoProto } from './schema';
import { dtypeOfOnnx } from './tensor-proto';

/** Type as a file declares it; an absent one is taken for float32, which says least that is wrong. */
export function declaredType(info: ValueInfoProto | undefined): TensorType {
  if (!info?.type) return { dtype: 'float32', shape: undefined };
  const { tensor } = info.type;
  // Sequences, optionals, maps and sparse tensors are other fields of TypeProto.
  if (!tensor) return { dtype: 'other', shape: undefined };
  const shape = tensor.shape?.dims.map((dim) => (dim.value === undefined || dim.value < 0 ? -1 : dim.value));
  return { dtype: tensor.elementType === undefined ? 'float32' : (dtypeOfOnnx(tensor.elementType) ?? 'other'), shape };
}
