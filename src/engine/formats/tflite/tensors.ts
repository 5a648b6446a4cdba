import { byteLengthOf, dtypes, elementCount, isNumeric } from '../../ir/dtype';
import type { ConstantData, DType, Quantization, TensorType } from '../../ir/types';
import type { LongFile } from '../long-file';
import { densify, SparseError } from './sparse';
import type { BufferTable, QuantizationTable, TensorTable } from './schema';

/** TFLite's tensor types; those without a counterpart (complex, 8-bit floats, resource, variant) are absent. Source: schema.fbs, TensorType. */
const dtypeCodes: Readonly<Record<number, DType>> = {
  0: 'float32', 1: 'float16', 2: 'int32', 3: 'uint8', 4: 'int64', 5: 'string', 6: 'bool', 7: 'int16', 9: 'int8', 10: 'float64', 12: 'uint64', 15: 'uint32',
  16: 'uint16', 17: 'int4', 18: 'bfloat16', 19: 'int2', 20: 'uint4',
};
export const RESOURCE = 13;
export const VARIANT = 14;

export const dtypeOfTflite = (code: number): DType | undefined => dtypeCodes[code];

export function tfliteOfDtype(dtype: DType): number | undefined {
  const code = Object.entries(dtypeCodes).find(([, name]) => name === dtype)?.[0];
  return code === undefined ? undefined : Number(code);
}

/** A tensor that cannot be: the file is damaged, or more than we understand. */
export class TensorError extends Error {}

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly buffers: readonly BufferTable[];
  /** Absent where `bytes` is the whole file. */
  readonly long?: LongFile;
}

/** Type of a tensor; a handle to a variable has the type string, which holds no numbers, and codes in blocks have none. */
export function readType(tensor: TensorTable): TensorType {
  const dtype = dtypeCodes[tensor.type] ?? (tensor.type === RESOURCE || tensor.type === VARIANT ? 'string' : undefined);
  if (!dtype) throw new TensorError(`has type ${tensor.type}, which is not known`);
  const shape = (tensor.shape ?? []).map((extent) => (extent < 0 ? -1 : extent));
  if (!Number.isSafeInteger(elementCount(shape.map(Math.abs)))) throw new TensorError(`has ${shape.join('×')} elements, more than can be counted`);
  // Codes under a scheme that is not understood are shown, not computed with.
  if (tensor.quantization?.details) return { dtype: 'other', shape };
  return { dtype, shape, ...readQuantization(tensor.quantization, shape) };
}

/** Scales and zero points; absent where the table only keeps ranges of the training. */
function readQuantization(table: QuantizationTable | undefined, shape: readonly number[]): { quantization?: Quantization } {
  const scale = table?.scale ?? [];
  if (!table || scale.length === 0) return {};
  // A single 0 is how writers say that there is none.
  if (scale.every((s) => s === 0)) return {};
  if (scale.some((s) => !(s > 0) || !Number.isFinite(s))) throw new TensorError('has a scale that is not positive');
  const given = table.zeroPoint ?? [];
  const zeroPoint = scale.map((_, i) => given[given.length === 1 ? 0 : i] ?? 0);
  if (given.length > 1 && given.length !== scale.length) throw new TensorError(`has ${scale.length} scales and ${given.length} zero points`);
  if (zeroPoint.some((z) => !Number.isSafeInteger(z))) throw new TensorError('has a zero point out of range');
  if (scale.length === 1) return { quantization: { scale, zeroPoint } };
  // Older converters give a bias the axis of the weights.
  const axis = shape.length === 1 ? 0 : table.quantizedDimension;
  if (shape[axis] !== scale.length) throw new TensorError(`has ${scale.length} scales for axis ${axis} of ${shape.join('×')}`);
  return { quantization: { scale, zeroPoint, axis } };
}

/** Largest dense form of a sparse tensor: as much as the limit on memory leaves. */
const denseLimit = (fileBytes: number): number => fileBytes + 16 * 2 ** 20;

/** Constant content of a tensor: a view into the file. Undefined for tensors that are computed. */
export function readConstant(tensor: TensorTable, type: TensorType, file: FileContent): ConstantData | undefined {
  const stored = bufferData(tensor.buffer, file);
  if (!stored || !isNumeric(type.dtype)) return stored;
  const { shape } = type;
  if (!shape || shape.some((extent) => extent < 0)) throw new TensorError('is constant, but of unknown shape');
  const needed = byteLengthOf(type.dtype, elementCount(shape));
  if (tensor.sparsity) {
    if (needed > denseLimit(file.bytes.length)) throw new TensorError(`has ${needed} bytes when its zeros are counted, too many`);
    try {
      return densify(tensor.sparsity, shape, dtypes[type.dtype].bits, stored.bytes(), needed);
    } catch (error) {
      if (error instanceof SparseError) throw new TensorError(error.message);
      throw error;
    }
  }
  if (stored.byteLength < needed) throw new TensorError(`has ${stored.byteLength} bytes, its shape ${shape.join('×')} needs ${needed}`);
  return { byteLength: needed, bytes: () => stored.bytes().subarray(0, needed) };
}

/** Bytes of a buffer; undefined where it is empty. */
export const bufferBytes = (index: number, file: FileContent): Uint8Array | undefined => bufferData(index, file)?.bytes();

function bufferData(index: number, { bytes, buffers, long }: FileContent): ConstantData | undefined {
  if (index >= buffers.length) throw new TensorError(`refers to buffer ${index} of ${buffers.length}`);
  const { data, offset, size } = buffers[index];
  // 0 and 1 mean that the data are inside of the FlatBuffer.
  if (offset <= 1) return data?.length ? { byteLength: data.length, bytes: () => data } : undefined;
  if (!(size >= 0 && offset + size <= (long?.fileBytes ?? bytes.length))) throw new TensorError(`has its bytes at ${offset}, outside of the file`);
  if (!size) return undefined;
  if (!long || offset + size <= bytes.length) return { byteLength: size, bytes: () => bytes.subarray(offset, offset + size) };
  let read: Uint8Array | undefined;
  return { byteLength: size, bytes: () => (read ??= rangeOf(long, offset, size)) };
}

function rangeOf(long: LongFile, offset: number, size: number): Uint8Array {
  const bytes = long.read(offset, size);
  if (bytes.length < size) throw new TensorError(`has its bytes at ${offset}, where the file has become shorter`);
  return bytes;
}
