import { encodeBytes, emptyData, type TensorData } from '../../ir/tensor';
import { byteLengthOf, dtypes, elementCount } from '../../ir/dtype';
import type { ConstantData, DType, StaticType } from '../../ir/types';
import type { TensorProto } from './schema';

/** TensorProto.DataType. Source: onnx.proto3. */
const codes: Readonly<Record<number, DType>> = {
  1: 'float32', 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16', 6: 'int32', 7: 'int64', 8: 'string', 9: 'bool', 10: 'float16', 11: 'float64',
  12: 'uint32', 13: 'uint64', 16: 'bfloat16', 21: 'uint4', 22: 'int4', 25: 'uint2', 26: 'int2',
};
const codeOf = new Map(Object.entries(codes).map(([code, dtype]) => [dtype, Number(code)]));

/** The IR's dtype, or undefined for one that it does not have (complex, float8, string maps). */
export const dtypeOfOnnx = (code: number | undefined): DType | undefined => codes[code ?? 0];
export const onnxOfDtype = (dtype: DType): number => codeOf.get(dtype)!;

/** Data in another file, as the tensor names it; resolved by whoever may do IO. */
export interface ExternalReference {
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

export function externalReference(tensor: TensorProto): ExternalReference | undefined {
  if (tensor.dataLocation !== 1) return undefined;
  const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value ?? '']));
  const length = entries.get('length');
  return { location: entries.get('location') ?? '', offset: Number(entries.get('offset') ?? 0), length: length === undefined ? undefined : Number(length) };
}

/** Bytes of external data, or a `ProblemError` that says why they cannot be had. */
export type ExternalReader = (reference: ExternalReference, tensor: string) => Uint8Array;

/** Why a tensor's data cannot be used, in words for the user. */
export class TensorDataError extends Error {}

/** Type and data of a tensor; the data stays a view into the file wherever the file holds it in packed form. */
export function readTensorProto(tensor: TensorProto, external?: ExternalReader): { type: StaticType; data: ConstantData } {
  const dtype = dtypeOfOnnx(tensor.dataType);
  if (!dtype) throw new TensorDataError(`tensor type ${tensor.dataType ?? 0} is not supported`);
  if (tensor.dims.some((d) => d < 0)) throw new TensorDataError(`has a negative extent: ${tensor.dims.join('×')}`);
  const type: StaticType = { dtype, shape: tensor.dims };
  const elements = elementCount(tensor.dims);
  const wanted = byteLengthOf(dtype, elements);
  if (!Number.isSafeInteger(wanted)) throw new TensorDataError(`is too large: ${tensor.dims.join('×')}`);
  if (dtype === 'string') return { type, data: { byteLength: 0, bytes: () => new Uint8Array() } };
  const reference = externalReference(tensor);
  if (reference) return { type, data: externalData(reference, tensor.name ?? '', wanted, external) };
  if (tensor.rawData !== undefined) {
    const raw = tensor.rawData;
    if (raw.length !== wanted) throw new TensorDataError(`needs ${wanted} bytes for ${tensor.dims.join('×')} ${dtype}, the file has ${raw.length}`);
    return { type, data: { byteLength: raw.length, bytes: () => raw } };
  }
  const list = typedList(tensor, dtype);
  const listElements = dtypes[dtype].bits < 8 ? Math.ceil((elements * dtypes[dtype].bits) / 8) : elements;
  if (list.length !== listElements) throw new TensorDataError(`needs ${elements} values for ${tensor.dims.join('×')}, the file has ${list.length}`);
  let bytes: Uint8Array | undefined;
  return { type, data: { byteLength: wanted, bytes: () => (bytes ??= listBytes(dtype, list)) } };
}

/** Read when first asked: the files behind large models are read as far as they are used. */
function externalData(reference: ExternalReference, name: string, wanted: number, external: ExternalReader | undefined): ConstantData {
  if (!external) throw new TensorDataError(`lies in another file, ${reference.location || 'without a name'}, which cannot be read here`);
  const { offset, length } = reference;
  if (!Number.isSafeInteger(offset) || offset < 0) throw new TensorDataError(`lies at offset ${offset} of another file`);
  if (length !== undefined && length !== wanted) throw new TensorDataError(`needs ${wanted} bytes, its reference to another file says ${length}`);
  let bytes: Uint8Array | undefined;
  const read = (): Uint8Array => {
    const found = external({ ...reference, length: wanted }, name);
    if (found.length !== wanted) throw new Error(`External data of ${name}: ${found.length} bytes instead of ${wanted}`);
    return found;
  };
  // A first look, without content, finds a missing or forbidden file when the model is opened.
  external({ ...reference, length: 0 }, name);
  return { byteLength: wanted, bytes: () => (bytes ??= read()) };
}

function typedList(tensor: TensorProto, dtype: DType): readonly number[] {
  if (dtype === 'float32') return tensor.floatData;
  if (dtype === 'float64') return tensor.doubleData;
  if (dtype === 'int64') return tensor.int64Data;
  if (dtype === 'uint64' || dtype === 'uint32') return tensor.uint64Data;
  return tensor.int32Data;
}

function listBytes(dtype: DType, list: readonly number[]): Uint8Array {
  // int32_data holds the bit patterns of half floats, and packed pairs of types narrower than a byte.
  const stored: DType = dtype === 'float16' || dtype === 'bfloat16' ? 'uint16' : dtypes[dtype].bits < 8 ? 'uint8' : dtype;
  const data: TensorData = emptyData(stored, list.length);
  for (let i = 0; i < list.length; i++) data[i] = list[i];
  return encodeBytes(stored, data);
}

export function writeTensorProto(name: string, type: StaticType, data: ConstantData): TensorProto {
  return {
    name, dims: [...type.shape], dataType: onnxOfDtype(type.dtype), rawData: data.bytes(),
    floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [],
  };
}
