import assert from 'node:assert/strict';
import { neverCancelled } from '../../src/base/cancel';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { innerGraphs } from '../../src/engine/cost/inner-graphs';
import { printModel } from '../../src/engine/ir/print';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { canonicalize } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { controlFlowCases } from '../support/onnx-control-flow';
import { ortOutputs, relativeError } from '../support/onnx-models';
import { branchModel, countedLoopModel, dataLoopModel } from '../support/tflite-control-flow';
import { tfliteFile } from '../support/tflite-model';

const read = (file: Uint8Array): Model => {
  const { model, problems } = readOnnx(file, 'm.onnx');
  assert.deepEqual(problems.filter((problem) => problem.severity !== 'info'), []);
  for (const graph of [model.graph, ...model.graph.nodes.flatMap(innerGraphs)]) assert.deepEqual(verifyGraph(graph), []);
  return canonicalize(model);
};

const text = (model: Model): string => printModel({ ...model, opsets: new Map() });

describe('ONNX graphs that run other graphs, against onnxruntime', function () {
  this.timeout(60_000);
  const runner = new OrtRunner(neverCancelled);
  after(() => runner.close());

  async function compare(model: Model, files: Readonly<Record<string, Uint8Array>>, runs: readonly (readonly (readonly number[])[])[]): Promise<void> {
    for (const [form, file] of Object.entries(files)) {
      const loaded = await runner.load(file);
      for (const values of runs) {
        const inputs = model.graph.inputs.map((id, i) => tensorOf(model.graph.values.get(id)!.type as StaticType, values[i]));
        const ours = new Interpreter(model).run(inputs);
        const theirs = await ortOutputs(loaded, model, inputs);
        assert.equal(ours.length, theirs.length);
        ours.forEach((tensor, i) => assert.ok(relativeError(tensor.data, theirs[i]) <= 1e-6, `${form}, ${JSON.stringify(values).slice(0, 80)}, output ${i}: ${String(tensor.data)}, onnxruntime ${String(theirs[i])}`));
      }
    }
  }

  for (const { name, file, ops, runs } of controlFlowCases) {
    it(`${name}: read, written and read again`, async () => {
      const model = read(file);
      const made = model.graph.nodes.map((node) => node.op);
      for (const op of ops) assert.ok(made.includes(op), `${op} in ${made.join()}`);
      const written = writeOnnx(model).bytes;
      assert.equal(text(read(written)), text(model));
      await compare(model, { file, written }, runs);
      await compare(read(written), { file }, runs);
    });
  }

  const tflite = { 'IF on data': [branchModel(), [[[1, 2, 3]], [[-1, -2, 0.5]]]], 'WHILE on data': [dataLoopModel(), [[[1, 3]], [[70, 70]]]], 'a long WHILE': [countedLoopModel(257), [[[1e-44, -3e-45]]]] } as const;
  for (const [name, [graphs, runs]] of Object.entries(tflite)) {
    it(`${name} of a TFLite file, written as ONNX`, async () => {
      const { model } = readTflite(tfliteFile(graphs), name);
      const written = writeOnnx(canonicalize(model)).bytes;
      await compare(model, { written }, runs);
      await compare(read(written), { written }, runs);
    });
  }
});
