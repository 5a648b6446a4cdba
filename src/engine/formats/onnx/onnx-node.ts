import type { Problem } from '../../../base/problem';
import { byteLengthOf, elementCount, isNumeric, isStatic } from '../../ir/dtype';
import type { GraphEditor } from '../../ir/edit';
import { constantOf, constantTensor, type Tensor } from '../../ir/tensor';
import type { Attributes, ConstantData, Origin, Quantization, RoundingRule, StaticType, SubGraph, TensorType, ValueId } from '../../ir/types';
import { NodeView } from '../../ops/op';
import { inferNode, takeFolded } from '../../passes/infer';
import { equalQuantization } from '../../quant/equal';
import { NotUnderstood, type EmitOptions, type GraphInput, type OnnxNode } from './mapping';
import { attributeType, type AttributeProto, type GraphProto, type NodeProto, type TensorProto } from './schema';
import { decodeText } from './text';

/** Where a node stands: what it can reach besides its own fields. */
export interface NodeSurroundings {
  readonly editor: GraphEditor;
  readonly rounding: RoundingRule;
  readonly isEvaluation: boolean;
  report(problem: Problem): void;
  readTensor(tensor: TensorProto): { type: StaticType; data: ConstantData };
  inline(graph: GraphProto, inputs: readonly ValueId[]): readonly ValueId[];
  outerValues(graphs: readonly GraphProto[]): readonly ValueId[];
  graphOf(graph: GraphProto, own: readonly GraphInput[], outer: readonly ValueId[]): SubGraph;
  attempt(work: () => void): string | undefined;
  readonly inputNames: readonly string[];
}

/** What the importer knows of one ONNX node; ops' mappings work through this. */
export class ImportedNode implements OnnxNode {
  readonly opType: string;
  readonly domain: string;
  private readonly attributes: ReadonlyMap<string, AttributeProto>;
  private readonly asked = new Set<string>();
  private readonly outputNames: readonly string[];
  private steps = 0;
  private readonly made = new Map<ValueId, readonly ValueId[]>();
  /** Values for the node's outputs, by index, once the mapping has made them. */
  readonly results = new Map<number, ValueId>();

  constructor(
    proto: NodeProto,
    readonly opset: number,
    readonly inputs: readonly (ValueId | undefined)[],
    private readonly name: string,
    private readonly origin: Origin,
    private readonly around: NodeSurroundings,
  ) {
    this.opType = proto.opType ?? '';
    this.domain = proto.domain ?? '';
    this.attributes = new Map(proto.attribute.map((attribute) => [attribute.name ?? '', attribute]));
    this.outputNames = proto.output;
  }

  get editor(): GraphEditor {
    return this.around.editor;
  }

  get isEvaluation(): boolean {
    return this.around.isEvaluation;
  }

  get outputCount(): number {
    return this.outputNames.filter((name) => name !== '').length;
  }

  has(index: number): boolean {
    return this.inputs[index] !== undefined;
  }

  hasOutput(index: number): boolean {
    return (this.outputNames[index] ?? '') !== '';
  }

  attribute(name: string): AttributeProto | undefined {
    this.asked.add(name);
    return this.attributes.get(name);
  }

  /** Attributes that the mapping did not look at. */
  leftOver(): AttributeProto[] {
    return [...this.attributes].flatMap(([name, attribute]) => (this.asked.has(name) ? [] : [attribute]));
  }

  int(name: string, otherwise: number): number {
    return this.attribute(name)?.i ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    // Defaults are 32-bit numbers like what files hold.
    return this.attribute(name)?.f ?? Math.fround(otherwise);
  }

  text(name: string, otherwise: string): string {
    const bytes = this.attribute(name)?.s;
    return bytes ? decodeText(bytes) : otherwise;
  }

  texts(name: string): readonly string[] {
    return (this.attribute(name)?.strings ?? []).map(decodeText);
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.attribute(name)?.floats;
  }

  tensor(name: string): { type: StaticType; data: ConstantData } | undefined {
    const attribute = this.attribute(name);
    return attribute?.t && this.around.readTensor(attribute.t);
  }

  subgraph(name: string): GraphProto | undefined {
    const attribute = this.attribute(name);
    return attribute?.type === attributeType.GRAPH || attribute?.g ? attribute?.g : undefined;
  }

  inline(graph: GraphProto, inputs: readonly ValueId[]): readonly ValueId[] {
    return this.around.inline(graph, inputs);
  }

  outerValues(graphs: readonly GraphProto[]): readonly ValueId[] {
    return this.around.outerValues(graphs);
  }

  graphOf(graph: GraphProto, own: readonly GraphInput[], outer: readonly ValueId[]): SubGraph {
    return this.around.graphOf(graph, own, outer);
  }

  attempt(work: () => void): string | undefined {
    return this.around.attempt(work);
  }

  get inputNames(): readonly string[] {
    return this.around.inputNames;
  }

  type(index: number): TensorType {
    const id = this.inputs[index];
    return id === undefined ? { dtype: 'float32', shape: undefined } : this.editor.value(id).type;
  }

  typeOf(id: ValueId): TensorType {
    return (this.editor.values.get(id) ?? this.refuse('an input is left out')).type;
  }

  known(index: number): StaticType {
    const type = this.type(index);
    return isStatic(type) ? type : this.refuse(`input ${index} has no known shape`);
  }

  rank(index: number): number {
    return this.type(index).shape?.length ?? this.refuse(`input ${index} has an unknown number of axes`);
  }

  constant(index: number): Tensor | undefined {
    const id = this.inputs[index];
    return id === undefined ? undefined : this.constantOf(id);
  }

  constantOf(id: ValueId): Tensor | undefined {
    return this.isConstant(id) ? constantTensor(this.editor.value(id)) : undefined;
  }

  isConstant(id: ValueId | undefined): boolean {
    const value = id === undefined ? undefined : this.editor.values.get(id);
    return value?.constant !== undefined && isStatic(value.type) && isNumeric(value.type.dtype);
  }

  integers(index: number, what: string): readonly number[] {
    const tensor = this.constant(index) ?? this.refuse(`${what} that varies`);
    if (!tensor.data.every(Number.isInteger)) this.refuse(`${what} with fractions`);
    return Array.from(tensor.data);
  }

  claim(type: StaticType): void {
    if (!isNumeric(type.dtype)) this.refuse('a type without arithmetic');
    if (type.shape.some((extent) => !Number.isInteger(extent) || extent < 0)) this.refuse('an extent that is no whole number');
    const bytes = byteLengthOf(type.dtype, elementCount(type.shape));
    if (!Number.isSafeInteger(bytes) || !takeFolded(this.editor, bytes)) this.refuse(`a constant of ${type.shape.join('×')}`);
  }

  addConstant(name: string, tensor: Tensor): ValueId {
    return this.editor.addValue(`${this.name}.${name}`, tensor.type, constantOf(tensor));
  }

  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, options: EmitOptions = {}): ValueId {
    const last = options.last ?? true;
    const names = last ? this.lastNames(options) : this.stepNames(options);
    const outputs = names.map((name, i) => this.editor.addValue(name, (i === 0 ? options.type : undefined) ?? { dtype: 'float32', shape: undefined }));
    const present = [...inputs];
    while (present.length && present[present.length - 1] === undefined) present.pop();
    const node = this.editor.addNode({ op, name: last ? this.name : names[0], inputs: present, outputs, attributes, origin: [this.origin] });
    inferNode(this.editor, new NodeView(this.editor, node, this.around.rounding));
    this.made.set(outputs[0], outputs);
    if (last) outputs.forEach((id, i) => this.results.set(options.makes?.[i] ?? i, id));
    return outputs[0];
  }

  step(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, type?: TensorType): ValueId {
    return this.emit(op, inputs, attributes, { last: false, suffix: op, type });
  }

  outputsOf(id: ValueId): readonly ValueId[] {
    return this.made.get(id) ?? [id];
  }

  private lastNames(options: EmitOptions): string[] {
    return options.makes ? options.makes.map((index) => this.outputNames[index] ?? '') : [...this.outputNames];
  }

  private stepNames(options: EmitOptions): string[] {
    const base = `${this.name}.${options.suffix ?? 'step'}${this.steps ? `_${this.steps + 1}` : ''}`;
    this.steps++;
    return Array.from({ length: options.outputs ?? 1 }, (_, i) => (i ? `${base}.${i}` : base));
  }

  alias(index: number, value: ValueId): void {
    this.results.set(index, value);
  }

  result(index: number, type: StaticType, data: ConstantData): void {
    this.results.set(index, this.editor.addValue(this.outputNames[index] ?? `${this.name}.${index}`, type, data));
  }

  codes(index: number, quantization: Quantization): ValueId {
    const value = this.editor.value(this.inputs[index]!);
    const type = { ...value.type, quantization };
    if (equalQuantization(value.type.quantization, quantization)) return value.id;
    if (!value.type.quantization) {
      this.editor.setType(value.id, type);
      return value.id;
    }
    // Two nodes read the same codes under different scales.
    if (value.constant) return this.editor.addValue(value.name, type, value.constant);
    return this.refuse('codes that have two scales');
  }

  report(problem: Problem): void {
    this.around.report(problem);
  }

  refuse(reason: string): never {
    throw new NotUnderstood(reason);
  }
}

/** A scalar or list of 64-bit integers. */
export const int64Tensor = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({
  type: { dtype: 'int64', shape },
  data: Float64Array.from(values.length === elementCount(shape) ? values : []),
});
