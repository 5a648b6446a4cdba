import { ProblemError, type Problem } from '../../../base/problem';
import { GraphEditor } from '../../ir/edit';
import { NoNumbers, constantOf } from '../../ir/tensor';
import type { ConstantData, Origin, StaticType, SubGraph, ValueId } from '../../ir/types';
import { opaque, NotEvaluable, type OpaqueAttributes } from '../../ops/opaque';
import { ShapeError } from '../../ops/op';
import { onnxImporters } from '../../ops/table';
import { declaredType } from './declared-type';
import { functionKey, withCallAttributes, type ModelFunctions } from './functions';
import { NotUnderstood, type GraphInput, type OnnxImporters } from './mapping';
import { namedOutput } from './named-output';
import { capturedNames, freeNames, inOrder } from './node-order';
import { ImportedNode } from './onnx-node';
import { layerProblems } from '../layer-problems';
import { onnxProblems } from './problems';
import { nodeProto, type FunctionProto, type GraphProto, type NodeProto, type TensorProto, type ValueInfoProto } from './schema';
import { Scope } from './scope';
import { densify } from './sparse';
import { readTensorProto, TensorDataError, type ExternalReader } from './tensor-proto';
import { encodeMessage } from './wire';

export type Opsets = ReadonlyMap<string, number>;

/** What all nodes of a model have in common while it is imported. */
export interface ImportContext {
  readonly functions: ModelFunctions;
  readonly external: ExternalReader | undefined;
  /** True where all inputs are known and results are wanted, not a graph: nothing may stay opaque. */
  readonly isEvaluation: boolean;
  /** What nodes say besides their meaning, by name; absent where nobody wants it. */
  readonly notes?: Map<string, Uint8Array>;
}

/** Subgraphs and functions inside each other, deeper than this, are a damaged or hostile file. */
const MAX_INLINE_DEPTH = 40;
/** Nodes that inlining functions and unrolling loops may make, and that graphs of their own may have: a few bytes can call functions exponentially often. */
const MAX_INNER_NODES = { import: 30_000, evaluation: 5_000_000 };

/** Too many nodes: the layer of the file that they are made for is given up, not the one inside of it that happened to be the last. */
class TooManyNodes extends NotUnderstood {}

let importerTable: ReadonlyMap<string, OnnxImporters[string]> | undefined;
const importers = (): ReadonlyMap<string, OnnxImporters[string]> => (importerTable ??= onnxImporters());

export const standardDomain = (domain: string | undefined): string => (domain === undefined || domain === 'ai.onnx' ? '' : domain);

/** Adds ONNX nodes to a graph editor. Total: what is not understood becomes an opaque node and a problem. */
export class NodeImporter {
  readonly problems: Problem[] = [];
  /** Inside of how many inlined graphs nodes are being added; `nesting` counts graphs of their own as well. */
  private depth = 0;
  private origins = 0;

  /** `outerOrigin` is set while nodes of a function or subgraph are added: all of them come from the one node that the file lists. */
  constructor(
    private readonly editor: GraphEditor, private readonly context: ImportContext, private readonly nesting = { depth: 0, inlined: 0, apart: 0 }, private outerOrigin?: Origin,
  ) {}

  addInitializers(graph: GraphProto, scope: Scope): void {
    for (const tensor of graph.initializer) this.addInitializer(tensor.name ?? '', () => this.readTensor(tensor), scope);
    for (const sparse of graph.sparseInitializer) this.addInitializer(sparse.values?.name ?? '', () => densify(sparse, (tensor) => this.readTensor(tensor)), scope);
  }

  private addInitializer(name: string, read: () => { type: StaticType; data: ConstantData }, scope: Scope): void {
    try {
      const { type, data } = read();
      scope.set(name, this.editor.addValue(scope.prefix + name, type, data));
      this.editor.sourceBytes += data.byteLength;
    } catch (error) {
      if (!(error instanceof TensorDataError)) throw error;
      throw new ProblemError(onnxProblems.badTensor(name, error.message));
    }
  }

  private readTensor(tensor: TensorProto): { type: StaticType; data: ConstantData } {
    return readTensorProto(tensor, this.context.external);
  }

  addNodes(nodes: readonly NodeProto[], scope: Scope, opsets: Opsets, declared: ReadonlyMap<string, ValueInfoProto>): void {
    for (const node of inOrder(nodes, scope)) this.addNode(node, scope, opsets, declared);
  }

  private addNode(proto: NodeProto, scope: Scope, opsets: Opsets, declared: ReadonlyMap<string, ValueInfoProto>): void {
    const { editor } = this;
    const domain = standardDomain(proto.domain);
    const opType = proto.opType ?? '';
    const qualified = domain ? `${domain}:${opType}` : opType;
    const name = scope.prefix + (proto.name || proto.output.find((output) => output !== '') || `${opType}_${this.origins}`);
    const origin: Origin = this.outerOrigin ?? { name, op: qualified, index: this.origins++ };
    const inputs = proto.input.map((input) => (input === '' ? undefined : scope.get(input)!));
    const [mark, problemsBefore] = [editor.mark(), this.problems.length];
    const named = scope.prefix ? { ...proto, output: proto.output.map((output) => (output === '' ? '' : scope.prefix + output)) } : proto;
    const node = new ImportedNode(named, opsets.get(domain) ?? 1, inputs, name, origin, {
      editor,
      rounding: 'onnx-float-half-even',
      isEvaluation: this.context.isEvaluation,
      report: (problem) => this.problems.push(problem),
      readTensor: (tensor) => this.readTensor(tensor),
      inline: (graph, values) => this.inlineGraph(graph, values, new Scope(scope, `${name}/`), opsets, origin),
      outerValues: (graphs) => this.outerValues(graphs, scope),
      graphOf: (graph, own, outer) => this.graphOf(graph, own, outer, scope, opsets, origin),
      attempt: (work) => this.attempt(work),
      inputNames: proto.input,
    });
    try {
      this.understand(proto, qualified, node, inputs, name, origin);
      if (this.context.notes) this.keepNotes(proto, name, node);
    } catch (error) {
      if (error instanceof TooManyNodes && this.nesting.depth > 0) throw error;
      const reason = reasonOf(error);
      editor.removeNodesSince(mark);
      this.problems.length = problemsBefore;
      node.results.clear();
      if (this.context.isEvaluation) throw new NotEvaluable(`${qualified} (${name}): ${reason}`);
      this.problems.push((error instanceof ShapeError ? layerProblems.doesNotFit : layerProblems.notUnderstood)(name, qualified, reason));
      this.addOpaque(proto, qualified, reason, name, origin, inputs, node, scope, opsets, declared);
    }
    proto.output.forEach((output, i) => {
      const id = node.results.get(i);
      if (output === '' || id === undefined) return;
      scope.set(output, id);
      this.adoptDeclaredShape(id, declared.get(output));
    });
  }

  private understand(proto: NodeProto, qualified: string, node: ImportedNode, inputs: readonly (ValueId | undefined)[], name: string, origin: Origin): void {
    const { functions } = this.context;
    const body = functions.size ? (functions.get(functionKey(proto.domain, proto.opType, proto.overload)) ?? functions.get(functionKey(proto.domain, proto.opType, undefined))) : undefined;
    if (body) {
      this.inlineFunction(body, proto, inputs, `${name}/`, origin).forEach((id, i) => node.alias(i, id));
    } else {
      const run = importers().get(qualified);
      if (!run) throw new NotUnderstood(`${qualified} is not known`);
      run(node);
    }
    proto.output.forEach((output, i) => {
      if (output !== '' && !node.results.has(i)) throw new NotUnderstood(`output ${i} is not supported`);
    });
  }

  private inlineFunction(body: FunctionProto, call: NodeProto, inputs: readonly (ValueId | undefined)[], prefix: string, origin: Origin): ValueId[] {
    // A function sees nothing of where it is called.
    const scope = new Scope(undefined, prefix);
    body.input.forEach((name, i) => {
      const id = inputs[i];
      if (id !== undefined) scope.set(name, id);
    });
    const given = new Set(body.input.filter((_, i) => inputs[i] !== undefined));
    const nodes = body.node.map((node) => {
      const filled = withCallAttributes(node, body, call);
      // An optional input that the caller leaves out is left out inside as well.
      return filled.input.some((name) => body.input.includes(name) && !given.has(name)) ? { ...filled, input: filled.input.map((name) => (body.input.includes(name) && !given.has(name) ? '' : name)) } : filled;
    });
    const opsets: Opsets = new Map(body.opsetImport.map((set) => [standardDomain(set.domain), set.version ?? 1]));
    return this.nested('inlined', nodes.length, origin, () => {
      this.addNodes(nodes, scope, opsets, new Map());
      return body.output.slice(0, call.output.length).map((name) => scope.get(name) ?? noOutput(name));
    });
  }

  private inlineGraph(graph: GraphProto, inputs: readonly ValueId[], scope: Scope, opsets: Opsets, origin: Origin): ValueId[] {
    if (graph.input.length > inputs.length) throw new NotUnderstood(`a subgraph with ${graph.input.length} inputs for ${inputs.length} values`);
    this.addInitializers(graph, scope);
    graph.input.forEach((input, i) => scope.set(input.name ?? '', inputs[i]));
    const declared = new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name ?? '', info]));
    return this.nested('inlined', graph.node.length, origin, () => {
      this.addNodes(graph.node, scope, opsets, declared);
      return graph.output.map((output) => scope.get(output.name ?? '') ?? noOutput(output.name ?? ''));
    });
  }

  /** Values besides constants that graphs read from where they stand. */
  private outerValues(graphs: readonly GraphProto[], scope: Scope): ValueId[] {
    const ids = graphs.flatMap((graph) => [...freeNames(graph)]).flatMap((name) => scope.get(name) ?? []);
    return [...new Set(ids)].filter((id) => !this.editor.value(id).constant);
  }

  /** A subgraph that stays one. Its inputs are `own` and, behind them, the values `outer`; constants from outside are copied into it. */
  private graphOf(graph: GraphProto, own: readonly GraphInput[], outer: readonly ValueId[], scope: Scope, opsets: Opsets, origin: Origin): SubGraph {
    if (graph.input.length !== own.length) throw new NotUnderstood(`a subgraph with ${graph.input.length} inputs for ${own.length} values`);
    const editor = new GraphEditor(graph.name ?? '');
    const inner = new NodeImporter(editor, this.context, this.nesting, origin);
    const names = new Scope();
    own.forEach((input, i) => {
      const name = graph.input[i].name ?? '';
      const isConstant = 'data' in input;
      const id = editor.addValue(name, isConstant ? input.type : input, isConstant ? constantOf(input) : undefined);
      if (!isConstant) editor.inputs.push(id);
      names.set(name, id);
    });
    const passed = new Map(outer.map((id) => [id, editor.addValue(this.editor.value(id).name, this.editor.value(id).type)]));
    editor.inputs.push(...passed.values());
    for (const name of freeNames(graph)) {
      const id = scope.get(name);
      if (id === undefined) continue;
      const { type, constant } = this.editor.value(id);
      editor.sourceBytes += constant?.byteLength ?? 0;
      names.set(name, constant ? editor.addValue(name, type, constant) : passed.get(id)!);
    }
    const declared = new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name ?? '', info]));
    this.nested('apart', graph.node.length, origin, () => {
      inner.addInitializers(graph, names);
      inner.addNodes(graph.node, names, opsets, declared);
    });
    for (const { name = '' } of graph.output) editor.outputs.push(namedOutput(editor, names.get(name) ?? noOutput(name), name));
    this.problems.push(...inner.problems);
    return { kind: 'graph', graph: editor.finish() };
  }

  /** Does the work, or, where it turns out not to be understood, takes back all of it and says why. */
  private attempt(work: () => void): string | undefined {
    const [mark, problems] = [this.editor.mark(), this.problems.length];
    try {
      work();
      return undefined;
    } catch (error) {
      const reason = reasonOf(error);
      this.editor.removeNodesSince(mark);
      this.problems.length = problems;
      return reason;
    }
  }

  private nested<T>(how: 'inlined' | 'apart', nodes: number, origin: Origin, work: () => T): T {
    const { nesting } = this;
    nesting[how] += nodes;
    const limit = this.context.isEvaluation ? MAX_INNER_NODES.evaluation : MAX_INNER_NODES.import;
    if (nesting[how] > limit) throw new TooManyNodes(`functions and loops of more than ${limit} nodes`);
    if (nesting.depth >= MAX_INLINE_DEPTH) throw new NotUnderstood(`functions or subgraphs inside each other more than ${MAX_INLINE_DEPTH} deep`);
    const before = this.outerOrigin;
    const isInlined = how === 'inlined' ? 1 : 0;
    nesting.depth++;
    this.depth += isInlined;
    this.outerOrigin = origin;
    try {
      return work();
    } finally {
      nesting.depth--;
      this.depth -= isInlined;
      this.outerOrigin = before;
    }
  }

  private addOpaque(
    proto: NodeProto, qualified: string, reason: string, name: string, origin: Origin, inputs: readonly (ValueId | undefined)[], node: ImportedNode, scope: Scope, opsets: Opsets,
    declared: ReadonlyMap<string, ValueInfoProto>,
  ): void {
    const captureNames = [...capturedNames(proto)].filter((captured) => scope.has(captured));
    const attributes: OpaqueAttributes = {
      sourceOp: qualified,
      reason,
      source: encodeMessage(nodeProto, { ...proto, name: undefined, input: [], output: [] } as NodeProto),
      opsets: [...opsets].map(([domain, version]) => `${domain}=${version}`),
      declaredInputs: inputs.length,
      captureNames,
    };
    const outputs = proto.output.map((output) => this.editor.addValue(output === '' ? '' : scope.prefix + output, declaredType(declared.get(output))));
    this.editor.addNode({ op: opaque.name, name, inputs: [...inputs, ...captureNames.map((captured) => scope.get(captured)!)], outputs, attributes, origin: [origin] });
    outputs.forEach((id, i) => node.alias(i, id));
  }

  /** Documentation, attributes that nobody asked for and fields that we do not know, to be written back. */
  private keepNotes(proto: NodeProto, name: string, node: ImportedNode): void {
    const attribute = this.depth === 0 ? node.leftOver() : [];
    if (!attribute.length && !proto.docString && !proto.unknown) return;
    this.context.notes!.set(name, encodeMessage(nodeProto, { opType: proto.opType, attribute, docString: proto.docString, unknown: proto.unknown, input: [], output: [] } as NodeProto));
  }

  /** Where inference knows less than the file says, the file is believed. */
  private adoptDeclaredShape(id: ValueId, info: ValueInfoProto | undefined): void {
    const value = this.editor.value(id);
    if (!info || value.constant || (value.type.shape && value.type.shape.every((d) => d >= 0))) return;
    const { shape } = declaredType(info);
    if (!shape || (value.type.shape && value.type.shape.length !== shape.length)) return;
    this.editor.setType(id, { ...value.type, shape: shape.map((d, axis) => (d >= 0 ? d : (value.type.shape?.[axis] ?? -1))) });
  }
}

function noOutput(name: string): never {
  throw new NotUnderstood(`output ${name} of a subgraph is made by no node`);
}

/** Why a node could not be understood; rethrows what is no such reason. */
function reasonOf(error: unknown): string {
  if (error instanceof NotUnderstood || error instanceof ShapeError || error instanceof TensorDataError || error instanceof NotEvaluable || error instanceof NoNumbers) return error.message;
  // A malformed subgraph or function body is a reason as well: the node stays opaque.
  if (error instanceof ProblemError) return error.problem.detail ?? error.problem.title;
  throw error;
}
