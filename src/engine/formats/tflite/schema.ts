import { schemaOf } from './flatbuffer';
import { optionTables, optionUnions } from './options';

/**
 * Tables of a TFLite model, fields in the order of their slots. Source: tensorflow/lite/schema/schema.fbs, version 3.
 */
const tables = `
  Model version:uint32 operatorCodes:[OperatorCode] subgraphs:[SubGraph] description:string buffers:[Buffer] metadataBuffer:[int32]
    metadata:[Metadata] signatureDefs:[SignatureDef] externalBufferGroups:[ExternalBufferGroup] externalBuffers:[ExternalBuffer]
  OperatorCode deprecatedBuiltinCode:int8 customCode:string version:int32=1 builtinCode:int32
  SubGraph tensors:[Tensor] inputs:[int32] outputs:[int32] operators:[Operator] name:string debugMetadataIndex:int32=-1
  Tensor shape:[int32] type:int8 buffer:uint32 name:string quantization:QuantizationParameters isVariable:bool sparsity:SparsityParameters
    shapeSignature:[int32] hasRank:bool variantTensors:[VariantSubType] externalBuffer:uint32
  QuantizationParameters min:[float32] max:[float32] scale:[float32] zeroPoint:[int64] details:|QuantizationDetails
    quantizedDimension:int32
  CustomQuantization custom:[uint8]
  BlockwiseQuantization scales:int32 zeroPoints:int32 blockSize:int32
  MultiAxisQuantization scales:int32 zeroPoints:int32 blockSize:int32 quantizedDimensions:[int32]
  SparsityParameters traversalOrder:[int32] blockMap:[int32] dimMetadata:[DimensionMetadata]
  DimensionMetadata format:int8 denseSize:int32 arraySegments:|SparseIndexVector arrayIndices:|SparseIndexVector
  Int32Vector values:[int32]
  Uint16Vector values:[uint16]
  Uint8Vector values:[uint8]
  VariantSubType shape:[int32] type:int8 hasRank:bool
  Operator opcodeIndex:uint32 inputs:[int32] outputs:[int32] builtinOptions:|BuiltinOptions customOptions:[uint8] customOptionsFormat:int8
    mutatingVariableInputs:[bool] intermediates:[int32] largeCustomOptionsOffset:uint64 largeCustomOptionsSize:uint64
    builtinOptions2:|BuiltinOptions2 debugMetadataIndex:int32=-1
  Buffer data:[uint8] offset:uint64 size:uint64
  ExternalBufferGroup name:string
  ExternalBuffer id:uint32 group:uint32 offset:uint64 length:uint64 packing:string
  Metadata name:string buffer:uint32
  TensorMap name:string tensorIndex:uint32
  SignatureDef inputs:[TensorMap] outputs:[TensorMap] signatureKey:string _ subgraphIndex:uint32
`;

export const schema = schemaOf(tables + optionTables, {
  ...optionUnions,
  QuantizationDetails: ['CustomQuantization', 'BlockwiseQuantization', 'MultiAxisQuantization'],
  SparseIndexVector: ['Int32Vector', 'Uint16Vector', 'Uint8Vector'],
});

/** Identifier at byte 4. Source: schema.fbs, file_identifier. */
export const FILE_IDENTIFIER = 'TFL3';
export const SCHEMA_VERSION = 3;

export interface ModelTable {
  readonly version?: number;
  readonly operatorCodes?: readonly OperatorCodeTable[];
  readonly subgraphs?: readonly SubGraphTable[];
  readonly description?: string;
  readonly buffers?: readonly BufferTable[];
  readonly metadata?: readonly MetadataTable[];
  readonly signatureDefs?: readonly SignatureDefTable[];
  readonly externalBuffers?: readonly unknown[];
}

export interface OperatorCodeTable {
  readonly deprecatedBuiltinCode: number;
  readonly customCode?: string;
  readonly version: number;
  readonly builtinCode: number;
}

export interface SubGraphTable {
  readonly tensors?: readonly TensorTable[];
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
  readonly operators?: readonly OperatorTable[];
  readonly name?: string;
}

export interface TensorTable {
  readonly shape?: readonly number[];
  readonly type: number;
  readonly buffer: number;
  readonly name?: string;
  readonly quantization?: QuantizationTable;
  readonly isVariable: number;
  readonly sparsity?: SparsityTable;
  readonly shapeSignature?: readonly number[];
  readonly hasRank: number;
  readonly externalBuffer: number;
}

export interface QuantizationTable {
  readonly min?: readonly number[];
  readonly max?: readonly number[];
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly number[];
  readonly details?: { readonly member: number; readonly table: unknown };
  readonly quantizedDimension: number;
}

export interface SparsityTable {
  readonly traversalOrder?: readonly number[];
  readonly blockMap?: readonly number[];
  readonly dimMetadata?: readonly DimensionTable[];
}

export interface DimensionTable {
  /** 0: dense, 1: compressed. */
  readonly format: number;
  readonly denseSize: number;
  readonly arraySegments?: IndexVector;
  readonly arrayIndices?: IndexVector;
}

export interface IndexVector {
  readonly member: number;
  readonly table: { readonly values?: ArrayLike<number> } | undefined;
}

export interface OperatorTable {
  readonly opcodeIndex: number;
  /** -1 for an optional input that is left out. */
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
  readonly builtinOptions?: OptionsUnion;
  readonly customOptions?: Uint8Array;
  readonly builtinOptions2?: OptionsUnion;
  readonly largeCustomOptionsOffset: number;
  readonly largeCustomOptionsSize: number;
}

export type OptionValue = number | string | readonly number[] | Uint8Array | undefined;

export interface OptionsUnion {
  readonly member: number;
  readonly table: Readonly<Record<string, OptionValue>> | undefined;
}

export interface BufferTable {
  readonly data?: Uint8Array;
  /** From the beginning of the file; above 1 where the data lie behind the FlatBuffer (models over 2 GiB). */
  readonly offset: number;
  readonly size: number;
}

export interface MetadataTable {
  readonly name?: string;
  readonly buffer: number;
}

export interface SignatureDefTable {
  readonly inputs?: readonly TensorMapTable[];
  readonly outputs?: readonly TensorMapTable[];
  readonly signatureKey?: string;
  readonly subgraphIndex: number;
}

export interface TensorMapTable {
  readonly name?: string;
  readonly tensorIndex: number;
}
