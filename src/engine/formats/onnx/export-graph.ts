import { dtypes } from '../../ir/dtype';
import { constantTensor, encodeBytes, tensorOf, type Tensor } from '../../ir/tensor';
import type { Graph, Model, Node, StaticType, TensorType, Value, ValueId } from '../../ir/types';
import { fusedClamp, impliesClamp } from '../../ops/clamp-range';
import { NodeView } from '../../ops/op';
import { opaque, type OpaqueAttributes } from '../../ops/opaque';
import { opOf } from '../../ops/table';
import { writtenBlocks } from './block-weights';
import { checkOpset } from './changed-ops';
import { contentOf } from '../../ops/weight-content';
import { CannotWrite, type OnnxAttributeValue, type OnnxWriter } from './mapping';
import { GraphParts } from './graph-parts';
import { graphFields, nodeFields } from './notes';
import { nodeProto, type GraphProto, type NodeProto, type ValueInfoProto } from './schema';
import { onnxOfDtype, writeTensorProto } from './tensor-proto';
import { decodeMessage } from './wire';
import { attributeProto, knownInfo, renameCaptured, valueInfo } from './written-parts';

export interface ExportOptions {
  /** Operator set of the standard domain. */
  readonly opset?: number;
  /** Values to add to the graph's outputs, as real numbers: how calibration sees inside of a model. */
  readonly expose?: readonly ValueId[];
  /** Real weights that take few values are written as a codebook and a byte each, put together by a node that runtimes fold. */
  readonly codebooks?: boolean;
}

/** A canonical graph as ONNX. Codes are written in QDQ form: real numbers between DequantizeLinear and QuantizeLinear. */
export function exportGraph(model: Model, options: ExportOptions = {}): ExportedGraph {
  return new GraphExporter(model, options.opset ?? DEFAULT_OPSET).run(options);
}

export interface ExportedGraph {
  readonly graph: GraphProto;
  readonly exposed: readonly string[];
  /** Operator sets of other domains that the nodes need. */
  readonly domains: ReadonlyMap<string, number>;
}

/** TensorProto.DataType of what Gather takes as indices. Source: onnx.proto. */
const INT32 = 6;

/** The operator set that our exporters speak: per-channel QuantizeLinear needs 13. */
export const DEFAULT_OPSET = 17;

class GraphExporter {
  /** ONNX name of each value as it is stored (codes where quantized). */
  private readonly stored = new Map<ValueId, string>();
  /** ONNX name of each quantized value as real numbers. */
  private readonly real = new Map<ValueId, string>();
  private codebooks = false;

  constructor(
    private readonly model: Model, private readonly opset: number, private readonly graph: Graph = model.graph,
    private readonly into = new GraphParts(new Set(), new Map(), new Set()),
  ) {}

  run(options: ExportOptions): ExportedGraph {
    const { graph } = this;
    this.codebooks = options.codebooks === true;
    for (const id of [...graph.inputs, ...graph.outputs]) this.nameOf(id);
    for (const node of graph.nodes) this.writeNode(node);
    const exposed = (options.expose ?? []).map((id) => this.realName(id));
    const info = valueInfo;
    const port = (id: ValueId): ValueInfoProto => this.port(id);
    const known = new Set(graph.outputs.map((id) => this.stored.get(id)!));
    const extra = (options.expose ?? []).flatMap((id, i) => (known.has(exposed[i]) ? [] : [info(exposed[i], { dtype: 'float32', shape: graph.values.get(id)!.type.shape })]));
    return {
      graph: { ...this.into.toProto(graph.name || 'model', graph.inputs.map(port), [...graph.outputs.map(port), ...extra]), ...graphFields(this.model.notes) },
      exposed,
      domains: this.into.domains,
    };
  }

  private port(id: ValueId): ValueInfoProto {
    const { type, axisNames } = this.graph.values.get(id)!;
    return valueInfo(this.stored.get(id)!, type, axisNames);
  }

  /** The nodes behind inputs of these names; the names of the outputs. */
  private writeNodes(inputs: readonly string[]): string[] {
    this.graph.inputs.forEach((id, i) => this.stored.set(id, inputs[i]));
    for (const node of this.graph.nodes) this.writeNode(node);
    return this.graph.outputs.map((id) => this.nameOf(id));
  }

  /** Another graph of the model as an attribute; see `OnnxWriter.graph`. */
  private innerGraph(graph: Graph, outer: readonly string[], unused: readonly TensorType[]): GraphProto {
    const { taken, domains, noted } = this.into;
    // No name inside may hide one from outside; graphs side by side may use the same.
    const names = new Set([...taken, ...[...this.graph.values.values()].map((value) => value.name)]);
    const inner = new GraphExporter(this.model, this.opset, graph, new GraphParts(names, domains, noted));
    const own = graph.inputs.slice(0, graph.inputs.length - outer.length);
    const inFront = unused.map((type, i) => valueInfo(inner.unique(`unused_${i}`), type));
    const wanted = graph.outputs.map((id) => graph.values.get(id)!.name || 'result');
    // A graph's result is made by a node of its own, whatever it repeats.
    const repeats = graph.outputs.map((id, i) => graph.inputs.includes(id) || graph.values.get(id)!.constant !== undefined || graph.outputs.indexOf(id) < i);
    const results = wanted.map((name, i) => (repeats[i] ? inner.unique(graph.inputs.includes(graph.outputs[i]) ? `${name}_result` : name) : undefined));
    const made = inner.writeNodes([...own.map((id, i) => inner.unique(graph.values.get(id)!.name || `input_${i}`)), ...outer]);
    const output = made.map((name, i) => {
      const result = results[i] ?? name;
      if (results[i] !== undefined) inner.emit('Identity', [name], [result]);
      return valueInfo(result, graph.values.get(graph.outputs[i])!.type);
    });
    return inner.into.toProto(graph.name || 'graph', [...inFront, ...own.map((id) => inner.port(id))], output);
  }

  private nameOf(id: ValueId): string {
    const known = this.stored.get(id);
    if (known !== undefined) return known;
    const value = this.graph.values.get(id)!;
    const name = this.unique(value.name || `value_${id}`);
    this.stored.set(id, name);
    if (value.constant && !(this.codebooks && this.writeCodebook(name, value))) this.into.initializers.push(writeTensorProto(name, value.type as StaticType, value.constant));
    return name;
  }

  /** Weights [...] as codebook[codes]; false where that is not smaller. */
  private writeCodebook(name: string, value: Value): boolean {
    const { dtype, shape } = value.type as StaticType;
    if (dtype !== 'float32' || shape.length < 2) return false;
    const distinct = contentOf(value)?.distinct;
    const { data } = constantTensor(value);
    if (!distinct || 4 * distinct.length + data.length >= 4 * data.length) return false;
    const codeOf = new Map(distinct.map((entry, code) => [entry, code]));
    const codes = this.constant(`${name}_codes`, tensorOf({ dtype: 'uint8', shape }, Array.from(data, (entry) => codeOf.get(entry)!)));
    const codebook = this.constant(`${name}_codebook`, tensorOf({ dtype, shape: [distinct.length] }, distinct));
    const indices = this.unique(`${name}_indices`);
    this.emit('Cast', [codes], [indices], { to: INT32 });
    this.emit('Gather', [codebook, indices], [name], { axis: 0 });
    return true;
  }

  private unique(wanted: string, taken = this.into.taken): string {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  }

  private constant(name: string, tensor: Tensor): string {
    const unique = this.unique(name);
    const bytes = encodeBytes(tensor.type.dtype, tensor.data);
    this.into.initializers.push(writeTensorProto(unique, tensor.type, { byteLength: bytes.length, bytes: () => bytes }));
    return unique;
  }

  /** Name under which a value's real numbers can be read. */
  private realName(id: ValueId): string {
    const value = this.graph.values.get(id)!;
    if (!value.type.quantization) return this.nameOf(id);
    let name = this.real.get(id);
    if (name === undefined) {
      name = this.unique(`${value.name}_dequantized`);
      this.real.set(id, name);
      if (value.type.quantization.block) {
        this.writeBlocks(value, name);
        return name;
      }
      const codes = this.nameOf(id);
      // onnxruntime 1.30 would fuse 2-bit weights into QLinearConv, which has no such type; it does not look behind a reshape.
      const isTwoBit = value.constant !== undefined && dtypes[value.type.dtype].bits === 2;
      const direct = isTwoBit ? this.unique(`${value.name}_codes_dequantized`) : name;
      this.emit('DequantizeLinear', [codes, ...this.scales(value)], [direct], axisOf(value));
      if (isTwoBit) this.emit('Reshape', [direct, this.shapeOf(value)], [name]);
    }
    return name;
  }

  private isNarrow(view: NodeView, id: ValueId): boolean {
    const { constant, type } = this.graph.values.get(id)!;
    return constant !== undefined && type.dtype === 'float16' && view.has(0) && view.type(0).dtype === 'float32';
  }

  /** A constant in half precision, as its layer computes with it. */
  private widened(id: ValueId): string {
    let name = this.real.get(id);
    if (name === undefined) {
      const value = this.graph.values.get(id)!;
      name = this.unique(value.name);
      this.real.set(id, name);
      const half = this.unique(`${value.name}_half`);
      this.into.initializers.push(writeTensorProto(half, value.type as StaticType, value.constant!));
      this.emit('Cast', [half], [name], { to: onnxOfDtype('float32') });
    }
    return name;
  }

  private shapeOf({ name, type }: Value): string {
    return this.constant(`${name}_shape`, { type: { dtype: 'int64', shape: [type.shape!.length] }, data: Float64Array.from(type.shape!) });
  }

  private writeBlocks(value: Value, name: string): void {
    const { codes, scale, attributes } = writtenBlocks(value.type as StaticType);
    const stored = this.unique(value.name);
    this.into.initializers.push(writeTensorProto(stored, codes, value.constant!));
    const isReshaped = codes.shape.length !== value.type.shape!.length;
    const direct = isReshaped ? this.unique(`${value.name}_rows`) : name;
    this.emit('DequantizeLinear', [stored, this.constant(`${value.name}_scale`, scale)], [direct], attributes);
    if (isReshaped) this.emit('Reshape', [direct, this.shapeOf(value)], [name]);
  }

  private scales(value: Value): [string, string] {
    const { scale, zeroPoint, axis } = value.type.quantization!;
    const shape = axis === undefined ? [] : [scale.length];
    const dtype = value.type.dtype;
    return [
      this.constant(`${value.name}_scale`, { type: { dtype: 'float32', shape }, data: Float32Array.from(scale) }),
      this.constant(`${value.name}_zero_point`, tensorOf({ dtype, shape }, zeroPoint)),
    ];
  }

  private writeNode(node: Node): void {
    const view = new NodeView(this.graph, node, this.model.rounding);
    const op = opOf(node);
    if (op.onnx?.changesStorageOnly) return this.writeStorageChange(node);
    if (op === opaque) return this.writeOpaque(node);
    const write = op.onnx?.export;
    if (!write) throw new CannotWrite(`${op.label(view)} (${node.name}) cannot be written as ONNX`);
    const asStored = op.onnx?.handsOn === true;
    const inputs = node.inputs.map((id) => (id === undefined ? '' : asStored ? this.nameOf(id) : this.isNarrow(view, id) ? this.widened(id) : this.realName(id)));
    const results = node.outputs.map((id) => {
      const value = this.graph.values.get(id)!;
      return value.type.quantization && !asStored ? this.unique(`${value.name}_real`) : this.nameOf(id);
    });
    const clamp = op.fusesClamp ? fusedClamp(view) : { min: undefined, max: undefined };
    // onnxruntime runs a layer on codes only where nothing stands between it and its QuantizeLinear.
    const isClamped = (clamp.min !== undefined || clamp.max !== undefined) && !impliesClamp(view.output().type, clamp);
    const direct = isClamped ? [this.unique(`${node.name}_unclamped`)] : results;
    const writer: OnnxWriter = {
      opset: this.opset,
      inputs,
      outputs: direct,
      emit: (opType, from, to, attributes, domain) => this.emit(opType, from, to, attributes, domain, node.name),
      constant: (suffix, tensor) => this.constant(`${node.name}_${suffix}`, tensor),
      temporary: (suffix) => this.unique(`${node.name}_${suffix}`),
      inline: (graph, names) => new GraphExporter(this.model, this.opset, graph, this.into).writeNodes(names),
      graph: (graph, outer, unused = []) => this.innerGraph(graph, outer, unused),
    };
    write(view, writer);
    if (isClamped) this.writeClamp(node, direct[0], results[0], clamp);
    node.outputs.forEach((id, i) => {
      const value = this.graph.values.get(id)!;
      if (value.type.quantization && !asStored) this.emit('QuantizeLinear', [results[i], ...this.scales(value)], [this.nameOf(id)]);
    });
  }

  /** quantize and dequantize nodes: between codes under one scale, another scale, and real numbers. */
  private writeStorageChange(node: Node): void {
    const [input, output] = [this.graph.values.get(node.inputs[0]!)!, this.graph.values.get(node.outputs[0])!];
    if (output.type.quantization) {
      this.emit('QuantizeLinear', [this.realName(input.id), ...this.scales(output)], [this.nameOf(output.id)], axisOf(output), undefined, node.name);
    } else {
      const name = this.nameOf(output.id);
      this.emit('DequantizeLinear', [this.nameOf(input.id), ...this.scales(input)], [name], axisOf(input), undefined, node.name);
      if (!this.real.has(input.id)) this.real.set(input.id, name);
    }
  }

  /** An opaque node goes back as it came, under the names that its values have now. */
  private writeOpaque(node: Node): void {
    const { source, opsets, declaredInputs, captureNames } = node.attributes as OpaqueAttributes;
    const proto = decodeMessage<NodeProto>(nodeProto, source);
    checkOpset(node, this.opset);
    const names = node.inputs.map((id) => (id === undefined ? '' : this.nameOf(id)));
    const renamed = new Map(captureNames.map((name, i) => [name, names[declaredInputs + i]]));
    const domain = proto.domain ?? '';
    for (const opset of opsets) {
      const [name, version] = [opset.slice(0, opset.lastIndexOf('=')), Number(opset.slice(opset.lastIndexOf('=') + 1))];
      if (name !== '' && name === domain) this.into.domains.set(name, version);
    }
    for (const id of node.outputs) if (this.graph.values.get(id)!.name) this.into.opaqueTypes.push(...knownInfo(this.nameOf(id), this.graph.values.get(id)!.type));
    this.into.nodes.push({
      ...proto, name: this.unique(node.name, this.into.takenByNodes), input: names.slice(0, declaredInputs), attribute: proto.attribute.map((attribute) => renameCaptured(attribute, renamed)),
      output: node.outputs.map((id) => (this.graph.values.get(id)!.name === '' ? '' : this.nameOf(id))),
    });
  }

  private writeClamp(node: Node, from: string, to: string, clamp: { min: number | undefined; max: number | undefined }): void {
    if (clamp.min === 0 && clamp.max === undefined) return this.emit('Relu', [from], [to], {}, undefined, `${node.name}_relu`);
    const bound = (value: number | undefined, suffix: string): string =>
      value === undefined ? '' : this.constant(`${node.name}_${suffix}`, { type: { dtype: 'float32', shape: [] }, data: Float32Array.of(value) });
    this.emit('Clip', [from, bound(clamp.min, 'min'), bound(clamp.max, 'max')], [to], {}, undefined, `${node.name}_clip`);
  }

  private emit(opType: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, OnnxAttributeValue>> = {}, domain?: string, name?: string): void {
    let last = inputs.length;
    while (last > 0 && inputs[last - 1] === '') last--;
    const found = name === undefined || this.into.noted.has(name) ? undefined : nodeFields(this.model.notes, name);
    // A layer that is written as several nodes gives its notes to the one that is what it was.
    const notes = found?.opType === opType ? found : undefined;
    if (notes) this.into.noted.add(name!);
    const own = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [attributeProto(key, value)]));
    const kept = notes?.attribute.filter((attribute) => !own.some((other) => other.name === attribute.name)) ?? [];
    if (domain) this.into.domains.set(domain, 1);
    this.into.nodes.push({
      opType, domain, name: this.unique(name || `${outputs[0]}_${opType}`, this.into.takenByNodes), input: inputs.slice(0, last), output: [...outputs],
      attribute: [...own, ...kept],
      docString: notes?.docString, unknown: notes?.unknown,
    });
  }
}

const axisOf = (value: Value): Record<string, number> => (value.type.quantization?.axis === undefined ? {} : { axis: value.type.quantization.axis });
