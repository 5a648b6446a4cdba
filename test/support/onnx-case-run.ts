/** Runs one official case in the reference interpreter and says how it went. */
import { ProblemError } from '../../src/base/problem';
import { isFloatType } from '../../src/engine/ir/dtype';
import type { Tensor } from '../../src/engine/ir/tensor';
import type { DType, Model } from '../../src/engine/ir/types';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { NotEvaluable } from '../../src/engine/ops/opaque';
import { onnxImporters } from '../../src/engine/ops/table';
import type { GraphProto, ModelProto, NodeProto } from '../../src/engine/formats/onnx/schema';
import { Interpreter } from '../../src/engine/verify/interpret';
import { caseTensor, type NodeCase } from './onnx-cases';

export type CaseResult = { readonly status: 'pass' } | { readonly status: 'not run' | 'fail'; readonly reason: string };

const pass: CaseResult = { status: 'pass' };
const notRun = (reason: string): CaseResult => ({ status: 'not run', reason });
const fail = (reason: string): CaseResult => ({ status: 'fail', reason });

export function runCase(test: NodeCase): CaseResult {
  const unfit = whyUnfit(test);
  if (unfit) return notRun(unfit);
  for (const [index, set] of test.sets.entries()) {
    const inputs = set.inputs.map(caseTensor);
    const expected = set.outputs.map(caseTensor);
    let actual: readonly (Tensor | undefined)[];
    try {
      const { model } = readOnnx(test.model, `${test.name}.onnx`);
      actual = new Interpreter(model).run(feeds(model, test.proto.graph!, inputs as Tensor[]));
    } catch (error) {
      if (error instanceof NotEvaluable) return notRun(error.message);
      if (error instanceof ProblemError) return fail(`problem: ${error.problem.title} ${error.problem.detail ?? ''}`);
      return fail(error instanceof Error ? (process.env.TINYML_STACKS ? error.stack! : error.message) : String(error));
    }
    for (const [i, tensor] of expected.entries()) {
      const wrong = difference(actual[i], tensor!);
      if (wrong) return fail(`set ${index}, output ${i}: ${wrong}`);
    }
  }
  return pass;
}

/** Inputs in the graph's order: initializers are no inputs. */
function feeds(model: Model, graph: GraphProto, inputs: readonly Tensor[]): Tensor[] {
  const byName = new Map(graph.input.map((input, i) => [input.name, inputs[i]]));
  return model.graph.inputs.map((id) => byName.get(model.graph.values.get(id)!.name)!);
}

/** Cases whose expected results neither follow the standard's text nor are what onnxruntime computes. */
const contrary: readonly (readonly [RegExp, string])[] = [
  [/^test_qlinearmatmul_\dD_int8_/, 'expects codes that wrap around where the text says that they saturate'],
  [/^test_resize_downsample_scales_(cubic|linear)_align_corners$/, 'expects a fractional length of the result; lengths are whole numbers in the text and in onnxruntime'],
];

/** Why a case is none for us: element types without arithmetic, other kinds of values, random results, ops that we do not claim. */
function whyUnfit(test: NodeCase): string | undefined {
  const graph = test.proto.graph!;
  const ports = [...graph.input, ...graph.output];
  if (ports.some((port) => port.type && !port.type.tensor)) return 'sequences, optionals and maps are not computed';
  const types = new Set(ports.map((port) => port.type?.tensor?.elementType ?? 0));
  if (types.has(8)) return 'strings are not computed';
  if ([...types].some((type) => type >= 17 && type <= 20)) return '8-bit floats are not computed';
  if (types.has(23) || types.has(24)) return '4 and 8-bit floats are not computed';
  if (types.has(14) || types.has(15)) return 'complex numbers are not computed';
  const against = contrary.find(([name]) => name.test(test.name));
  if (against) return against[1];
  const unknown = unknownOps(test.proto);
  if (unknown.length) return `no such op: ${unknown.join(', ')}`;
  return undefined;
}

function unknownOps(model: ModelProto): string[] {
  const known = onnxImporters();
  const own = new Set(model.functions.map((f) => f.name));
  const missing = new Set<string>();
  const visit = (nodes: readonly NodeProto[]): void => {
    for (const node of nodes) {
      const name = node.domain && node.domain !== 'ai.onnx' ? `${node.domain}:${node.opType}` : node.opType!;
      if (!known.has(name) && !own.has(node.opType)) missing.add(name);
      for (const attribute of node.attribute) for (const graph of attribute.g ? [attribute.g] : attribute.graphs) visit(graph.node);
    }
  };
  visit(model.graph!.node);
  for (const body of model.functions) visit(body.node);
  return [...missing].sort();
}

/** Tolerances of the onnx project's own runner (rtol 1e-3, atol 1e-7), wider for types with fewer bits. */
const tolerances: Partial<Record<DType, readonly [relative: number, absolute: number]>> = { float16: [2e-3, 1e-3], bfloat16: [1e-2, 1e-2] };

function difference(actual: Tensor | undefined, expected: Tensor): string | undefined {
  if (!actual) return 'missing';
  if (actual.type.dtype !== expected.type.dtype) return `is ${actual.type.dtype}, not ${expected.type.dtype}`;
  if (actual.type.shape.join() !== expected.type.shape.join()) return `has shape ${actual.type.shape.join('x')}, not ${expected.type.shape.join('x')}`;
  const [relative, absolute] = isFloatType(expected.type.dtype) ? (tolerances[expected.type.dtype] ?? [1e-3, 1e-7]) : [0, 0];
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i], expected.data[i]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= absolute + relative * Math.abs(b))) return `element ${i} is ${a}, not ${b}`;
  }
  return undefined;
}
