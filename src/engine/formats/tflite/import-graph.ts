import type { Problem } from '../../../base/problem';
import { ProblemError } from '../../../base/problem';
import { CycleError, GraphEditor } from '../../ir/edit';
import type { Attribute, ConstantData, Graph, Origin, RoundingRule, TensorType, ValueId } from '../../ir/types';
import { opaque } from '../../ops/opaque';
import { ShapeError } from '../../ops/op';
import { tfliteImporters } from '../../ops/table';
import { NotUnderstood } from './mapping';
import { CUSTOM, operatorNames, PLACEHOLDER } from './operators';
import { layerProblems } from '../layer-problems';
import { tfliteProblems } from './problems';
import { readConstant, readType, TensorError, type FileContent } from './tensors';
import { ImportedOperator, type NodeSurroundings } from './tflite-node';
import type { ModelTable, OperatorTable, OptionsUnion, SubGraphTable, TensorTable } from './schema';
import { resourceOperators } from './resources';
import { Variables } from './variables';

/** TFLite operator to the mapping that imports it. */
const importers = tfliteImporters();

export interface ImportSource {
  readonly model: ModelTable;
  readonly file: FileContent;
  readonly rounding: RoundingRule;
  readonly report: (problem: Problem) => void;
}

/** Subgraph 0 as IR. Total: what is not understood becomes an opaque node and a problem. */
export function importMain(source: ImportSource): Graph {
  const subgraph = source.model.subgraphs?.[0];
  if (!subgraph) throw new ProblemError(tfliteProblems.badGraph('It has no subgraph'));
  const importer = new GraphImporter(source, subgraph);
  importer.run();
  const initial = initialContents(source, importer);
  importer.editor.states = importer.variables.states(
    (key) => initial.get(key),
    (name, why) => source.report(tfliteProblems.variable(name, why)),
  );
  return finish(importer.editor);
}

function finish(editor: GraphEditor): Graph {
  try {
    return editor.finish();
  } catch (error) {
    if (error instanceof CycleError) throw new ProblemError(tfliteProblems.badGraph(error.message));
    throw error;
  }
}

/** What the graphs that are called once, before the first run, write to variables. */
function initialContents(source: ImportSource, main: GraphImporter): ReadonlyMap<string, ConstantData> {
  const contents = new Map<string, ConstantData>();
  for (const index of main.initializers) {
    const subgraph = source.model.subgraphs?.[index];
    if (!subgraph || index === 0) throw new ProblemError(tfliteProblems.badGraph(`Subgraph ${index}, which is to be called once, does not exist`));
    const importer = new GraphImporter(source, subgraph);
    importer.run();
    for (const [key, id] of importer.variables.contents()) {
      const { constant, name } = importer.editor.value(id);
      if (constant) contents.set(key, constant);
      else source.report(tfliteProblems.variable(name, 'What it starts with is computed in a way that is not understood'));
    }
  }
  return contents;
}

export class GraphImporter {
  readonly editor: GraphEditor;
  readonly variables: Variables;
  /** Subgraphs to be run once before the first run. */
  readonly initializers: number[] = [];
  /** Key of the resource that each handle tensor refers to. */
  readonly handles = new Map<number, { readonly key: string; readonly name: string }>();
  private readonly tensors: readonly TensorTable[];
  private readonly types: readonly TensorType[];
  private readonly values = new Map<number, ValueId>();

  constructor(private readonly source: ImportSource, private readonly subgraph: SubGraphTable) {
    this.editor = new GraphEditor(subgraph.name ?? '');
    this.variables = new Variables(this.editor);
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
    (this.subgraph.operators ?? []).forEach((operator, index) => this.operator(operator, index));
    for (const index of this.subgraph.outputs ?? []) this.editor.outputs.push(this.value(index));
  }

  /** The value of a tensor that is read. */
  value(index: number): ValueId {
    const known = this.values.get(index);
    if (known !== undefined) return known;
    this.need(index);
    const tensor = this.tensors[index];
    if (tensor.isVariable) return this.variables.read(String(index), this.nameOf(index), this.types[index]);
    const data = this.checked(index, () => readConstant(tensor, this.types[index], this.source.file));
    if (!data && !this.isEmpty(index)) throw new ProblemError(tfliteProblems.badGraph(`Tensor ${this.nameOf(index)} is read before it is made`));
    const id = this.editor.addValue(this.nameOf(index), this.types[index], data ?? { byteLength: 0, bytes: () => new Uint8Array(0) });
    this.values.set(index, id);
    return id;
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
    const op = this.nameOfOperator(operator.opcodeIndex);
    const outputs = operator.outputs ?? [];
    for (const output of outputs) this.need(output);
    const name = outputs.length ? this.nameOf(outputs[0]) : `${op}_${index}`;
    const origin: Origin = { name, op, index };
    const resource = resourceOperators[op];
    if (resource) {
      try {
        return resource(this, operator);
      } catch (error) {
        if (!(error instanceof NotUnderstood)) throw error;
        this.source.report(layerProblems.notUnderstood(name, op, error.message));
        return this.addOpaque(operator, op, error.message, origin, this.readableInputs(operator));
      }
    }
    const inputs = this.readableInputs(operator);
    const declared = outputs.map((output) => ({ name: this.nameOf(output), type: this.types[output] }));
    const before = this.editor.mark();
    const options = (operator.builtinOptions ?? operator.builtinOptions2)?.table;
    const node = new ImportedOperator(op, inputs, declared, options, origin, this.surroundings(operator));
    try {
      const run = importers.get(op);
      if (!run) throw new NotUnderstood(`${op} is not known`);
      if (!outputs.length) throw new NotUnderstood('no output');
      if (inputs.some((id) => id !== undefined && this.editor.value(id).type.dtype === 'string')) throw new NotUnderstood('an input that holds no numbers');
      run(node);
      outputs.forEach((output, i) => {
        const id = node.results.get(i);
        if (id === undefined) throw new NotUnderstood(`output ${i}`);
        this.define(output, id);
      });
    } catch (error) {
      if (!(error instanceof NotUnderstood) && !(error instanceof ShapeError)) throw error;
      this.editor.removeNodesSince(before);
      const make = error instanceof ShapeError ? layerProblems.doesNotFit : layerProblems.notUnderstood;
      this.source.report(make(name, op, error.message));
      this.addOpaque(operator, op, error.message, origin, inputs);
    }
  }

  private surroundings(operator: OperatorTable): NodeSurroundings {
    const variable = (input: number): number => {
      const index = operator.inputs?.[input] ?? -1;
      if (index < 0 || !this.tensors[index].isVariable) throw new NotUnderstood(`input ${input}, which should be a variable, is none`);
      return index;
    };
    return {
      editor: this.editor,
      rounding: this.source.rounding,
      state: (input) => this.value(variable(input)),
      setState: (input, value) => {
        const index = variable(input);
        this.variables.write(String(index), this.nameOf(index), value);
      },
    };
  }

  /** Values of an operator's inputs; handles to variables have none. */
  private readableInputs(operator: OperatorTable): (ValueId | undefined)[] {
    return (operator.inputs ?? []).map((index) => (index === -1 || this.handles.has(index) ? undefined : this.value(index)));
  }

  addOpaque(operator: OperatorTable, op: string, reason: string, origin: Origin, inputs: readonly (ValueId | undefined)[]): void {
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
    this.editor.addNode({ op: opaque.name, name: origin.name, inputs, outputs, attributes, origin: [origin] });
  }

  private nameOfOperator(index: number): string {
    const code = this.source.model.operatorCodes?.[index];
    if (!code) throw new ProblemError(tfliteProblems.badGraph(`Operator code ${index} does not exist`));
    // Older writers know only the 8-bit field. Source: tensorflow/compiler/mlir/lite/schema/schema_utils, GetBuiltinCode.
    const builtin = code.deprecatedBuiltinCode === PLACEHOLDER ? code.builtinCode : Math.max(code.deprecatedBuiltinCode, code.builtinCode);
    if (builtin === CUSTOM) return `custom:${code.customCode ?? ''}`;
    return operatorNames[builtin] ?? `operator ${builtin}`;
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
