import type { Problem } from '../../../base/problem';
import { ProblemError } from '../../../base/problem';
import { CycleError, GraphEditor } from '../../ir/edit';
import type { Attribute, Graph, Origin, RoundingRule, TensorType, ValueId } from '../../ir/types';
import { isNumeric } from '../../ir/dtype';
import { opaque } from '../../ops/opaque';
import { ShapeError } from '../../ops/op';
import { tfliteImporters } from '../../ops/table';
import { NotUnderstood, type TfliteImporters } from './mapping';
import { readFlexMap } from './flexbuffer';
import { initialContents } from './initial-contents';
import { layerProblems } from '../layer-problems';
import { nameOfOperator } from './operator-codes';
import { tfliteProblems } from './problems';
import { readConstant, readType, TensorError, type FileContent } from './tensors';
import { ImportedOperator, type NodeSurroundings } from './tflite-node';
import type { ModelTable, OperatorTable, OptionsUnion, SubGraphTable, TensorTable } from './schema';
import { resourceOperators } from './resources';
import { Nesting, refuse, TooManyNodes, type Handle, type Operand } from './subgraphs';
import { Variables } from './variables';

let importerTable: ReadonlyMap<string, TfliteImporters[string]> | undefined;
/** TFLite operator to what imports it; made when first asked for, as ops and importers know each other. */
const importers = (): ReadonlyMap<string, TfliteImporters[string]> => (importerTable ??= tfliteImporters());

export interface ImportSource {
  readonly model: ModelTable;
  readonly file: FileContent;
  readonly rounding: RoundingRule;
  readonly problems: Problem[];
}

/** Subgraph 0 as IR. Total: what is not understood becomes an opaque node and a problem. */
export function importMain(source: ImportSource): Graph {
  if (!source.model.subgraphs?.length) throw new ProblemError(tfliteProblems.badGraph('It has no subgraph'));
  const importer = new GraphImporter(source, 0);
  importer.run();
  const initial = initialContents(source, importer);
  importer.editor.states = importer.variables.states(
    (key) => initial.get(key),
    (name, why) => source.problems.push(tfliteProblems.variable(name, why)),
  );
  return finish(importer.editor);
}

export function finish(editor: GraphEditor): Graph {
  try {
    return editor.finish();
  } catch (error) {
    if (error instanceof CycleError) throw new ProblemError(tfliteProblems.badGraph(error.message));
    throw error;
  }
}

/** Where a subgraph's operators go: into the graph that calls it, or, where absent, into one of its own. */
export interface Caller {
  readonly editor: GraphEditor;
  readonly variables: Variables;
  /** All of them come from the one operator that the calling graph lists. */
  readonly origin: Origin;
}

export class GraphImporter {
  readonly editor: GraphEditor;
  readonly variables: Variables;
  /** Subgraphs to be run once before the first run. */
  readonly initializers: number[] = [];
  /** Key of the resource that each handle tensor refers to. */
  readonly handles = new Map<number, Handle>();
  private readonly tensors: readonly TensorTable[];
  private readonly types: readonly TensorType[];
  private readonly values = new Map<number, ValueId>();
  private readonly subgraph: SubGraphTable;

  constructor(readonly source: ImportSource, private readonly graphIndex: number, private readonly nesting = new Nesting(), private readonly caller?: Caller) {
    const subgraph = source.model.subgraphs![graphIndex];
    this.subgraph = subgraph;
    this.editor = caller?.editor ?? new GraphEditor(subgraph.name ?? '');
    this.variables = caller?.variables ?? new Variables(this.editor);
    this.tensors = subgraph.tensors ?? [];
    this.types = this.tensors.map((tensor, index) => this.checked(index, () => readType(tensor)));
  }

  run(): void {
    for (const index of this.subgraph.inputs ?? []) {
      this.need(index);
      if (this.values.has(index)) throw new ProblemError(tfliteProblems.badGraph(`Tensor ${this.nameOf(index)} is an input twice`));
      const id = this.editor.addValue(this.nameOf(index), this.types[index]);
      this.values.set(index, id);
      this.editor.inputs.push(id);
    }
    this.addOperators();
    for (const index of this.subgraph.outputs ?? []) this.editor.outputs.push(this.value(index));
  }

  /** The operators as a part of the caller's graph, reading the given operands. */
  runInline(operands: readonly Operand[]): readonly Operand[] {
    const { inputs = [], outputs = [] } = this.subgraph;
    if (inputs.length !== operands.length) throw new NotUnderstood(`a subgraph with ${inputs.length} inputs for ${operands.length} values`);
    inputs.forEach((index, i) => {
      const operand = operands[i];
      this.need(index);
      if (typeof operand === 'number') this.define(index, operand);
      else this.handles.set(index, operand);
    });
    this.addOperators();
    return outputs.map((index) => this.handles.get(index) ?? this.value(index));
  }

  private addOperators(): void {
    (this.subgraph.operators ?? []).forEach((operator, index) => this.operator(operator, index));
  }

  get operators(): number {
    return this.subgraph.operators?.length ?? 0;
  }

  /** The value of a tensor that is read. */
  value(index: number): ValueId {
    const known = this.values.get(index);
    if (known !== undefined) return known;
    this.need(index);
    const tensor = this.tensors[index];
    if (tensor.isVariable) return this.variables.read(this.variableKey(index), this.nameOf(index), this.types[index]);
    const data = this.checked(index, () => readConstant(tensor, this.types[index], this.source.file));
    if (!data && !this.isEmpty(index)) throw new ProblemError(tfliteProblems.badGraph(`Tensor ${this.nameOf(index)} is read before it is made`));
    const id = this.editor.addValue(this.nameOf(index), this.types[index], data ?? { byteLength: 0, bytes: () => new Uint8Array(0) });
    this.values.set(index, id);
    return id;
  }

  private variableKey(index: number): string {
    return `${this.graphIndex}:${index}`;
  }

  nameOf(index: number): string {
    return this.tensors[index].name || `tensor_${index}`;
  }

  typeOf(index: number): TensorType {
    this.need(index);
    return this.types[index];
  }

  define(index: number, value: ValueId): void {
    this.need(index);
    if (this.values.has(index)) throw new ProblemError(tfliteProblems.badGraph(`Tensor ${this.nameOf(index)} is made twice`));
    this.values.set(index, value);
  }

  private operator(operator: OperatorTable, index: number): void {
    const op = nameOfOperator(this.source.model.operatorCodes ?? [], operator.opcodeIndex);
    const outputs = operator.outputs ?? [];
    for (const output of outputs) this.need(output);
    const name = outputs.length ? this.nameOf(outputs[0]) : `${op}_${index}`;
    const origin: Origin = this.caller?.origin ?? { name, op, index };
    const resource = resourceOperators[op];
    if (resource) {
      try {
        return resource(this, operator);
      } catch (error) {
        if (!(error instanceof NotUnderstood)) throw error;
        this.source.problems.push(layerProblems.notUnderstood(name, op, error.message));
        return this.addOpaque(operator, op, error.message, name, origin, this.readableInputs(operator));
      }
    }
    const inputs = this.readableInputs(operator);
    const declared = outputs.map((output) => ({ name: this.nameOf(output), type: this.types[output] }));
    const undo = this.restorePoint();
    const { customOptions } = operator;
    const options = customOptions && importers().has(op) ? readFlexMap(customOptions) : (operator.builtinOptions ?? operator.builtinOptions2)?.table;
    const node = new ImportedOperator(op, name, inputs, declared, options, origin, this.surroundings(operator, origin));
    try {
      const run = importers().get(op);
      if (!run) throw new NotUnderstood(`${op} is not known`);
      if (!outputs.length) throw new NotUnderstood('no output');
      if (inputs.some((id) => id !== undefined && !isNumeric(this.editor.value(id).type.dtype))) throw new NotUnderstood('an input that holds no numbers');
      run(node);
      outputs.forEach((output, i) => {
        const id = node.results.get(i);
        if (id === undefined) {
          if (this.handles.has(output)) return;
          throw new NotUnderstood(`output ${i}`);
        }
        this.define(output, id);
      });
    } catch (error) {
      if (!(error instanceof NotUnderstood) && !(error instanceof ShapeError)) throw error;
      if (error instanceof TooManyNodes && this.nesting.isInside) throw error;
      undo();
      const make = error instanceof ShapeError ? layerProblems.doesNotFit : layerProblems.notUnderstood;
      this.source.problems.push(make(name, op, error.message));
      this.addOpaque(operator, op, error.message, name, origin, inputs);
    }
  }

  /** Takes back what an operator has added from here on. */
  private restorePoint(): () => void {
    const [mark, problems, variables] = [this.editor.mark(), this.source.problems.length, this.variables.snapshot()];
    return () => {
      this.editor.removeNodesSince(mark);
      this.source.problems.length = problems;
      this.variables.restore(variables);
    };
  }

  private surroundings(operator: OperatorTable, origin: Origin): NodeSurroundings {
    const variable = (input: number): number => {
      const index = operator.inputs?.[input] ?? -1;
      if (index < 0 || !this.tensors[index].isVariable) throw new NotUnderstood(`input ${input}, which should be a variable, is none`);
      return index;
    };
    const { editor, variables, source, nesting } = this;
    const operandOf = (id: ValueId | undefined, input: number): Operand =>
      id ?? this.handles.get(operator.inputs?.[input] ?? -1) ?? refuse(`input ${input} is left out`);
    return {
      editor,
      rounding: source.rounding,
      attempt: (work) => {
        const undo = this.restorePoint();
        try {
          work();
          return true;
        } catch (error) {
          if (!(error instanceof NotUnderstood)) throw error;
          undo();
          return false;
        }
      },
      inline: (index, first, values) => {
        const operands = values.map((id, i) => operandOf(id, first + i));
        const results = nesting.inline(source, index, (graph) => new GraphImporter(source, graph, nesting, { editor, variables, origin }), (importer) => importer.runInline(operands));
        return results.map((result, i) => {
          if (typeof result === 'number') return result;
          const output = operator.outputs?.[i];
          if (output !== undefined) this.handles.set(output, result);
          return undefined;
        });
      },
      graphOf: (index) =>
        nesting.apart(source, index, (graph) => new GraphImporter(source, graph, nesting), (importer) => {
          importer.run();
          if (importer.handles.size || importer.variables.isUsed || importer.initializers.length) throw new NotUnderstood('a variable inside of a graph whose course depends on data');
          return { kind: 'graph', graph: finish(importer.editor) };
        }),
      state: (input) => this.value(variable(input)),
      setState: (input, value) => {
        const index = variable(input);
        this.variables.write(this.variableKey(index), this.nameOf(index), value);
      },
    };
  }

  /** Values of an operator's inputs; handles to variables have none. */
  private readableInputs(operator: OperatorTable): (ValueId | undefined)[] {
    return (operator.inputs ?? []).map((index) => (index === -1 || this.handles.has(index) ? undefined : this.value(index)));
  }

  addOpaque(operator: OperatorTable, op: string, reason: string, name: string, origin: Origin, inputs: readonly (ValueId | undefined)[]): void {
    const attributes: Record<string, Attribute> = { sourceOp: op, reason };
    const keep = (prefix: string, options: OptionsUnion | undefined): void => {
      for (const [key, value] of Object.entries(options?.table ?? {})) if (value !== undefined) attributes[`${prefix}.${key}`] = value;
    };
    keep('tflite', operator.builtinOptions);
    keep('tflite2', operator.builtinOptions2);
    if (operator.customOptions) attributes['tflite.custom'] = operator.customOptions;
    const outputs = (operator.outputs ?? []).map((index) => {
      const id = this.editor.addValue(this.nameOf(index), this.types[index]);
      this.define(index, id);
      return id;
    });
    this.editor.addNode({ op: opaque.name, name, inputs, outputs, attributes, origin: [origin] });
  }

  /** A tensor without elements needs no bytes. */
  private isEmpty(index: number): boolean {
    return this.types[index].shape?.some((extent) => extent === 0) ?? false;
  }

  private need(index: number): void {
    if (!(index >= 0 && index < this.tensors.length)) throw new ProblemError(tfliteProblems.badGraph(`Tensor ${index} does not exist; there are ${this.tensors.length}`));
  }

  private checked<T>(index: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof TensorError) throw new ProblemError(tfliteProblems.badTensor(this.nameOf(index), error.message));
      throw error;
    }
  }
}
