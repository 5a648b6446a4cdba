import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ProblemError } from '../../../src/base/problem';
import { planProgram } from '../../../src/engine/codegen/program';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import type { FlatTable } from '../../../src/engine/formats/tflite/flatbuffer';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { writeTflite } from '../../../src/engine/formats/tflite/write';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { mutated } from '../../support/mutate';
import { isaOfFile } from '../../support/onnx-fuzz';
import { recurrentCases } from '../../conformance/support/recurrent-cases';
import { operatorCases } from '../../support/tflite-cases';
import { branchModel, countedLoopModel, dataLoopModel } from '../../support/tflite-control-flow';
import { floats, ints, tfliteFile, type TestGraph, type TestTensor } from '../../support/tflite-model';

/** Damaged copies per model; the full run of 20,000 and more sets TINYML_HOSTILE_FILES. */
const copies = Number(process.env.TINYML_HOSTILE_FILES ?? 1500);

/** How a file ends: 'read', or the code of the problem. Anything else that is thrown fails the test. Its C is planned for the n-th instruction set. */
function outcome(bytes: Uint8Array, n = 0): string {
  try {
    const { model } = readTflite(bytes, 'hostile.tflite');
    if (verifyGraph(model.graph).length) return 'TINYML-MODEL-MALFORMED'; // said by whoever opens a model
    planProgram(lower(canonicalize(model)), isaOfFile(n));
    return 'read';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

const x: TestTensor = { name: 'x', shape: [1, 4, 4, 1] };
const streaming: TestGraph[] = [
  {
    tensors: [
      x, { name: 'w', type: 'float32', shape: [2, 3, 3, 1], data: new Float32Array(18) }, { name: 'c', shape: [1, 4, 4, 2] }, { name: 'handle', type: 'resource', shape: [] },
      { name: 'old', shape: [1, 4, 4, 2] }, { name: 'joined', shape: [1, 8, 4, 2] }, { name: 'begin', type: 'int32', shape: [4], data: ints(0, 4, 0, 0) },
      { name: 'end', type: 'int32', shape: [4], data: ints(1, 8, 4, 2) }, { name: 'steps', type: 'int32', shape: [4], data: ints(1, 1, 1, 1) }, { name: 'new', shape: [1, 4, 4, 2] },
      { name: 'axes', type: 'int32', shape: [2], data: ints(1, 2) }, { name: 'y', shape: [1, 2] },
    ],
    operators: [
      { op: 'CALL_ONCE', inputs: [], outputs: [], options: { initSubgraphIndex: 1 } }, { op: 'VAR_HANDLE', inputs: [], outputs: ['handle'], options: { sharedName: 's' } },
      { op: 'READ_VARIABLE', inputs: ['handle'], outputs: ['old'] },
      { op: 'CONV_2D', inputs: ['x', 'w'], outputs: ['c'], options: { strideH: 1, strideW: 1 } },
      { op: 'CONCATENATION', inputs: ['old', 'c'], outputs: ['joined'], options: { axis: 1 } },
      { op: 'STRIDED_SLICE', inputs: ['joined', 'begin', 'end', 'steps'], outputs: ['new'] },
      { op: 'ASSIGN_VARIABLE', inputs: ['handle', 'new'], outputs: [] }, { op: 'MEAN', inputs: ['joined', 'axes'], outputs: ['y'] },
    ],
    inputs: ['x'], outputs: ['y'],
  },
  {
    tensors: [{ name: 'handle', type: 'resource', shape: [] }, { name: 'zero', shape: [1, 4, 4, 2], data: new Float32Array(32) }],
    operators: [{ op: 'VAR_HANDLE', inputs: [], outputs: ['handle'], options: { sharedName: 's' } }, { op: 'ASSIGN_VARIABLE', inputs: ['handle', 'zero'], outputs: [] }],
    inputs: [], outputs: [],
  },
];

const changeMain = (change: (main: Record<string, unknown>) => void) => (model: FlatTable): FlatTable => {
  const [main, ...rest] = model.subgraphs as FlatTable[];
  const copy: Record<string, unknown> = structuredClone(main);
  change(copy);
  return { ...model, subgraphs: [copy as FlatTable, ...rest] };
};
type Tables = Record<string, unknown>[];

describe('hostile TFLite files', function () {
  this.timeout(600_000);

  const digits = (): Uint8Array => writeTflite(canonicalize(readOnnx(new Uint8Array(fs.readFileSync('samples/digits/digits.onnx')), 'digits.onnx').model));
  const whole = tfliteFile(streaming);

  it('the undamaged ones are read', () => {
    assert.equal(outcome(whole), 'read');
    assert.equal(outcome(digits()), 'read');
  });

  for (const [name, make] of [['a streaming model', () => whole], ['a convolutional model', digits]] as const) {
    it(`${copies} damaged copies of ${name} are read or refused`, () => {
      const bytes = make();
      const outcomes = new Map<string, number>();
      for (let seed = 0; seed < copies; seed++) {
        const code = outcome(mutated(bytes, seed), seed);
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      }
      assert.ok(outcomes.get('read')! > copies / 20 && outcomes.size >= 3, `damage of many kinds: ${[...outcomes].join('; ')}`);
    });
  }

  it(`${copies} damaged copies of models with loops, branches and rarer operators are read or refused`, () => {
    const files = [branchModel(), countedLoopModel(40), dataLoopModel(), ...[...operatorCases(), ...recurrentCases()].map(({ graph }) => [graph])].map((graphs) => tfliteFile(graphs));
    const codes = new Set<string>();
    for (let seed = 0; seed < copies; seed++) codes.add(outcome(mutated(files[seed % files.length], seed), Math.floor(seed / files.length)));
    assert.ok(codes.has('read') && codes.size >= 3);
  });

  it('cut off after any byte', () => {
    for (let length = 0; length < whole.length; length++) assert.notEqual(outcome(whole.slice(0, length)), 'read', `${length} bytes`);
  });

  const cases: readonly (readonly [string, (main: Record<string, unknown>) => void, string])[] = [
    ['a tensor of 10^27 elements', (main) => ((main.tensors as Tables)[0].shape = [1e9, 1e9, 1e9]), 'TINYML-TFLITE-TENSOR'],
    ['negative extents of weights', (main) => ((main.tensors as Tables)[1].shape = [-2, 3, 3, -1]), 'TINYML-TFLITE-TENSOR'],
    ['weights larger than their buffer', (main) => ((main.tensors as Tables)[1].shape = [2_000_000_000, 1, 1, 1]), 'TINYML-TFLITE-TENSOR'],
    ['a buffer that is not there', (main) => ((main.tensors as Tables)[1].buffer = 4_000_000_000), 'TINYML-TFLITE-TENSOR'],
    ['a type that is not there', (main) => ((main.tensors as Tables)[1].type = 99), 'TINYML-TFLITE-TENSOR'],
    ['a scale that is no number', (main) => ((main.tensors as Tables)[1].quantization = { scale: [NaN], zeroPoint: [0], quantizedDimension: 0 }), 'TINYML-TFLITE-TENSOR'],
    ['an axis of quantization outside', (main) => ((main.tensors as Tables)[1].quantization = { scale: [1, 2], zeroPoint: [0, 0], quantizedDimension: -7 }), 'TINYML-TFLITE-TENSOR'],
    ['an input that is not there', (main) => ((main.operators as Tables)[3].inputs = [0, 77]), 'TINYML-TFLITE-GRAPH'],
    ['an output that is made twice', (main) => ((main.operators as Tables)[4].outputs = [2]), 'TINYML-TFLITE-GRAPH'],
    ['an operator that reads its own output', (main) => ((main.operators as Tables)[3].inputs = [2, 1]), 'TINYML-TFLITE-GRAPH'],
    ['an operator code that is not there', (main) => ((main.operators as Tables)[3].opcodeIndex = 1000), 'TINYML-TFLITE-GRAPH'],
    ['an initializer that calls the graph itself', (main) => ((main.operators as Tables)[0].builtinOptions = { member: 103, table: { initSubgraphIndex: 0 } }), 'TINYML-TFLITE-GRAPH'],
    ['a graph output that is not there', (main) => (main.outputs = [-1]), 'TINYML-TFLITE-GRAPH'],
    ['options of another operator', (main) => ((main.operators as Tables)[3].builtinOptions = { member: 9, table: { beta: 1 } }), 'read'],
    ['names that end comments and turn text around', (main) => ((main.tensors as Tables)[2].name = '*/ \u202e <script>\n\0'), 'read'],
    ['a slice of a billion axes', (main) => ((main.tensors as Tables)[6].shape = [1_000_000_000]), 'TINYML-TFLITE-TENSOR'],
  ];
  for (const [name, change, wanted] of cases) it(name, () => assert.equal(outcome(tfliteFile(streaming, changeMain(change))), wanted));

  it('a sparse tensor that would fill the memory is refused', () => {
    const level = { format: 0, denseSize: 2 ** 30 };
    const tensor: TestTensor = { name: 'w', shape: [2 ** 15, 2 ** 15], data: floats(1), extra: { sparsity: { traversalOrder: [0, 1], dimMetadata: [level, level] } } as unknown as FlatTable };
    const file = tfliteFile([{ tensors: [tensor, { name: 'x', shape: [1] }, { name: 'y', shape: [1] }], operators: [{ op: 'ADD', inputs: ['x', 'w'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] }]);
    assert.equal(outcome(file), 'TINYML-TFLITE-TENSOR');
  });

  it('a million references to one table are refused before they fill the memory', () => {
    const references = 1_000_000;
    const bytes = new Uint8Array(64 + 4 * references);
    const view = new DataView(bytes.buffer);
    bytes.set([...'TFL3'].map((char) => char.charCodeAt(0)), 4);
    view.setUint32(0, 24, true); // the root table at 24, its vtable at 12: field 2 (subgraphs) at +4
    [10, 8, 0, 0, 4].forEach((entry, i) => view.setUint16(12 + 2 * i, entry, true));
    view.setInt32(24, 12, true);
    view.setUint32(28, 4, true); // the list of subgraphs at 32
    view.setUint32(32, references, true);
    for (let i = 0; i < references; i++) view.setUint32(36 + 4 * i, 4 * (references - i), true);
    const target = 36 + 4 * references;
    view.setUint16(target - 4 + 8, 4, true); // an empty vtable behind the table
    view.setUint16(target - 4 + 10, 4, true);
    view.setInt32(target, -4, true);
    const before = process.memoryUsage().heapUsed;
    assert.throws(() => readTflite(bytes, 'hostile.tflite'), (error) => error instanceof ProblemError && /would not fit into memory/.test(error.problem.detail ?? ''));
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 4 * bytes.length + 64 * 2 ** 20, `${grown} bytes for a file of ${bytes.length}`);
  });
});
