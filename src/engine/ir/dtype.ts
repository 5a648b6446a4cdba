import type { DType, StaticType, TensorType } from './types';

interface DTypeFacts {
  readonly bits: number;
  readonly kind: 'float' | 'signed' | 'unsigned' | 'other';
  /** Smallest and largest code of an integer type that fits a double exactly. */
  readonly range?: readonly [number, number];
  /** Name in generated C; types narrower than a byte and non-numeric ones have none. */
  readonly c?: string;
}

export const dtypes: Readonly<Record<DType, DTypeFacts>> = {
  float32: { bits: 32, kind: 'float', c: 'float' },
  float64: { bits: 64, kind: 'float', c: 'double' },
  float16: { bits: 16, kind: 'float', c: 'uint16_t' },
  bfloat16: { bits: 16, kind: 'float', c: 'uint16_t' },
  int2: { bits: 2, kind: 'signed', range: [-2, 1] },
  uint2: { bits: 2, kind: 'unsigned', range: [0, 3] },
  int4: { bits: 4, kind: 'signed', range: [-8, 7] },
  uint4: { bits: 4, kind: 'unsigned', range: [0, 15] },
  int8: { bits: 8, kind: 'signed', range: [-128, 127], c: 'int8_t' },
  uint8: { bits: 8, kind: 'unsigned', range: [0, 255], c: 'uint8_t' },
  int16: { bits: 16, kind: 'signed', range: [-32768, 32767], c: 'int16_t' },
  uint16: { bits: 16, kind: 'unsigned', range: [0, 65535], c: 'uint16_t' },
  int32: { bits: 32, kind: 'signed', range: [-(2 ** 31), 2 ** 31 - 1], c: 'int32_t' },
  uint32: { bits: 32, kind: 'unsigned', range: [0, 2 ** 32 - 1], c: 'uint32_t' },
  int64: { bits: 64, kind: 'signed', c: 'int64_t' },
  uint64: { bits: 64, kind: 'unsigned', c: 'uint64_t' },
  bool: { bits: 8, kind: 'other', range: [0, 1], c: 'uint8_t' },
  string: { bits: 0, kind: 'other' },
  other: { bits: 0, kind: 'other' },
};

/** Codes a quantized tensor of this type may hold. */
export function codeRange(dtype: DType): readonly [number, number] {
  const range = dtypes[dtype].range;
  if (!range) throw new Error(`${dtype} has no code range`);
  return range;
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Bytes of `elements` values, packed: two int4 in a byte, the last byte padded. */
export const byteLengthOf = (dtype: DType, elements: number): number => Math.ceil((elements * dtypes[dtype].bits) / 8);

export const isStatic = (type: TensorType): type is StaticType => type.shape !== undefined && type.shape.every((extent) => extent >= 0);

export const typeBytes = (type: StaticType): number => byteLengthOf(type.dtype, elementCount(type.shape));

/** The type has numbers that we can compute with. */
export const isNumeric = (dtype: DType): boolean => dtypes[dtype].bits > 0;

export const isFloatType = (dtype: DType): boolean => dtypes[dtype].kind === 'float';

/** Integers that a double does not hold exactly. */
export const isWide = (dtype: DType): boolean => dtype === 'int64' || dtype === 'uint64';

export const isQuantized = (type: TensorType): boolean => type.quantization !== undefined;
