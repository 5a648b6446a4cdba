import assert from 'node:assert/strict';
import { reportOf } from '../../../src/app/inspect-model';
import { understand } from '../../../src/app/model-file';
import { planProgram } from '../../../src/engine/codegen/program';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { writeTflite } from '../../../src/engine/formats/tflite/write';
import { printModel } from '../../../src/engine/ir/print';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { branchModel, countedLoopModel, dataLoopModel } from '../../support/tflite-control-flow';
import { tfliteFile, type TestGraph } from '../../support/tflite-model';

function read(graphs: readonly TestGraph[]): Model {
  const { model, problems } = readTflite(tfliteFile(graphs), 'test.tflite');
  assert.deepEqual(problems, []);
  assert.deepEqual(verifyGraph(model.graph), []);
  return model;
}

const run = (model: Model, ...inputs: number[][]): number[][] =>
  new Interpreter(model).run(inputs.map((values, i) => tensorOf(model.graph.values.get(model.graph.inputs[i])!.type as { dtype: 'float32'; shape: readonly number[] }, values))).map((t) => Array.from(t.data));

const ops = (model: Model): string[] => model.graph.nodes.map((node) => node.op);

describe('TFLite graphs that run other graphs', () => {
  it('IF on data: one branch or the other, written back the same', () => {
    const model = read(branchModel());
    assert.deepEqual(ops(model), ['reduce', 'greater', 'if']);
    for (const form of [model, readTflite(writeTflite(model), 'test.tflite').model]) {
      assert.deepEqual(run(form, [1, 2, 3]), [[2, 4, 6]]);
      assert.deepEqual(run(form, [-1, -2, 0]), [[0, -1, 1]]);
      assert.equal(printModel(form), printModel(model));
    }
  });

  it('IF with a known condition: the branch stands in the graph itself', () => {
    const [main, ...branches] = branchModel();
    const operators = main.operators.slice(-1);
    const tensors = main.tensors.map((tensor) => (tensor.name === 'condition' ? { ...tensor, data: Uint8Array.of(0) } : tensor));
    const model = read([{ ...main, tensors, operators }, ...branches]);
    assert.deepEqual(ops(model), ['add']);
    assert.equal(model.graph.nodes[0].origin[0].op, 'IF');
    assert.deepEqual(run(model, [1, 2, 3]), [[2, 3, 4]]);
  });

  it('WHILE with known rounds is unrolled: its layers are counted each', () => {
    const model = read(countedLoopModel(3));
    assert.deepEqual(ops(model), ['mul', 'mul', 'mul']);
    assert.deepEqual(run(model, [1, -1]), [[8, -8]]);
  });

  it('WHILE on data, or of too many rounds, stays a loop, is evaluated, counted for one round and written back the same', () => {
    for (const [graphs, input, want] of [[dataLoopModel(), [1, 3], [32, 96]], [countedLoopModel(300), [0, 0], [0, 0]]] as const) {
      const model = read(graphs);
      assert.deepEqual(ops(model), ['loop']);
      const again = readTflite(writeTflite(model), 'test.tflite').model;
      assert.equal(printModel(again), printModel(model));
      for (const form of [model, again]) assert.deepEqual(run(form, [...input])[0], want);
    }
  });

  it('a loop on data makes totals lower bounds, and the report says that one round is counted', () => {
    const open = understand(tfliteFile(dataLoopModel()), 'test.tflite');
    const report = reportOf(open, planProgram(open.lowered, 'c99'), []);
    assert.equal(report.totals.lowerBound, true);
    assert.equal(report.totals.macs, 4, 'the 2×2 product of the body');
    assert.equal(report.totals.weightBytes >= 16, true, 'weights of the body');
    assert.ok(report.problems.some((problem) => problem.code === 'TINYML-LOOP-ROUNDS'));
  });

  it('a graph that calls itself, or one that is not there, is given up, not followed', () => {
    const y = { name: 'y', shape: [2] };
    const x = { name: 'x', shape: [2] };
    const graph = (subgraph: number): TestGraph => ({ tensors: [x, y], inputs: ['x'], outputs: ['y'], operators: [{ op: 'CALL', inputs: ['x'], outputs: ['y'], options: { subgraph } }] });
    for (const graphs of [[graph(1), graph(1)], [graph(0)], [graph(7)]]) {
      const { model, problems } = readTflite(tfliteFile(graphs), 'test.tflite');
      assert.deepEqual(problems.map((problem) => problem.code), ['TINYML-OP-UNKNOWN']);
      assert.deepEqual(ops(model), ['opaque']);
    }
  });

  it('graphs that call each other twice each, forty deep, are read in bounded time', () => {
    const x = { name: 'x', shape: [2] };
    const graphs = Array.from({ length: 38 }, (_, i): TestGraph => ({
      tensors: [x, { name: 'm', shape: [2] }, { name: 'y', shape: [2] }], inputs: ['x'], outputs: ['y'],
      operators: ['m', 'y'].map((name, k) => ({ op: 'CALL', inputs: [k ? 'm' : 'x'], outputs: [name], options: { subgraph: i + 1 } })),
    }));
    graphs.push({ tensors: [x, { name: 'y', shape: [2] }], inputs: ['x'], outputs: ['y'], operators: [{ op: 'ABS', inputs: ['x'], outputs: ['y'] }] });
    const { problems } = readTflite(tfliteFile(graphs), 'test.tflite');
    assert.ok(problems.some((problem) => problem.detail?.includes('calls and loops of more than')));
  });

  it('CALL with a variable: what the called graph assigns is state of the model', () => {
    const variable: TestGraph['operators'][number] = { op: 'VAR_HANDLE', inputs: [], outputs: ['handle'], options: { sharedName: 'sum' } };
    const handle = { name: 'handle', type: 'resource', shape: [] } as const;
    const [x, y, s] = ['x', 'y', 's'].map((name) => ({ name, shape: [1] }));
    const graphs: TestGraph[] = [
      { tensors: [x, y, handle], inputs: ['x'], outputs: ['y'], operators: [variable, { op: 'CALL', inputs: ['x', 'handle'], outputs: ['y'], options: { subgraph: 1 } }] },
      {
        tensors: [x, y, s, handle], inputs: ['x', 'handle'], outputs: ['y'],
        operators: [
          { op: 'READ_VARIABLE', inputs: ['handle'], outputs: ['s'] }, { op: 'ADD', inputs: ['x', 's'], outputs: ['y'] }, { op: 'ASSIGN_VARIABLE', inputs: ['handle', 'y'], outputs: [] },
        ],
      },
    ];
    const model = read(graphs);
    const interpreter = new Interpreter(model);
    const step = (value: number): number => interpreter.run([tensorOf({ dtype: 'float32', shape: [1] }, [value])])[0].data[0];
    assert.deepEqual([step(1), step(2), step(3)], [1, 3, 6]);
  });
});
