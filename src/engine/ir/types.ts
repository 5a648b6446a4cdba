/**
 * The one intermediate representation. Immutable: a pass returns a new graph that shares what did not change.
 * Quantization is part of a tensor's type, the rounding rule is part of the model, and every node knows which layers of the
 * source file it came from.
 */

export type DType =
  | 'float32' | 'float16' | 'bfloat16' | 'float64'
  | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64'
  | 'int4' | 'uint4' | 'int2' | 'uint2' | 'bool' | 'string'
  /** What we have no arithmetic for: complex, float8, sequences, optionals. */
  | 'other';

/**
 * real = scale * (code - zeroPoint). Per tensor: both arrays have length 1 and `axis` is absent.
 * Per channel: length = shape[axis].
 * In blocks (stored weights alone): length = shape[axis] * ceil(shape[block.axis] / block.size), all blocks of a channel together.
 */
export interface Quantization {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis?: number;
  readonly block?: ScaleBlocks;
}

/** Within a channel, so many entries of this axis, neighbours, share a scale. */
export interface ScaleBlocks {
  readonly axis: number;
  readonly size: number;
}

/** `shape` in elements; -1 is an unknown extent, an absent shape an unknown rank. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly number[] | undefined;
  readonly quantization?: Quantization;
}

/** A tensor type whose shape is fully known: all that costs, memory and code generation work on. */
export interface StaticType extends TensorType {
  readonly shape: readonly number[];
}

export type ValueId = number;
export type NodeId = number;

/** Bytes of a constant, little-endian, in the dtype's packed form; a view into the file where there is one, read when first asked. */
export interface ConstantData {
  readonly byteLength: number;
  bytes(): Uint8Array;
  /** The float32 numbers were widened from half precision: float16 holds each of them. */
  readonly fromHalf?: boolean;
}

export interface Value {
  readonly id: ValueId;
  readonly name: string;
  readonly type: TensorType;
  readonly constant?: ConstantData;
  /** Names of extents in the source (ONNX dim_param), by axis, '' where an extent has none; absent where none has. */
  readonly axisNames?: readonly string[];
}

/** A layer of the source model: what the user sees in their own tools. */
export interface Origin {
  readonly name: string;
  readonly op: string;
  /** Position in the source's execution order, from 0. */
  readonly index: number;
}

export type Attribute = number | string | boolean | readonly number[] | readonly string[] | Uint8Array | SubGraph | readonly SubGraph[] | ConstantTensor;
export type Attributes = Readonly<Record<string, Attribute>>;

/** A constant given as an attribute (ONNX `value`). */
export interface ConstantTensor {
  readonly kind: 'tensor';
  readonly type: StaticType;
  readonly data: ConstantData;
}

export interface SubGraph {
  readonly kind: 'graph';
  readonly graph: Graph;
}

export interface Node {
  readonly id: NodeId;
  /** Canonical op name: a key of the ops table, or `opaque`. */
  readonly op: string;
  readonly name: string;
  /** `undefined` marks an optional input that is left out. */
  readonly inputs: readonly (ValueId | undefined)[];
  readonly outputs: readonly ValueId[];
  readonly attributes: Attributes;
  readonly origin: readonly Origin[];
}

/**
 * Memory between two runs: before a run `input` holds what `output` held after the last one, or `initial` after a reset
 * (zero codes' real number, that is the zero point for quantized types, where absent).
 */
export interface State {
  readonly name: string;
  readonly input: ValueId;
  readonly output: ValueId;
  readonly initial?: ConstantData;
}

/** Nodes are in execution order: each value is produced before it is used. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly states: readonly State[];
  readonly nodes: readonly Node[];
  readonly values: ReadonlyMap<ValueId, Value>;
}

/**
 * How a quantized result is rounded; the importer sets it, kernels obey it.
 * - tflite-double-round: gemmlowp's SaturatingRoundingDoublingHighMul, then RoundingDivideByPOT.
 * - tflite-single-round: one rounding shift of the 64-bit product (TFLITE_SINGLE_ROUNDING).
 * - onnx-float-half-even: float32 product with the combined scale, rounded half to even (onnxruntime's MLAS).
 */
export type RoundingRule = 'tflite-double-round' | 'tflite-single-round' | 'onnx-float-half-even';

export type ModelFormat = 'onnx' | 'tflite';

export interface Model {
  readonly name: string;
  readonly format: ModelFormat;
  /** Bytes of the source file. */
  readonly fileBytes: number;
  /** What made the file, as it says itself. */
  readonly producer: string;
  readonly rounding: RoundingRule;
  readonly graph: Graph;
  /** Key-value metadata of the file; survives a round trip. */
  readonly metadata: ReadonlyMap<string, string>;
  /** ONNX operator set versions by domain ('' is ai.onnx); empty for TFLite. */
  readonly opsets: ReadonlyMap<string, number>;
  /** What the file says besides its meaning, for writing it back. */
  readonly notes?: SourceNotes;
}

/** Parts of a source file without meaning for us, as the format's own encoded messages. */
export interface SourceNotes {
  /** Model-level fields: version, documentation, fields unknown to us. */
  readonly model: Uint8Array;
  readonly graph: Uint8Array;
  /** By node name: documentation and attributes that nobody asked for. */
  readonly nodes: ReadonlyMap<string, Uint8Array>;
}
