import assert from 'node:assert/strict';
import { fnv1a32, toHex32 } from '../../src/base/bytes';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { printModel } from '../../src/engine/ir/print';
import { Interpreter } from '../../src/engine/verify/interpret';
import { tfliteFile } from '../support/tflite-model';
import recorded from './litert-outputs.json';
import { caseInputs, liteRtCases } from './support/litert-cases';
import { hashOf } from './support/reference';

const outputs: Readonly<Record<string, readonly string[]>> = recorded.outputs;

describe(`quantized operators compute what ${recorded.runtime} computes, bit for bit`, () => {
  for (const { name, graph } of liteRtCases()) {
    it(name, () => {
      const file = tfliteFile([graph]);
      const { model, problems } = readTflite(file, name);
      assert.deepEqual(problems, []);
      assert.equal(toHex32(fnv1a32(file)), outputs[name]?.[0], 'the file is the one that was recorded');
      const interpreter = new Interpreter(model);
      assert.deepEqual(caseInputs(model).map((inputs) => hashOf(interpreter.run(inputs)[0])), outputs[name].slice(1));
      const again = readTflite(writeTflite(model), name);
      assert.equal(printModel(again.model), printModel(model), 'written and read again');
    });
  }
});
