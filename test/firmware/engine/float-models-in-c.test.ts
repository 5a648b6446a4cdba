import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { OrtRunner } from '../../../src/app/runners/ort-client';
import { concatBytes } from '../../../src/base/bytes';
import { neverCancelled } from '../../../src/base/cancel';
import { emitModel } from '../../../src/engine/codegen/emit';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { typeBytes } from '../../../src/engine/ir/dtype';
import { decodeBytes, encodeBytes, type Tensor } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { hostCompiler, HostProgram, needHostCompiler } from '../../support/host-c';
import { bindings, onnxModels, ortOutputs, relativeError, seededInputs } from '../../support/onnx-models';
import { sharedFile } from '../../support/project';

function programOf(model: Model): Program {
  const program = planProgram(lower(canonicalize(model)), 'c99');
  assert.deepEqual(program.refusals, []);
  return program;
}

/** Outputs of one run, as numbers. */
function runC(program: Program, inputs: readonly Tensor[]): ArrayLike<number>[] {
  const { graph } = program.model;
  const host = new HostProgram([{ emitted: emitModel(program, 'model'), inputs: graph.inputs.length, outputs: graph.outputs.length }], hostCompiler()!);
  try {
    const got = host.run(concatBytes(inputs.map((tensor) => encodeBytes(tensor.type.dtype, tensor.data))));
    let at = 0;
    return graph.outputs.map((id) => {
      const type = graph.values.get(id)!.type as StaticType;
      return decodeBytes(type.dtype, typeBytes(type) / (typeBytes({ ...type, shape: [] })), got.slice(at, (at += typeBytes(type))));
    });
  } finally {
    host.dispose();
  }
}

describe('C of float models, under sanitizers', function () {
  this.timeout(600_000);
  const folder = sharedFile('models');
  if (!folder) {
    it('needs the shared models', function () {
      console.log('      not run: the shared models are not here');
      this.skip();
    });
    return;
  }
  // In a hook: a run that selects none of these tests starts no process.
  let runner: OrtRunner;
  before(() => void (runner = new OrtRunner(neverCancelled)));
  after(() => runner.close());

  for (const file of onnxModels()) {
    it(`${path.basename(file)}: within 1e-5 of onnxruntime, or as near to it as exact numbers are`, async function () {
      needHostCompiler(this);
      const { model } = readOnnx(fs.readFileSync(file), file, { bindings: bindings[path.basename(file)] });
      const inputs = seededInputs(model, 1);
      const expected = await ortOutputs(await runner.load(fs.readFileSync(file)), model, inputs);
      runC(programOf(model), inputs).forEach((got, i) => {
        if (relativeError(got, expected[i]) <= 1e-5) return;
        // onnxruntime's own functions are approximations.
        const exact = new Interpreter(model).run(inputs)[i].data;
        assert.ok(relativeError(got, exact) <= 1e-5, `output ${i} is off by ${relativeError(got, exact)}, from onnxruntime by ${relativeError(got, expected[i])}`);
      });
    });
  }

  for (const file of fs.readdirSync(folder).filter((name) => /(float|_f|dynrange)\.tflite$/.test(name))) {
    it(`${file}: within 1e-5 of the reference interpreter, which runtimes have checked`, function () {
      needHostCompiler(this);
      const { model } = readTflite(fs.readFileSync(path.join(folder, file)), file);
      const inputs = seededInputs(model, 1);
      const expected = new Interpreter(model).run(inputs);
      runC(programOf(model), inputs).forEach((got, i) => assert.ok(relativeError(got, expected[i].data) <= 1e-5, `output ${i} is off by ${relativeError(got, expected[i].data)}`));
    });
  }
});
