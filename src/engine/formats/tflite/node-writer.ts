import { constantOf, tensorOf, type Tensor } from '../../ir/tensor';
import type { Graph, Quantization, TensorType } from '../../ir/types';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../../ops/clamp-range';
import type { NodeView } from '../../ops/op';
import { isFloat32 } from '../../ops/weights';
import { CannotWrite, type TfliteWriter } from './mapping';
import type { OptionValue } from './schema';
import type { OperatorExtras, SubGraphWriter } from './subgraph-writer';

/** Fused activations and their bounds. Source: schema.fbs, ActivationFunctionType. */
const activations: readonly (readonly [number | undefined, number | undefined])[] = [[undefined, undefined], [0, undefined], [-1, 1], [0, 6]];

const sameScale = (a: Quantization, b: Quantization): boolean => a.scale[0] === b.scale[0] && a.zeroPoint[0] === b.zeroPoint[0];

/** A layer's weights in the order that its operator wants them. */
const WEIGHTS = 'weights';

/** What an op's mapping writes one node with. */
export class NodeWriter implements TfliteWriter {
  readonly outputs: readonly number[];
  /** Position among the fused activations; -1 where none has the node's bounds. */
  private readonly fused: number;
  private readonly behind: (() => void)[] = [];

  constructor(
    private readonly view: NodeView, private readonly into: SubGraphWriter, readonly inputs: readonly number[], private readonly finals: readonly number[], fusesClamp: boolean,
    private readonly writeGraph: (name: string, graph: Graph) => number,
  ) {
    const { min, max } = fusedClamp(view);
    this.fused = fusesClamp ? activations.findIndex(([low, high]) => low === min && high === max) : 0;
    this.outputs = this.fused >= 0 ? finals : [this.temporary('unclamped', view.output().type), ...finals.slice(1)];
  }

  emit(op: string, inputs: readonly number[], outputs: readonly number[], options: Readonly<Record<string, OptionValue>> = {}, extras: OperatorExtras = {}): void {
    this.into.emit(op, inputs, outputs, options, extras);
  }

  constant(suffix: string, tensor: Tensor): number {
    const name = `${this.view.node.name}.${suffix}`;
    if (suffix === WEIGHTS && isFloat32(this.view, 0)) return this.into.addRealWeights(name, tensor.type, constantOf(tensor), this.view.flag('realInputs'));
    return this.into.addTensor(name, tensor.type, constantOf(tensor));
  }

  numbers(suffix: string, values: readonly number[]): number {
    return this.constant(suffix, tensorOf({ dtype: 'int32', shape: [values.length] }, values));
  }

  temporary(suffix: string, type: TensorType): number {
    return this.into.addTensor(`${this.view.node.name}.${suffix}`, type);
  }

  inputIn(index: number, quantization: Quantization | undefined): number {
    const type = this.view.type(index);
    if (!quantization || !type.quantization || sameScale(type.quantization, quantization)) return this.inputs[index];
    const scaled = this.temporary(`input${index}`, { ...type, quantization });
    this.emit('QUANTIZE', [this.inputs[index]], [scaled]);
    return scaled;
  }

  outputIn(quantization: Quantization | undefined): number {
    const { type } = this.view.output();
    if (!quantization || !type.quantization || sameScale(type.quantization, quantization)) return this.outputs[0];
    const scaled = this.temporary('scaled', { ...type, quantization });
    this.behind.push(() => this.emit('QUANTIZE', [scaled], [this.outputs[0]]));
    return scaled;
  }

  graph(name: string, graph: Graph): number {
    return this.writeGraph(name, graph);
  }

  activation(): number {
    return Math.max(0, this.fused);
  }

  refuse(reason: string): never {
    throw new CannotWrite(`${this.view.node.name} cannot be written as TFLite: ${reason}`);
  }

  limit(from: number, to: number): void {
    const type = this.view.outputType();
    const { min, max } = fusedClamp(this.view);
    const [low, high] = type.quantization ? clampedRange(type, min, max) : [min, max];
    const limits = ([['MAXIMUM', low], ['MINIMUM', high]] as const).filter(([, limit]) => limit !== undefined);
    limits.forEach(([op, limit], i) => {
      const next = i === limits.length - 1 ? to : this.temporary('bounded', type);
      const bound = this.constant(op.toLowerCase(), tensorOf({ dtype: type.dtype, shape: [1], quantization: type.quantization }, [limit!]));
      this.emit(op, [from, bound], [next]);
      from = next;
    });
  }

  /** What follows behind the operator: another scale, bounds that no fused activation has. */
  finish(): void {
    for (const write of this.behind) write();
    if (this.fused < 0) this.limit(this.outputs[0], this.finals[0]);
  }
}
