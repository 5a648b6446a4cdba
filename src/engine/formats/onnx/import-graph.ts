import type { Problem } from '../../../base/problem';
import { ProblemError } from '../../../base/problem';
import { elementCount, isNumeric, isStatic } from '../../ir/dtype';
import { constantOf, tensorOf, type Tensor } from '../../ir/tensor';
import { CycleError, GraphEditor } from '../../ir/edit';
import type { Graph } from '../../ir/types';
import { bindShape, type Bindings } from './bind-shapes';
import { declaredType } from './declared-type';
import { NodeImporter, type ImportContext, type Opsets } from './import-node';
import { namedOutput } from './named-output';
import { onnxProblems } from './problems';
import type { GraphProto, ValueInfoProto } from './schema';
import { Scope } from './scope';

export interface GraphOptions extends ImportContext {
  readonly bindings: Bindings;
  /** Inputs that are to be constants, by name. */
  readonly values: ReadonlyMap<string, Tensor>;
}

/** A graph of the file as IR. Total: what is not understood becomes an opaque node and a problem. */
export function importGraph(proto: GraphProto, opsets: Opsets, options: GraphOptions): { graph: Graph; problems: Problem[] } {
  const editor = new GraphEditor(proto.name ?? '');
  const scope = new Scope();
  const importer = new NodeImporter(editor, options);
  const { problems } = importer;
  importer.addInitializers(proto, scope);
  for (const input of proto.input) {
    const name = input.name ?? '';
    if (scope.hasOwn(name)) continue; // before IR version 4 initializers were inputs as well
    const given = options.values.get(name);
    if (given) {
      scope.set(name, editor.addValue(name, given.type, constantOf(given)));
      continue;
    }
    const bound = boundValue(input, options.bindings);
    if (bound) {
      scope.set(name, editor.addValue(name, bound.type, constantOf(bound)));
      continue;
    }
    const { type, axisNames } = bindShape(input, declaredType(input), options.bindings, problems);
    if (type.dtype === 'other') problems.push(onnxProblems.unsupportedInput(name));
    const id = editor.addValue(name, type);
    if (axisNames) editor.values.set(id, { ...editor.value(id), axisNames });
    scope.set(name, id);
    editor.inputs.push(id);
  }
  const declared = new Map([...proto.valueInfo, ...proto.output].map((info) => [info.name ?? '', info]));
  importer.addNodes(proto.node, scope, opsets, declared);
  for (const output of proto.output) {
    const name = output.name ?? '';
    const id = scope.get(name);
    if (id === undefined) throw new ProblemError(onnxProblems.badGraph(`Output ${name} is made by no node`));
    editor.outputs.push(namedOutput(editor, id, name));
  }
  try {
    return { graph: editor.finish(), problems };
  } catch (error) {
    if (error instanceof CycleError) throw new ProblemError(onnxProblems.badGraph(error.message));
    throw error;
  }
}

/** A scalar input whose value is given along with the extents: a sample rate, a mode. */
function boundValue(input: ValueInfoProto, bindings: Bindings): Tensor | undefined {
  const value = bindings[input.name ?? ''];
  const type = declaredType(input);
  if (value === undefined || !isNumeric(type.dtype) || !isStatic(type) || elementCount(type.shape) !== 1) return undefined;
  return tensorOf(type, [value]);
}
