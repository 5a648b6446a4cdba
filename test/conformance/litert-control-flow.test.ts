import assert from 'node:assert/strict';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { StaticType } from '../../src/engine/ir/types';
import { Interpreter } from '../../src/engine/verify/interpret';
import { modelFile } from '../support/onnx-builder';
import { branchParts, countedParts } from '../support/onnx-control-flow';
import { withLiteRt } from '../support/litert';
import { branchModel, countedLoopModel, dataLoopModel } from '../support/tflite-control-flow';
import { tfliteFile } from '../support/tflite-model';

describe('TFLite graphs that run other graphs, against LiteRT in a browser', function () {
  this.timeout(120_000);
  const litert = withLiteRt();

  for (const [name, parts] of Object.entries({ 'If on data': branchParts, 'a Loop of 300 rounds': countedParts(300, false) })) {
    it(`${name} of an ONNX file, written as TFLite, gives LiteRT's numbers`, async () => {
      const { model } = readOnnx(modelFile(parts), name);
      const written = writeTflite(model);
      const { model: again, problems } = readTflite(written, name);
      assert.deepEqual(problems, []);
      for (const values of [[1, 2], [-3, 0.5]]) {
        const theirs = await litert.run(written, [values]);
        for (const form of [model, again]) {
          const [{ data }] = new Interpreter(form).run([tensorOf({ dtype: 'float32', shape: [1, 2] }, values)]);
          data.forEach((value, i) => assert.ok(Math.abs(value - theirs[0][i]) <= 1e-6 * Math.max(1, Math.abs(value)), `${String(data)}, LiteRT ${String(theirs[0])}`));
        }
      }
    });
  }

  const cases = [
    { name: 'IF on data', graphs: branchModel(), inputs: [[1, 2, 3], [-1, -2, 0.5]] },
    { name: 'WHILE of known rounds', graphs: countedLoopModel(5), inputs: [[1, -0.25]] },
    { name: 'WHILE of too many rounds to unroll', graphs: countedLoopModel(300), inputs: [[1e-40, -1e-44]] },
    { name: 'WHILE on data', graphs: dataLoopModel(), inputs: [[1, 3], [70, 70], [0.1, 0.7]] },
  ];
  for (const { name, graphs, inputs } of cases) {
    it(`${name}: the file, and what is written of it, give LiteRT's numbers`, async () => {
      const file = tfliteFile(graphs);
      const { model, problems } = readTflite(file, name);
      assert.deepEqual(problems, []);
      const written = writeTflite(model);
      for (const values of inputs) {
        const ours = new Interpreter(model).run([tensorOf(model.graph.values.get(model.graph.inputs[0])!.type as StaticType, values)]).map((tensor) => Array.from(tensor.data));
        assert.deepEqual(ours, await litert.run(file, [values]));
        assert.deepEqual(ours, await litert.run(written, [values]), 'written');
      }
    });
  }
});
