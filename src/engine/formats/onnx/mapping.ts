import type { Problem } from '../../../base/problem';
import type { GraphEditor } from '../../ir/edit';
import type { Tensor } from '../../ir/tensor';
import type { Attributes, ConstantData, Graph, Quantization, StaticType, SubGraph, TensorType, ValueId } from '../../ir/types';
import type { NodeView } from '../../ops/op';
import type { AttributeProto, GraphProto } from './schema';

/** How one op comes from ONNX nodes and goes back to them; kept in the op's folder. */
export interface OnnxMapping {
  readonly import: OnnxImporters;
  /**
   * The op only changes how numbers are stored: the writer's own QuantizeLinear and DequantizeLinear say all of it.
   */
  readonly changesStorageOnly?: boolean;
  /** The op hands values to graphs and takes them back as they are stored: codes stay codes. */
  readonly handsOn?: boolean;
  /** Smallest operator set that has what `export` writes, where it is later than the writer's own. */
  since?(node: NodeView): number;
  /** Writes a node; throws `CannotWrite` where ONNX has no such thing. */
  export?(node: NodeView, writer: OnnxWriter): void;
}

/** By ONNX op name, optionally with its domain in front (`com.microsoft:QLinearAdd`). */
export type OnnxImporters = Readonly<Record<string, (node: OnnxNode) => void>>;

/** An ONNX node while it is imported. */
export interface OnnxNode {
  readonly opType: string;
  readonly domain: string;
  /** Version of the node's operator set. */
  readonly opset: number;
  readonly inputs: readonly (ValueId | undefined)[];
  readonly outputCount: number;
  readonly editor: GraphEditor;
  has(index: number): boolean;
  hasOutput(index: number): boolean;
  int(name: string, otherwise: number): number;
  float(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  texts(name: string): readonly string[];
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  attribute(name: string): AttributeProto | undefined;
  /** A tensor attribute. */
  tensor(name: string): { readonly type: StaticType; readonly data: ConstantData } | undefined;
  type(index: number): TensorType;
  /** Type and shape of an input that must be known; refuses where they are not. */
  known(index: number): StaticType;
  /** Rank of an input; refuses where it is unknown. */
  rank(index: number): number;
  typeOf(id: ValueId): TensorType;
  /** Numbers of an input that is known already: an initializer, or folded from initializers. */
  constant(index: number): Tensor | undefined;
  /** True where `constantOf` has numbers: they are not read for it. */
  isConstant(id: ValueId | undefined): boolean;
  /** The same as integers; refuses an input that varies, naming it as `what`. */
  integers(index: number, what: string): readonly number[];
  constantOf(id: ValueId): Tensor | undefined;
  /** Asks to make a constant of this type that the file does not hold: a few bytes may not claim gigabytes. */
  claim(type: StaticType): void;
  /** A new constant value. */
  addConstant(name: string, tensor: Tensor): ValueId;
  /** Adds a node that makes the ONNX node's outputs, or, where `last` is false, an intermediate value that is returned. */
  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes, options?: EmitOptions): ValueId;
  /** Adds a node for intermediate values: `emit` with `last: false`. */
  step(op: string, inputs: readonly (ValueId | undefined)[], attributes?: Attributes, type?: TensorType): ValueId;
  /** All outputs of the node that makes a value. */
  outputsOf(id: ValueId): readonly ValueId[];
  /** Input `index` as codes under scales that the node, not the tensor, carries. */
  codes(index: number, quantization: Quantization): ValueId;
  /** Output `index` is the given value: for nodes that do nothing, or that are made of steps. */
  alias(index: number, value: ValueId): void;
  /** Output `index` is a constant. */
  result(index: number, type: StaticType, data: ConstantData): void;
  /** A graph attribute. */
  subgraph(name: string): GraphProto | undefined;
  /** Adds the nodes of a subgraph, reading `inputs`; returns what its outputs are. */
  inline(graph: GraphProto, inputs: readonly ValueId[]): readonly ValueId[];
  /** Values besides constants that graphs read from where the node stands: inputs of a node that runs them. */
  outerValues(graphs: readonly GraphProto[]): readonly ValueId[];
  /** A subgraph to be run by an op. Its inputs are `own`, but for those that are constants, and behind them the values `outer`. */
  graphOf(graph: GraphProto, own: readonly GraphInput[], outer: readonly ValueId[]): SubGraph;
  /** Does the work, or, where it turns out not to be understood, takes back all of it and says why. */
  attempt(work: () => void): string | undefined;
  /** Names of the inputs in the graph where the node stands; '' where one is left out. */
  readonly inputNames: readonly string[];
  /** True where all that is wanted is the result for known inputs: unrolling may then go on for long. */
  readonly isEvaluation: boolean;
  /** The node means more than we understand: it becomes opaque, with the reason. */
  refuse(reason: string): never;
  report(problem: Problem): void;
}

/** What a subgraph is given: a value of this type, or a constant. */
export type GraphInput = TensorType | Tensor;

export interface EmitOptions {
  /** False for an intermediate value. */
  readonly last?: boolean;
  /** Part of the intermediate value's name. */
  readonly suffix?: string;
  /** Type of the first output, where inference cannot know it. */
  readonly type?: TensorType;
  /** Which of the ONNX node's outputs the node makes, in order; all where absent. */
  readonly makes?: readonly number[];
  /** Outputs of an intermediate node; 1 where absent. */
  readonly outputs?: number;
}

/** Thrown by `refuse`; the importer makes an opaque node. */
export class NotUnderstood extends Error {}

/** Collects ONNX nodes while a graph is written. */
export interface OnnxWriter {
  /** Operator set of the standard domain that is written. */
  readonly opset: number;
  /** Name of an input of the node, or '' where it is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  emit(opType: string, inputs: readonly string[], outputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttributeValue>>, domain?: string): void;
  /** A new initializer's name. */
  constant(suffix: string, tensor: Tensor): string;
  /** A new intermediate value's name. */
  temporary(suffix: string): string;
  /** Writes the nodes of a graph that reads these values here; the names of its results. */
  inline(graph: Graph, inputs: readonly string[]): readonly string[];
  /**
   * A graph as an attribute: its first inputs are its own, those behind them the values of these names around it. `unused`
   * are inputs in front of its own that nothing in it reads.
   */
  graph(graph: Graph, outer: readonly string[], unused?: readonly TensorType[]): GraphProto;
}

/** `float` marks a number that must be written as a float attribute, `floats` a list of them. */
export type OnnxAttributeValue = number | string | readonly number[] | readonly string[] | { readonly float: number } | { readonly floats: readonly number[] } | GraphProto | undefined;

/** A node that the format cannot express. */
export class CannotWrite extends Error {}
