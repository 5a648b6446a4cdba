import type { Problem } from '../../../base/problem';
import type { GraphEditor } from '../../ir/edit';
import type { Tensor } from '../../ir/tensor';
import type { Attributes, TensorType, ValueId } from '../../ir/types';
import type { NodeView } from '../../ops/op';
import type { AttributeProto } from './schema';

/** How one op comes from ONNX nodes and goes back to them; kept in the op's folder. */
export interface OnnxMapping {
  /** By ONNX op name, optionally with its domain in front (`com.microsoft:QLinearAdd`). */
  readonly import: Readonly<Record<string, (node: OnnxNode) => void>>;
  /**
   * The op only changes how numbers are stored: the writer's own QuantizeLinear and DequantizeLinear say all of it.
   */
  readonly changesStorageOnly?: boolean;
  /** Writes a node; throws `CannotWrite` where ONNX has no such thing. */
  export?(node: NodeView, writer: OnnxWriter): void;
}

/** An ONNX node while it is imported. */
export interface OnnxNode {
  readonly opType: string;
  readonly domain: string;
  /** Version of the node's operator set. */
  readonly opset: number;
  readonly inputs: readonly (ValueId | undefined)[];
  readonly outputCount: number;
  readonly editor: GraphEditor;
  int(name: string, otherwise: number): number;
  float(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  attribute(name: string): AttributeProto | undefined;
  type(index: number): TensorType;
  /** Numbers of an input that is known already: an initializer, or folded from initializers. */
  constant(index: number): Tensor | undefined;
  /** A new constant value. */
  addConstant(name: string, tensor: Tensor): ValueId;
  /** Adds a node that makes the ONNX node's outputs, or, where `last` is false, an intermediate value that is returned. */
  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes, options?: EmitOptions): ValueId;
  /** Sets what the type of an input says beyond dtype and shape: scales that the node, not the tensor, carries. */
  annotate(index: number, type: TensorType): void;
  /** Output `index` is the given value: for nodes that do nothing. */
  alias(index: number, value: ValueId): void;
  /** The node means more than we understand: it becomes opaque, with the reason. */
  refuse(reason: string): never;
  report(problem: Problem): void;
}

export interface EmitOptions {
  /** False for an intermediate value. */
  readonly last?: boolean;
  /** Part of the intermediate value's name. */
  readonly suffix?: string;
  /** Type of the first output, where inference cannot know it. */
  readonly type?: TensorType;
}

/** Thrown by `refuse`; the importer makes an opaque node. */
export class NotUnderstood extends Error {}

/** Collects ONNX nodes while a graph is written. */
export interface OnnxWriter {
  /** Name of an input of the node, or '' where it is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  emit(opType: string, inputs: readonly string[], outputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttributeValue>>, domain?: string): void;
  /** A new initializer's name. */
  constant(suffix: string, tensor: Tensor): string;
  /** A new intermediate value's name. */
  temporary(suffix: string): string;
}

/** `float` marks a number that must be written as a float attribute. */
export type OnnxAttributeValue = number | string | readonly number[] | { readonly float: number } | undefined;

/** A node that the format cannot express. */
export class CannotWrite extends Error {}
