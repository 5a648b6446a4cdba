import { dtypes, elementCount } from '../ir/dtype';
import type { DType, TensorType } from '../ir/types';
import type { NodeView } from '../ops/op';
import type { PackedConstant } from './kernel';

interface ElementType {
  readonly suffix: string;
  /** Macro that reads a constant of this type. */
  readonly read: string;
  /** Constant's type in the generated file. */
  readonly stored: PackedConstant['dtype'];
}

/** Types that generated C computes with, one element at a time. */
const elementTypes: Partial<Record<DType, ElementType>> = {
  float32: { suffix: 'f32', read: 'TML_F32', stored: 'float32' },
  int8: { suffix: 's8', read: 'TML_S8', stored: 'int8' },
  uint8: { suffix: 'u8', read: 'TML_U8', stored: 'uint8' },
  bool: { suffix: 'u8', read: 'TML_U8', stored: 'uint8' },
  int16: { suffix: 's16', read: 'TML_S16', stored: 'int16' },
  uint16: { suffix: 'u16', read: 'TML_U16', stored: 'uint16' },
  int32: { suffix: 's32', read: 'TML_S32', stored: 'int32' },
  uint32: { suffix: 'u32', read: 'TML_U32', stored: 'uint32' },
  int64: { suffix: 's64', read: 'TML_S64', stored: 'int64' },
};

export const isElement = (type: TensorType): boolean => elementTypes[type.dtype] !== undefined;
export const suffixOf = (type: TensorType): string => elementTypes[type.dtype]!.suffix;
export const readerOf = (type: TensorType): string => elementTypes[type.dtype]!.read;
export const cTypeOf = (type: TensorType): string => dtypes[type.dtype].c!;

/** A constant input as the file has it. */
export const packedInput = (node: NodeView, index: number, role: string): PackedConstant => ({
  role,
  dtype: elementTypes[node.type(index).dtype]!.stored,
  elements: elementCount(node.staticType(index).shape),
  make: () => node.constant(index)!.data,
});

/** Input and output are codes with one scale each. */
export const isCodes = (type: TensorType): boolean => type.quantization !== undefined && type.quantization.axis === undefined;
