import type { Problem } from '../../../base/problem';
import type { GraphEditor } from '../../ir/edit';
import { constantOf, constantTensor, type Tensor } from '../../ir/tensor';
import { isStatic } from '../../ir/dtype';
import type { Attributes, Origin, RoundingRule, TensorType, ValueId } from '../../ir/types';
import { NodeView } from '../../ops/op';
import { inferNode } from '../../passes/infer';
import { NotUnderstood, type EmitOptions, type OnnxNode } from './mapping';
import type { AttributeProto, NodeProto } from './schema';

/** What the importer knows of one ONNX node; ops' mappings work through this. */
export class ImportedNode implements OnnxNode {
  readonly opType: string;
  readonly domain: string;
  private readonly attributes: ReadonlyMap<string, AttributeProto>;
  private readonly made: ValueId[] = [];
  /** Values for the node's outputs, by index, once the mapping has emitted them. */
  readonly results = new Map<number, ValueId>();

  constructor(
    proto: NodeProto,
    readonly opset: number,
    readonly inputs: readonly (ValueId | undefined)[],
    readonly editor: GraphEditor,
    private readonly name: string,
    private readonly origin: Origin,
    private readonly rounding: RoundingRule,
    readonly report: (problem: Problem) => void,
  ) {
    this.opType = proto.opType ?? '';
    this.domain = proto.domain ?? '';
    this.attributes = new Map(proto.attribute.map((attribute) => [attribute.name ?? '', attribute]));
    this.outputNames = proto.output;
  }

  private readonly outputNames: readonly string[];

  get outputCount(): number {
    return this.outputNames.filter((name) => name !== '').length;
  }

  attribute(name: string): AttributeProto | undefined {
    return this.attributes.get(name);
  }

  int(name: string, otherwise: number): number {
    return this.attributes.get(name)?.i ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.attributes.get(name)?.f ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    const bytes = this.attributes.get(name)?.s;
    return bytes ? String.fromCharCode(...bytes.subarray(0, 1000)) : otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    return this.attributes.get(name)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.attributes.get(name)?.floats;
  }

  type(index: number): TensorType {
    const id = this.inputs[index];
    return id === undefined ? { dtype: 'float32', shape: undefined } : this.editor.value(id).type;
  }

  constant(index: number): Tensor | undefined {
    const id = this.inputs[index];
    const value = id === undefined ? undefined : this.editor.value(id);
    return value?.constant && isStatic(value.type) && value.type.dtype !== 'string' ? constantTensor(value) : undefined;
  }

  addConstant(name: string, tensor: Tensor): ValueId {
    return this.editor.addValue(`${this.name}.${name}`, tensor.type, constantOf(tensor));
  }

  emit(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes = {}, options: EmitOptions = {}): ValueId {
    const last = options.last ?? true;
    const names = last ? this.outputNames : [`${this.name}.${options.suffix ?? this.made.length}`];
    const outputs = names.map((name) => this.editor.addValue(name, options.type ?? { dtype: 'float32', shape: undefined }));
    const node = this.editor.addNode({ op, name: last ? this.name : names[0], inputs, outputs, attributes, origin: [this.origin] });
    inferNode(this.editor, new NodeView(this.editor, node, this.rounding));
    this.made.push(...outputs);
    if (last) outputs.forEach((id, index) => this.results.set(index, id));
    return outputs[0];
  }

  alias(index: number, value: ValueId): void {
    this.results.set(index, value);
  }

  annotate(index: number, type: TensorType): void {
    this.editor.setType(this.inputs[index]!, type);
  }

  refuse(reason: string): never {
    throw new NotUnderstood(reason);
  }
}
