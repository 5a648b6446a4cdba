import type { ChannelRules } from './channels';
import type { Coupling } from './coupling';
import type { LayerFamily } from '../cost/report';
import type { Kernel } from '../codegen/kernel';
import type { GradientRule } from '../gradient/rule';
import type { OnnxMapping } from '../formats/onnx/mapping';
import type { TfliteMapping } from '../formats/tflite/mapping';
import { isNumeric, isStatic } from '../ir/dtype';
import { constantTensor, type Tensor } from '../ir/tensor';
import type { Ranges } from './ranges';
import type { RowRule } from './row-rule';
import type { Attribute, Attributes, DType, Graph, Node, Quantization, RoundingRule, StaticType, TensorType, Value } from '../ir/types';

/**
 * Everything the engine knows of one op. The definition lives in the op's folder together with its C kernels and its
 * mappings to file formats; the table of all ops is `ops/table.ts`.
 */
export interface OpDefinition {
  /** Canonical name in the IR. */
  readonly name: string;
  /** The layer as a person writes it, e.g. `Conv 3×3 /2`. */
  label(node: NodeView): string;
  readonly family?: LayerFamily | ((node: NodeView) => LayerFamily);
  /** Inputs that may not be left out; 1 where absent. */
  readonly needs?: number;
  /** Types of the outputs from types (and constants) of the inputs. Throws `ShapeError` where they do not fit. */
  infer(node: NodeView): readonly TensorType[];
  /** Multiply-accumulates of one inference; 0 where absent. All types are static. */
  macs?(node: NodeView): number;
  /** Whether `macs` is that of one round, and the data decide how many there are: totals are then lower bounds. */
  costsPerRound?(node: NodeView): boolean;
  /** Reference result. Inputs hold codes where their type is quantized; outputs must too. All types are static. */
  evaluate(node: NodeView, inputs: readonly (Tensor | undefined)[]): readonly Tensor[];
  /** Index of the input whose memory the first output may take over, where there is one. */
  inPlace?(node: NodeView): number | undefined;
  /** True where elements only change places: at the model's boundary that is the caller's layout, not a layer of the network. */
  readonly onlyMoves?: boolean;
  /** True where the result holds the first input's numbers, in a type that may round them. */
  readonly keepsNumbers?: boolean;
  /** True where the first output is the first input's bytes under another type: costs nothing, needs no code. */
  readonly isView?: boolean;
  /** True where the caller of generated C puts the output in place: the layers behind it wait for that. The input is then nowhere as a whole. */
  readonly isHandedOver?: boolean;
  /** Which parts of a whole can lie in it without a copy: for ops that join, cut or slice. All types are static. */
  ranges?(node: NodeView): Ranges | undefined;
  /** Which rows of its inputs rows of the output need, where it can be run in strips; undefined where this node cannot. */
  rows?(node: NodeView): RowRule | undefined;
  /**
   * How the op lives in integer form: `rescales` has its own scale at the output, `keeps` passes codes on under the input's
   * scale. Absent where it has no integer form: it then stays in float between dequantize and quantize.
   */
  readonly quantization?: 'rescales' | 'keeps';
  /** int8 scale of the output where the op itself knows its range. */
  readonly outputQuantization?: Quantization;
  /** True where input 1 holds weights, output channels first, that a factor per channel can be folded into. */
  readonly scalesWeights?: boolean;
  /** True where the kernels can limit the result to [clampMin, clampMax] on the way out. */
  readonly fusesClamp?: boolean;
  /**
   * Inputs that hold images (axes batch, channels, spatial) and their layout attribute: the node can be turned from `nchw`
   * to `nhwc` by transposing these inputs and its output.
   */
  readonly imageInputs?: readonly number[];
  /**
   * Attributes of the same node when its inputs come before a transpose and the transpose follows after it instead;
   * undefined where it cannot change places.
   */
  sinkTranspose?(node: NodeView, permutation: readonly number[]): Attributes | undefined;
  /** True where outputs besides the first are the next content of inputs: memory that the op keeps between two runs. */
  readonly keepsState?: boolean;
  /** What becomes of channels, where some of them may carry nothing. */
  readonly channels?: ChannelRules;
  /** Which entries of axes go together when some are left out; where absent nothing that touches the op can be left out. */
  readonly coupling?: Coupling;
  /** How a batch goes through it and gradients come back, for fitting a whole network; absent where it cannot be trained through. */
  readonly gradient?: GradientRule;
  /** Not folded even where all inputs are known. */
  readonly keepsConstants?: boolean;
  /** True where `evaluate` can fail on the content of its inputs (an index out of range): constants are then computed at once. */
  readonly checksData?: boolean;
  /** C kernels, best first: the first that supports a node on the chosen instruction set is used. */
  readonly kernels?: readonly Kernel[];
  readonly onnx?: OnnxMapping;
  readonly tflite?: TfliteMapping;
}

/** Inputs of a node do not fit together: the model is malformed, or we misread it. */
export class ShapeError extends Error {}

/** A node with its surroundings: what definitions read instead of reaching into graphs. */
export class NodeView {
  constructor(readonly graph: Pick<Graph, 'values'>, readonly node: Node, readonly rounding: RoundingRule) {}

  has(index: number): boolean {
    return this.node.inputs[index] !== undefined;
  }

  input(index: number): Value {
    const id = this.node.inputs[index];
    if (id === undefined) throw new ShapeError(`${this.node.op} has no input ${index}`);
    return this.graph.values.get(id)!;
  }

  type(index = 0): TensorType {
    return this.input(index).type;
  }

  /** Type of an input that must have a known shape. */
  staticType(index = 0): StaticType {
    const type = this.type(index);
    if (!isStatic(type)) throw new ShapeError(`input ${index} of ${this.node.op} has no static shape`);
    return type;
  }

  output(index = 0): Value {
    return this.graph.values.get(this.node.outputs[index])!;
  }

  outputType(index = 0): StaticType {
    const { type } = this.output(index);
    if (!isStatic(type)) throw new ShapeError(`output ${index} of ${this.node.op} has no static shape`);
    return type;
  }

  isConstant(index: number): boolean {
    return this.has(index) && this.input(index).constant !== undefined;
  }

  /** Numbers of a constant input; undefined where it is left out or not constant. */
  constant(index: number): Tensor | undefined {
    if (!this.has(index)) return undefined;
    const value = this.input(index);
    return value.constant && isStatic(value.type) && isNumeric(value.type.dtype) ? constantTensor(value) : undefined;
  }

  get attributes(): Readonly<Record<string, Attribute | undefined>> {
    return this.node.attributes;
  }

  int(name: string, otherwise?: number): number {
    return this.typed(name, 'number', otherwise);
  }

  text(name: string, otherwise?: string): string {
    return this.typed(name, 'string', otherwise);
  }

  flag(name: string, otherwise = false): boolean {
    return this.typed(name, 'boolean', otherwise);
  }

  ints(name: string, otherwise?: readonly number[]): readonly number[] {
    const value = this.attributes[name] ?? otherwise;
    if (!Array.isArray(value)) throw new ShapeError(`${this.node.op} needs the attribute ${name}`);
    return value as readonly number[];
  }

  private typed<T>(name: string, type: string, otherwise: T | undefined): T {
    const value = this.attributes[name] ?? otherwise;
    if (typeof value !== type) throw new ShapeError(`${this.node.op} needs the attribute ${name}`);
    return value as T;
  }
}

/** The output type of an op that changes the shape only: dtype and quantization are those of the input. */
export const withShape = (type: TensorType, shape: readonly number[] | undefined): TensorType => ({ ...type, shape });

/** Numbers of the result of an op that keeps its input's: codes have the dtype that their scale was given for. */
export const resultDtype = (node: NodeView): DType => (node.output().type.quantization ? node.output().type.dtype : node.type(0).dtype);

/** A negative axis counts from the end. */
export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(normal) || normal < 0 || normal >= Math.max(rank, 1)) throw new ShapeError(`axis ${axis} is outside of rank ${rank}`);
  return normal;
}
