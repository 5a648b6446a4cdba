import assert from 'node:assert/strict';
import { fnv1a32, toHex32 } from '../../src/base/bytes';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { CannotWrite } from '../../src/engine/formats/tflite/mapping';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { Interpreter } from '../../src/engine/verify/interpret';
import { tfliteFile } from '../support/tflite-model';
import recorded from './litert-recurrent.json';
import { recurrentCases, recurrentInputs } from './support/recurrent-cases';

const outputs: Readonly<Record<string, { readonly file: string; readonly runs: readonly (readonly number[])[] }>> = recorded.outputs;

function check(model: Model, runs: readonly (readonly number[])[]): void {
  assert.deepEqual(verifyGraph(model.graph), []);
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  const interpreter = new Interpreter(model);
  recurrentInputs(type.shape).forEach((input, r) => {
    const [{ data }] = interpreter.run([tensorOf(type, input)]);
    assert.equal(data.length, runs[r].length);
    runs[r].forEach((value, i) => assert.ok(Math.abs(data[i] - value) <= 2e-6, `run ${r}, ${i}: ${data[i]}, LiteRT ${value}`));
  });
}

describe(`recurrent operators on real numbers give the numbers of ${recorded.runtime}, from run to run`, () => {
  for (const { name, graph } of recurrentCases()) {
    it(name, () => {
      const file = tfliteFile([graph]);
      assert.equal(toHex32(fnv1a32(file)), outputs[name]?.file, 'the file is the one that was recorded');
      const { model, problems } = readTflite(file, name);
      assert.deepEqual(problems, []);
      check(model, outputs[name].runs);
      // Plain recurrent layers and those that read backwards are read only.
      if (/RNN|BIDIRECTIONAL/.test(graph.operators[0].op)) assert.throws(() => writeTflite(model), CannotWrite);
      else check(readTflite(writeTflite(model), name).model, outputs[name].runs);
    });
  }
});
