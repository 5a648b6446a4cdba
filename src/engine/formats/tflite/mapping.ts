import type { GraphEditor } from '../../ir/edit';
import type { Tensor } from '../../ir/tensor';
import type { Attributes, Graph, Quantization, SubGraph, TensorType, ValueId } from '../../ir/types';
import type { NodeView } from '../../ops/op';
import type { OptionValue } from './schema';
import type { OperatorExtras } from './subgraph-writer';

/** By builtin operator. */
export type TfliteImporters = Readonly<Record<string, (node: TfliteNode) => void>>;

/** How one op comes from TFLite operators and goes back to them; kept in the op's folder. */
export interface TfliteMapping {
  readonly import: TfliteImporters;
  /** Writes a node; throws `CannotWrite` where TFLite has no such thing. */
  export?(node: NodeView, writer: TfliteWriter): void;
}

/** A TFLite operator while it is imported. */
export interface TfliteNode {
  /** Builtin operator, e.g. `CONV_2D`. */
  readonly op: string;
  readonly inputs: readonly (ValueId | undefined)[];
  /** Types of the outputs as the file states them. */
  readonly outputTypes: readonly TensorType[];
  readonly editor: GraphEditor;
  /** An option, by its name in the schema in camel case; the schema's default where it is left out. */
  number(name: string): number;
  flag(name: string): boolean;
  numbers(name: string): readonly number[] | undefined;
  type(index: number): TensorType;
  /** Shape of an input that must be known. */
  shape(index: number): readonly number[];
  /** Numbers of an input that is known already. */
  constant(index: number): Tensor | undefined;
  constantOf(id: ValueId | undefined): Tensor | undefined;
  /** Numbers of an input that must be known; `what` says in the plural what they are. */
  known(index: number, what: string): readonly number[];
  /** A new constant value. */
  addConstant(name: string, tensor: Tensor): ValueId;
  /**
   * Adds a node that makes the operator's outputs with the types that the file states, or, where `last` is false, an
   * intermediate value that is returned.
   */
  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes, options?: EmitOptions): ValueId;
  /** An intermediate value: `emit` that is not the last. */
  step(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes): ValueId;
  /** Refuses codes: the operator is understood for real numbers only. */
  needReal(): void;
  /** Refuses codes under different scales: the operator passes them on or compares them as they are. */
  needOneScale(): void;
  /** The same, with the operator's fused activation (option `fusedActivationFunction`). */
  emitActivated(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes): void;
  /** Value of an output that has been emitted, states included. */
  result(index: number): ValueId;
  /** Output `index` is the given value: for operators that do nothing. */
  alias(index: number, value: ValueId): void;
  /** Current content of an input that is a variable: a state of the graph is made of it. */
  state(index: number): ValueId;
  /** Content of that variable from here on. */
  setState(index: number, value: ValueId): void;
  /** Does the work, or, where it turns out not to be understood, takes back all of it and says false. */
  attempt(work: () => void): boolean;
  /**
   * Adds the operators of another graph of the file, which reads `values` in place of the operator's inputs from `first` on;
   * returns what its outputs are. Handles to variables are no values: they are undefined in both, and passed along.
   */
  inline(graph: number, first: number, values: readonly (ValueId | undefined)[]): readonly (ValueId | undefined)[];
  /** Another graph of the file, to be run by an op: with values only, no variables. */
  graphOf(graph: number): SubGraph;
  /** The operator means more than we understand: it becomes opaque, with the reason. */
  refuse(reason: string): never;
}

export interface EmitOptions {
  /** False for an intermediate value. */
  readonly last?: boolean;
  /** Part of the intermediate value's name. */
  readonly suffix?: string;
  /** Type of an intermediate value, where inference cannot know it: dtype and quantization. */
  readonly type?: TensorType;
  /** Index of the one output of the operator that the node makes; all of them where absent. */
  readonly output?: number;
  /** Outputs that the node has besides the operator's own: states. */
  readonly more?: readonly TensorType[];
}

/** Thrown by `refuse`; the importer makes an opaque node. */
export class NotUnderstood extends Error {}

/** A node that the format cannot express. */
export class CannotWrite extends Error {}

/** Collects TFLite operators while a graph is written. */
export interface TfliteWriter {
  /** Tensor index of each input of the node; -1 where it is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  emit(op: string, inputs: readonly number[], outputs: readonly number[], options?: Readonly<Record<string, OptionValue>>, extras?: OperatorExtras): void;
  /** Tensor with the codes of an input under another scale: a QUANTIZE before the operator, where the scales differ. */
  inputIn(index: number, quantization: Quantization | undefined): number;
  /** Tensor for the first output under a scale that the operator insists on: a QUANTIZE behind it, where the scales differ. */
  outputIn(quantization: Quantization | undefined): number;
  /** A new constant tensor. */
  constant(suffix: string, tensor: Tensor): number;
  /** A new constant of int32 numbers: shapes, axes, positions. */
  numbers(suffix: string, values: readonly number[]): number;
  /** A new intermediate tensor. */
  temporary(suffix: string, type: TensorType): number;
  /** Option value of the node's fused bounds: 0 where no activation function has them, which then follow in a node of their own. */
  activation(): number;
  /** The node's bounds as operators of their own. */
  limit(from: number, to: number): void;
  /** Index of another graph, which this writes. */
  graph(name: string, graph: Graph): number;
  /** The node cannot be written. */
  refuse(reason: string): never;
}
