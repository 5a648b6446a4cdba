import { bytesOf } from '../../base/bytes';
import { byteLengthOf, dtypes, elementCount } from './dtype';
import type { ConstantData, DType, StaticType, Value } from './types';

/**
 * Numbers of a tensor for evaluation: one array element per tensor element. int64 and uint64 are held as doubles (exact to
 * 2^53), float16 and bfloat16 as floats, types narrower than a byte one per byte.
 */
export type TensorData = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

export interface Tensor {
  readonly type: StaticType;
  readonly data: TensorData;
}

type ArrayMaker = { new (length: number): TensorData; from(values: ArrayLike<number>): TensorData };

const arrays: Readonly<Record<Exclude<DType, 'string' | 'other'>, ArrayMaker>> = {
  float32: Float32Array, float16: Float32Array, bfloat16: Float32Array, float64: Float64Array,
  int64: Float64Array, uint64: Float64Array, int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint16: Uint16Array,
  int8: Int8Array, uint8: Uint8Array, int4: Int8Array, int2: Int8Array, uint4: Uint8Array, uint2: Uint8Array, bool: Uint8Array,
};

/** A tensor of texts or of a type without arithmetic here was to be computed with. */
export class NoNumbers extends Error {}

function makerOf(dtype: DType): ArrayMaker {
  if (dtype === 'string' || dtype === 'other') throw new NoNumbers(`tensors of type ${dtype} hold no numbers`);
  return arrays[dtype];
}

export const emptyData = (dtype: DType, elements: number): TensorData => new (makerOf(dtype))(elements);

export const zeros = (type: StaticType): Tensor => ({ type, data: emptyData(type.dtype, elementCount(type.shape)) });

export const tensorOf = (type: StaticType, values: ArrayLike<number>): Tensor => ({ type, data: makerOf(type.dtype).from(values) });

/** Same numbers under another shape. */
export const reshaped = (tensor: Tensor, shape: readonly number[]): Tensor => ({ type: { ...tensor.type, shape }, data: tensor.data });

/** IEEE half precision to number. Source: IEEE 754-2008, binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const wordFloat = new Float32Array(1);
const wordBits = new Uint32Array(wordFloat.buffer);

/** Nearest half float, ties to even, as its bits. The detour over float32 rounds twice only where float32 itself is the source's type. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  // Halves below 2^-14 are multiples of 2^-24; above, of 2^(exponent - 10).
  const exponent = magnitude < 2 ** -14 ? -14 : Math.min(16, Math.floor(Math.log2(magnitude)));
  const step = 2 ** (exponent - 10);
  const floor = Math.floor(magnitude / step);
  const rest = magnitude / step - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  if (rounded * step >= 65520 || exponent === 16) return sign | 0x7c00;
  // A mantissa that rounds up to 2048 carries into the exponent by itself.
  return sign | (exponent === -14 ? rounded : rounded + ((exponent + 14) << 10));
}

/** Nearest bfloat16, ties to even, as its bits. */
export function numberToBfloat(value: number): number {
  wordFloat[0] = value;
  const bits = wordBits[0];
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that a float type holds in place of another. */
export function roundToFloat(dtype: DType, value: number): number {
  if (dtype === 'float16') return halfToNumber(numberToHalf(value));
  if (dtype === 'float32') return Math.fround(value);
  if (dtype !== 'bfloat16') return value;
  wordBits[0] = (numberToBfloat(value) << 16) >>> 0;
  return wordFloat[0];
}

const INT64_MAX = 2n ** 63n - 1n;

/** Packed little-endian bytes to numbers. A view where alignment and type allow it, else a copy. */
export function decodeBytes(dtype: DType, elements: number, bytes: Uint8Array): TensorData {
  const { bits } = dtypes[dtype];
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const data = (): TensorData => emptyData(dtype, elements);
  const filled = (read: (i: number) => number): TensorData => {
    const result = data();
    for (let i = 0; i < elements; i++) result[i] = read(i);
    return result;
  };
  if (dtype === 'float16') return filled((i) => halfToNumber(view.getUint16(2 * i, true)));
  if (dtype === 'bfloat16') {
    const words = new Uint32Array(elements);
    for (let i = 0; i < elements; i++) words[i] = view.getUint16(2 * i, true) << 16;
    return new Float32Array(words.buffer);
  }
  if (dtype === 'int64') return filled((i) => Number(view.getBigInt64(8 * i, true)));
  if (dtype === 'uint64') return filled((i) => Number(view.getBigUint64(8 * i, true)));
  if (bits < 8) {
    const perByte = 8 / bits;
    const mask = (1 << bits) - 1;
    const signBit = dtypes[dtype].kind === 'signed' ? 1 << (bits - 1) : 0;
    return filled((i) => {
      const code = (bytes[Math.floor(i / perByte)] >> (bits * (i % perByte))) & mask;
      return code & signBit ? code - (1 << bits) : code;
    });
  }
  const maker = makerOf(dtype) as unknown as { new (buffer: ArrayBuffer, offset: number, length: number): TensorData };
  if (bytes.byteOffset % (bits / 8) === 0) return new maker(bytes.buffer as ArrayBuffer, bytes.byteOffset, elements);
  // A copy through the constructor: `slice` of a Node Buffer is no copy.
  return new maker(new Uint8Array(bytes).buffer, 0, elements);
}

/** The inverse of `decodeBytes` for the types that we write. */
export function encodeBytes(dtype: DType, data: TensorData): Uint8Array {
  // 2^63 - 1 ("to the end") is no double: it is held as 2^63.
  if (dtype === 'int64') return bytesOf(BigInt64Array.from(data as Float64Array, (value) => (value >= 2 ** 63 ? INT64_MAX : wide(value))));
  if (dtype === 'uint64') return bytesOf(BigUint64Array.from(data as Float64Array, wide));
  const { bits } = dtypes[dtype];
  if (bits < 8) {
    const perByte = 8 / bits;
    const packed = new Uint8Array(Math.ceil(data.length / perByte));
    for (let i = 0; i < data.length; i++) packed[Math.floor(i / perByte)] |= (data[i] & ((1 << bits) - 1)) << (bits * (i % perByte));
    return packed;
  }
  if (dtype === 'float16') return bytesOf(Uint16Array.from(data, numberToHalf));
  if (dtype === 'bfloat16') return bytesOf(Uint16Array.from(data, numberToBfloat));
  return bytesOf(data);
}

const wide = (value: number): bigint => (Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);

/** Constant bytes made by us rather than read from a file. */
export function constantOf(tensor: Tensor): ConstantData {
  const bytes = encodeBytes(tensor.type.dtype, tensor.data);
  return { byteLength: bytes.length, bytes: () => bytes };
}

/** A constant that is computed when it is first asked for, and kept from then on. */
export function lazyConstant(type: StaticType, make: () => Tensor, fromHalf = false): ConstantData {
  let bytes: Uint8Array | undefined;
  return { byteLength: byteLengthOf(type.dtype, elementCount(type.shape)), bytes: () => (bytes ??= encodeBytes(type.dtype, make().data)), ...(fromHalf ? { fromHalf } : {}) };
}

/** The numbers of a constant value. */
export function constantTensor(value: Value): Tensor {
  if (!value.constant) throw new Error(`${value.name} is not a constant`);
  const type = value.type as StaticType;
  return { type, data: decodeBytes(type.dtype, elementCount(type.shape), value.constant.bytes()) };
}

/** Real numbers of a tensor: codes through their scale and zero point, others as they are. */
export function realValues(tensor: Tensor): Float64Array {
  const { quantization } = tensor.type;
  if (!quantization) return Float64Array.from(tensor.data);
  const { scale, zeroPoint } = quantization;
  const place = scalePlaces(tensor.type);
  return Float64Array.from(tensor.data, (code, i) => (code - zeroPoint[place(i)]) * scale[place(i)]);
}

/** Where elements of a tensor lie on one of its axes. */
export function placeOn(shape: readonly number[], axis: number): (element: number) => number {
  const inner = elementCount(shape.slice(axis + 1));
  return (element) => Math.floor(element / inner) % shape[axis];
}

/** Which of its type's scales belongs to each element. */
export function scalePlaces({ quantization, shape }: StaticType): (element: number) => number {
  const { scale, axis, block } = quantization!;
  if (scale.length === 1 || axis === undefined) return () => 0;
  const channel = placeOn(shape, axis);
  if (!block) return channel;
  const [entry, blocks] = [placeOn(shape, block.axis), Math.ceil(shape[block.axis] / block.size)];
  return (element) => channel(element) * blocks + Math.floor(entry(element) / block.size);
}
