import { codeRange, isFloatType } from '../../../src/engine/ir/dtype';
import { GraphEditor } from '../../../src/engine/ir/edit';
import { constantOf, tensorOf } from '../../../src/engine/ir/tensor';
import type { Attributes, DType, Model, Quantization, RoundingRule, StaticType, ValueId } from '../../../src/engine/ir/types';
import { NodeView } from '../../../src/engine/ops/op';
import { inferNode } from '../../../src/engine/passes/infer';
import type { Random } from '../random';
import { randomInput } from '../random-graph';

/** Names that files may hold and C may not: comment ends, trigraphs, keywords, duplicates, other scripts, marks that turn text about. */
const NAMES = [
  '*/ int x; /*', '??/', 'while', 'conv/1', 'conv/1', 'conv_1', '\u202Ereversed\u202C', 'Schicht ä', '层', '', '7th', 'a"b\\', '%s%n', '#include <x>', '//', "'", 'int main(void) {', 'x\ny', '__init', 'NULL',
];

/**
 * A random model under construction: values that later layers may read, built through the same editor and inference as real
 * models. Types that layers make are those that importers would give them.
 */
export class Network {
  readonly editor = new GraphEditor('random');
  /** Values that layers may read. */
  readonly values: ValueId[] = [];
  /** Values that are the same bits in every way of computing them: what jumps (floor, comparison) may read. */
  private readonly exact = new Set<ValueId>();

  /** Where images have their channels. */
  readonly layout: 'nhwc' | 'nchw';

  constructor(readonly random: Random, readonly rounding: RoundingRule) {
    this.layout = random.pick(['nhwc', 'nhwc', 'nchw']);
  }

  name(): string {
    return this.random.pick(NAMES);
  }

  type(id: ValueId): StaticType {
    return this.editor.value(id).type as StaticType;
  }

  isExact(id: ValueId): boolean {
    return this.exact.has(id) || !isFloatType(this.type(id).dtype);
  }

  /** A scale and zero point for codes of a dtype; 16 bits are symmetric, as everywhere. */
  quantization(dtype: DType): Quantization {
    const { random } = this;
    if (dtype === 'int16') return { scale: [Math.fround(random.real(0.2, 4) / 32768)], zeroPoint: [0] };
    const [low, high] = codeRange(dtype);
    return { scale: [Math.fround(random.real(0.004, 0.06))], zeroPoint: [random.int(low, high)] };
  }

  input(dtype: DType, shape: readonly number[], quantization?: Quantization): ValueId {
    const id = this.editor.addValue(this.name(), { dtype, shape, quantization });
    this.editor.inputs.push(id);
    this.values.push(id);
    this.exact.add(id);
    return id;
  }

  /** Memory between two runs, which starts with zeros; `remember` says what it becomes. */
  remembered(shape: readonly number[]): ValueId {
    return this.editor.addValue(this.name(), { dtype: 'float32', shape });
  }

  /** Constant states are none. */
  remember(states: readonly ValueId[], results: readonly ValueId[]): void {
    states.forEach((input, i) => {
      if (!this.editor.value(input).constant) this.editor.states.push({ name: this.name(), input, output: results[i] });
    });
  }

  constant(dtype: DType, shape: readonly number[], values: readonly number[], quantization?: Quantization): ValueId {
    const tensor = tensorOf({ dtype, shape, quantization }, values);
    return this.editor.addValue(this.name(), tensor.type, constantOf(tensor));
  }

  /** Random numbers or codes as a constant. */
  constantLike(type: StaticType, shape: readonly number[]): ValueId {
    return this.constant(type.dtype, shape, randomInput(this.random, { ...type, shape }), type.quantization);
  }

  /** A layer; each result gets the quantization given for it. `moves`: results are elements of the inputs. */
  layer(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, results: readonly Partial<StaticType>[] = [{}], moves = false): ValueId[] {
    const first = this.type(inputs[0]!);
    const outputs = results.map((result) => this.editor.addValue(this.name(), { dtype: first.dtype, shape: undefined, ...result }));
    const node = this.editor.addNode({ op, name: this.name(), inputs, outputs, attributes, origin: [{ name: this.name(), op: '??/*', index: 0 }] });
    inferNode(this.editor, new NodeView(this.editor, node, this.rounding));
    if (moves && inputs.every((id) => id === undefined || this.editor.value(id).constant || this.isExact(id))) for (const id of outputs) this.exact.add(id);
    return outputs;
  }

  /** The only result of a layer that keeps its input's codes or numbers. */
  move(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}): ValueId {
    return this.layer(op, inputs, attributes, [{ quantization: this.type(inputs[0]!).quantization }], true)[0];
  }

  /** The only result of a layer that gives codes a scale of their own. */
  compute(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, quantization?: Quantization): ValueId {
    const { dtype, quantization: own } = this.type(inputs[0]!);
    return this.layer(op, inputs, attributes, [{ dtype, quantization: own && (quantization ?? this.quantization(dtype)) }])[0];
  }

  /** All values that nobody reads are results. */
  finish(): Model {
    const read = new Set([...this.editor.nodes.values()].flatMap((node) => node.inputs));
    const made = [...this.editor.nodes.values()].flatMap((node) => node.outputs);
    this.editor.outputs = made.filter((id) => !read.has(id));
    return {
      name: this.name(), format: 'onnx', fileBytes: 0, producer: '', rounding: this.rounding, graph: this.editor.finish(), metadata: new Map(), opsets: new Map(),
    };
  }
}

/** Makes a layer that reads `x`, and maybe other values; returns what later layers may read. */
export interface LayerMaker {
  readonly name: string;
  accepts(type: StaticType, network: Network, x: ValueId): boolean;
  make(network: Network, x: ValueId): readonly ValueId[] | ValueId;
}
