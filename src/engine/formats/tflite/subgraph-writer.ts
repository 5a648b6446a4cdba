import { dtypes, isStatic } from '../../ir/dtype';
import { constantOf, constantTensor, tensorOf } from '../../ir/tensor';
import type { ConstantData, Graph, State, StaticType, TensorType, ValueId } from '../../ir/types';
import type { FlatTable } from './flatbuffer';
import { CannotWrite } from './mapping';
import { CUSTOM, operatorNames, optionsOf, PLACEHOLDER } from './operators';
import { optionUnions } from './options';
import { schema, type OptionValue } from './schema';
import { RESOURCE, tfliteOfDtype } from './tensors';

/** Versions below which runtimes have no such operator; 1 where it is not listed. Source: tensorflow/lite/core/kernels/register.cc. */
const firstVersions: Readonly<Record<string, number>> = { BROADCAST_TO: 2 };

/** What all subgraphs of a model share. Buffer 0 is the empty one by convention. */
export class ModelParts {
  readonly buffers: FlatTable[] = [{}];
  readonly operatorCodes: FlatTable[] = [];
  /** Graph 0 is the model itself, which is finished last. */
  readonly subgraphs: FlatTable[] = [{}];

  addSubgraph(make: (index: number) => FlatTable): number {
    const index = this.subgraphs.push({}) - 1;
    this.subgraphs[index] = make(index);
    return index;
  }

  operatorCode(op: string): number {
    const customCode = op.startsWith('custom:') ? op.slice('custom:'.length) : undefined;
    const builtinCode = customCode === undefined ? operatorNames.indexOf(op) : CUSTOM;
    const known = this.operatorCodes.findIndex((code) => code.builtinCode === builtinCode && code.customCode === customCode);
    if (known >= 0) return known;
    this.operatorCodes.push({ deprecatedBuiltinCode: Math.min(builtinCode, PLACEHOLDER), customCode, version: firstVersions[op] ?? 1, builtinCode });
    return this.operatorCodes.length - 1;
  }

  buffer(data: Uint8Array): number {
    this.buffers.push({ data });
    return this.buffers.length - 1;
  }
}

export interface OperatorExtras {
  readonly custom?: Uint8Array;
  /** Options of the operators that came later (StableHLO). */
  readonly second?: Readonly<Record<string, OptionValue>>;
  /** Tensors that only carry scales of what an operator keeps inside. */
  readonly intermediates?: readonly number[];
}

/** Collects the tensors and operators of one subgraph. */
export class SubGraphWriter {
  private readonly tensors: FlatTable[] = [];
  /** Content of constant tensors; it becomes a buffer when the tensor turns out to be used. */
  private readonly constants = new Map<number, ConstantData>();
  private readonly operators: FlatTable[] = [];
  private readonly indices = new Map<ValueId, number>();
  private readonly handles = new Map<string, number>();

  constructor(private readonly parts: ModelParts, private readonly graph: Graph, private readonly name: string, private readonly halfWeights: boolean) {}

  /** Tensor of a value; made when first asked for. */
  tensorOf(id: ValueId): number {
    const known = this.indices.get(id);
    if (known !== undefined) return known;
    const { name, type, constant } = this.graph.values.get(id)!;
    const index = constant ? this.constantOf(name, type, constant) : this.addTensor(name, type, undefined, !this.graph.inputs.includes(id));
    this.indices.set(id, index);
    return index;
  }

  /**
   * Weights of a layer on real numbers. Kernels read codes of 8 bits and turn their inputs into codes for them; all else, and what
   * is to meet inputs as they are, is made real by an operator of its own.
   */
  addRealWeights(name: string, type: TensorType, constant: ConstantData, meetsReals: boolean): number {
    return type.quantization && (meetsReals || dtypes[type.dtype].bits < 8) ? this.widened(name, type, constant) : this.constantOf(name, type, constant);
  }

  /** Weights in half precision are widened by an operator of their own: kernels read float32. */
  private constantOf(name: string, type: TensorType, constant: ConstantData): number {
    const half = type.dtype === 'float16' || (this.halfWeights && type.dtype === 'float32' && (type.shape?.length ?? 0) > 1);
    if (!half) return this.addTensor(name, type, constant);
    const numbers = tensorOf({ dtype: 'float16', shape: type.shape! }, constantTensor({ id: 0, name, type, constant }).data);
    return this.widened(name, numbers.type, constantOf(numbers));
  }

  private widened(name: string, type: TensorType, constant: ConstantData): number {
    const narrow = this.addTensor(`${name}_${type.dtype}`, type, constant);
    const wide = this.addTensor(name, { dtype: 'float32', shape: type.shape });
    this.emit('DEQUANTIZE', [narrow], [wide]);
    return wide;
  }

  /** `mayVary`: extents that the data decide are found by the runtime, which is told 1 and that they vary. */
  addTensor(name: string, type: TensorType, constant?: ConstantData, mayVary = false): number {
    const code = tfliteOfDtype(type.dtype);
    const varies = !isStatic(type);
    if (code === undefined || !type.shape || (varies && !mayVary)) throw new CannotWrite(`${name} has a type or shape that TFLite has not`);
    const { quantization } = type;
    if (quantization?.block) throw new CannotWrite(`${name} has a scale for each block of weights, which TFLite's kernels do not read`);
    this.tensors.push({
      name, shape: type.shape.map((extent) => (extent < 0 ? 1 : extent)), type: code, buffer: 0, shapeSignature: varies ? type.shape : undefined,
      quantization: quantization && { scale: quantization.scale, zeroPoint: quantization.zeroPoint, quantizedDimension: quantization.axis ?? 0 },
    });
    if (constant) this.constants.set(this.tensors.length - 1, constant);
    return this.tensors.length - 1;
  }

  /** A state that its operator updates in place. */
  addVariableTensor(state: State): void {
    const { name, type } = this.graph.values.get(state.input)!;
    const index = this.addTensor(name, type);
    this.tensors[index] = { ...this.tensors[index], isVariable: 1 };
    this.indices.set(state.input, index);
  }

  /** Handle tensor of a resource variable. */
  handle(name: string): number {
    const known = this.handles.get(name);
    if (known !== undefined) return known;
    this.tensors.push({ name: `${name}_handle`, shape: [], type: RESOURCE, buffer: 0 });
    const index = this.tensors.length - 1;
    this.emit('VAR_HANDLE', [], [index], { sharedName: name });
    this.handles.set(name, index);
    return index;
  }

  typeOf(id: ValueId): StaticType {
    return this.graph.values.get(id)!.type as StaticType;
  }

  emit(op: string, inputs: readonly number[], outputs: readonly number[], options: Readonly<Record<string, OptionValue>> = {}, extras: OperatorExtras = {}): void {
    let last = inputs.length;
    while (last > 0 && inputs[last - 1] === -1) last--;
    this.operators.push({
      opcodeIndex: this.parts.operatorCode(op),
      inputs: inputs.slice(0, last),
      outputs: outputs.filter((output) => output >= 0),
      builtinOptions: unionOf('BuiltinOptions', op, options),
      builtinOptions2: extras.second && unionOf('BuiltinOptions2', op, extras.second),
      customOptions: extras.custom,
      intermediates: extras.intermediates,
    });
  }

  /** The subgraph's table. Tensors that an operator's writer did without are left out. */
  finish(inputs: readonly number[], outputs: readonly number[]): FlatTable {
    const listed = (operator: FlatTable): number[] => [operator.inputs, operator.outputs, operator.intermediates].flatMap((list) => (list ?? []) as number[]);
    const used = new Set([...inputs, ...outputs, ...this.operators.flatMap(listed)]);
    const places = new Map<number, number>([[-1, -1]]);
    const tensors: FlatTable[] = [];
    this.tensors.forEach((tensor, index) => {
      if (!used.has(index)) return;
      places.set(index, tensors.length);
      const constant = this.constants.get(index);
      tensors.push(constant ? { ...tensor, buffer: this.parts.buffer(constant.bytes()) } : tensor);
    });
    const moved = (list: readonly number[] | undefined): readonly number[] | undefined => list?.map((index) => places.get(index)!);
    const operators = this.operators.map((operator) => ({
      ...operator, inputs: moved(operator.inputs as number[]), outputs: moved(operator.outputs as number[]), intermediates: moved(operator.intermediates as number[] | undefined),
    }));
    return { name: this.name, tensors, operators, inputs: moved(inputs), outputs: moved(outputs) };
  }
}

/** Options under the number of their table. */
function unionOf(union: string, op: string, options: Readonly<Record<string, OptionValue>>): { member: number; table: FlatTable } | undefined {
  const name = optionsOf(op);
  const member = optionUnions[union].indexOf(name) + 1;
  if (member === 0) return undefined;
  const known = schema.tables.get(name)!.fields.map((field) => field.name);
  const wrong = Object.keys(options).find((key) => !known.includes(key));
  if (wrong) throw new Error(`${name} has no ${wrong}`);
  return { member, table: options as FlatTable };
}
