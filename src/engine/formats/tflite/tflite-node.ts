import { isNumeric, isStatic } from '../../ir/dtype';
import type { GraphEditor } from '../../ir/edit';
import { constantOf, constantTensor, type Tensor } from '../../ir/tensor';
import type { Attributes, Origin, RoundingRule, SubGraph, TensorType, ValueId } from '../../ir/types';
import { clamp } from '../../ops/clamp/op';
import { NodeView } from '../../ops/op';
import { ops } from '../../ops/table';
import { tanh } from '../../ops/tanh/op';
import { inferNode } from '../../passes/infer';
import { NotUnderstood, type EmitOptions, type TfliteNode } from './mapping';
import { optionsOf } from './operators';
import { schema, type OptionValue } from './schema';

/** What surrounds an operator: the graph's values and variables. */
export interface NodeSurroundings {
  readonly editor: GraphEditor;
  readonly rounding: RoundingRule;
  /** Variable tensors of the operator's inputs. */
  state(input: number): ValueId;
  setState(input: number, value: ValueId): void;
  attempt(work: () => void): boolean;
  inline(graph: number, first: number, values: readonly (ValueId | undefined)[]): readonly (ValueId | undefined)[];
  graphOf(graph: number): SubGraph;
}

export interface DeclaredOutput {
  readonly name: string;
  readonly type: TensorType;
}

/** Bounds of the fused activations that have any. Source: schema.fbs, ActivationFunctionType. */
const activationBounds: Readonly<Record<number, Attributes>> = { 0: {}, 1: { clampMin: 0 }, 2: { clampMin: -1, clampMax: 1 }, 3: { clampMin: 0, clampMax: 6 } };
const ACTIVATION_TANH = 4;

/** What the importer knows of one operator; ops' mappings work through this. */
export class ImportedOperator implements TfliteNode {
  /** Values for the operator's outputs, by index, once the mapping has emitted them. */
  readonly results = new Map<number, ValueId>();
  readonly editor: GraphEditor;
  private intermediates = 0;

  constructor(
    readonly op: string,
    private readonly name: string,
    readonly inputs: readonly (ValueId | undefined)[],
    private readonly declared: readonly DeclaredOutput[],
    private readonly options: Readonly<Record<string, OptionValue>> | undefined,
    private readonly origin: Origin,
    private readonly surroundings: NodeSurroundings,
  ) {
    this.editor = surroundings.editor;
  }

  get outputTypes(): readonly TensorType[] {
    return this.declared.map((output) => output.type);
  }

  number(name: string): number {
    const value = this.options?.[name];
    if (typeof value === 'number') return value;
    // Options may be left out as a whole: then the schema's defaults hold.
    const field = schema.tables.get(optionsOf(this.op))?.fields.find((f) => f.name === name);
    return field?.kind === 'scalar' ? field.otherwise : 0;
  }

  flag(name: string): boolean {
    return this.number(name) !== 0;
  }

  numbers(name: string): readonly number[] | undefined {
    const value = this.options?.[name];
    return Array.isArray(value) || value instanceof Uint8Array ? Array.from(value as ArrayLike<number>) : undefined;
  }

  type(index: number): TensorType {
    const id = this.inputs[index];
    if (id === undefined) return this.refuse(`input ${index} is missing`);
    return this.editor.value(id).type;
  }

  shape(index: number): readonly number[] {
    const { shape } = this.type(index);
    return shape && shape.every((extent) => extent >= 0) ? shape : this.refuse(`input ${index} has an unknown shape`);
  }

  constant(index: number): Tensor | undefined {
    return this.constantOf(this.inputs[index]);
  }

  constantOf(id: ValueId | undefined): Tensor | undefined {
    const value = id === undefined ? undefined : this.editor.value(id);
    return value?.constant && isStatic(value.type) && isNumeric(value.type.dtype) ? constantTensor(value) : undefined;
  }

  known(index: number, what: string): readonly number[] {
    const tensor = this.constant(index) ?? this.refuse(`${what} that vary`);
    if (tensor.data.length > MAX_KNOWN) this.refuse(`${tensor.data.length} ${what}`);
    return Array.from(tensor.data);
  }

  addConstant(name: string, tensor: Tensor): ValueId {
    return this.editor.addValue(`${this.name}.${name}`, tensor.type, constantOf(tensor));
  }

  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, options: EmitOptions = {}): ValueId {
    const last = options.last ?? true;
    const name = `${this.name}.${options.suffix ?? this.intermediates++}`;
    const own = options.output === undefined ? this.declared : [this.declared[options.output]];
    const wanted: DeclaredOutput[] = last ? [...own] : [{ name, type: options.type ?? { dtype: 'float32', shape: undefined } }];
    options.more?.forEach((type, i) => wanted.push({ name: `${this.name}.state${i}`, type }));
    const outputs = wanted.map((output) => this.editor.addValue(output.name, { ...output.type, shape: undefined }));
    const node = this.editor.addNode({ op, name: last ? this.name : name, inputs, outputs, attributes, origin: [this.origin] });
    inferNode(this.editor, new NodeView(this.editor, node, this.surroundings.rounding));
    outputs.forEach((id, i) => this.believe(id, wanted[i].type, last || options.type !== undefined));
    if (last) outputs.forEach((id, i) => this.results.set(i + (options.output ?? 0), id));
    return outputs[0];
  }

  /** Codes have the type that the file states; where inference knows less than the file says, the file is believed. */
  private believe(id: ValueId, stated: TensorType, isStated: boolean): void {
    const value = this.editor.value(id);
    if (value.constant || !isStated) return;
    const { type } = value;
    const shape = type.shape ?? (stated.shape?.length ? stated.shape : undefined);
    this.editor.setType(id, stated.quantization ? { dtype: stated.dtype, shape, quantization: stated.quantization } : { ...type, shape });
  }

  step(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}): ValueId {
    return this.emit(op, inputs, attributes, { last: false });
  }

  needReal(): void {
    if ([...this.inputTypes(), ...this.outputTypes].some((type) => type.quantization)) this.refuse('codes in place of real numbers');
  }

  needOneScale(): void {
    const all = [...this.inputTypes(), ...this.outputTypes].flatMap((type) => (type.quantization ? [type.quantization] : []));
    if (all.some((q) => q.scale[0] !== all[0].scale[0] || q.zeroPoint[0] !== all[0].zeroPoint[0])) this.refuse('codes under different scales');
  }

  private inputTypes(): TensorType[] {
    return this.inputs.flatMap((id) => (id === undefined ? [] : [this.editor.value(id).type]));
  }

  emitActivated(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}): void {
    const activation = this.number('fusedActivationFunction');
    const bounds = activationBounds[activation];
    if (bounds && (activation === 0 || ops().get(op)!.fusesClamp)) return void this.emit(op, inputs, { ...attributes, ...bounds });
    if (!bounds && activation !== ACTIVATION_TANH) return this.refuse(`fused activation ${activation}`);
    const [{ type }] = this.declared;
    if (!bounds && type.quantization) return this.refuse('tanh fused to codes');
    const plain = this.emit(op, inputs, attributes, { last: false, suffix: 'unclamped', type });
    this.emit(bounds ? clamp.name : tanh.name, [plain], bounds ?? {});
  }

  result(index: number): ValueId {
    return this.results.get(index) ?? this.refuse(`no output ${index}`);
  }

  alias(index: number, value: ValueId): void {
    this.results.set(index, value);
  }

  state(index: number): ValueId {
    return this.surroundings.state(index);
  }

  setState(index: number, value: ValueId): void {
    this.surroundings.setState(index, value);
  }

  attempt(work: () => void): boolean {
    return this.surroundings.attempt(work);
  }

  inline(graph: number, first: number, values: readonly (ValueId | undefined)[]): readonly (ValueId | undefined)[] {
    return this.surroundings.inline(graph, first, values);
  }

  graphOf(graph: number): SubGraph {
    return this.surroundings.graphOf(graph);
  }

  refuse(reason: string): never {
    throw new NotUnderstood(reason);
  }
}

/** Shapes, axes and positions are short lists; anything longer is no such list. */
const MAX_KNOWN = 4096;
