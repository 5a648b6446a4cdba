import assert from 'node:assert/strict';
import { concatBytes } from '../../../src/base/bytes';
import { emitModel } from '../../../src/engine/codegen/emit';
import { planProgram } from '../../../src/engine/codegen/program';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { typeBytes } from '../../../src/engine/ir/dtype';
import { encodeBytes } from '../../../src/engine/ir/tensor';
import type { StaticType } from '../../../src/engine/ir/types';
import recorded from '../../conformance/litert-outputs.json';
import { caseInputs, liteRtCases } from '../../conformance/support/litert-cases';
import { hashOf } from '../../conformance/support/reference';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { tfliteFile } from '../../support/tflite-model';

const outputs: Readonly<Record<string, readonly string[]>> = recorded.outputs;

describe(`C of single operators gives the bits of ${recorded.runtime}`, function () {
  this.timeout(600_000);

  it('all recorded cases, under sanitizers', function () {
    const compiler = needHostCompiler(this);
    const cases = liteRtCases().map(({ name, graph }, i) => {
      const { model } = readTflite(tfliteFile([graph]), name);
      const program = planProgram(model, 'c99');
      assert.deepEqual(program.refusals, [], name);
      return { name, model: program.model, inputs: caseInputs(model), c: { emitted: emitModel(program, `model_${i}`), inputs: program.model.graph.inputs.length, outputs: 1 } };
    });
    const host = new HostProgram(cases.map(({ c }) => c), compiler);
    try {
      const runs = [0, 1, 2].map((run) => concatBytes(cases.flatMap(({ inputs }) => inputs[run].map((tensor) => encodeBytes(tensor.type.dtype, tensor.data)))));
      const got = host.run(concatBytes(runs));
      const wrong: string[] = [];
      let at = 0;
      for (const run of [0, 1, 2]) {
        for (const { name, model } of cases) {
          const bytes = typeBytes(model.graph.values.get(model.graph.outputs[0])!.type as StaticType);
          const hash = hashOf({ type: { dtype: 'uint8', shape: [bytes] }, data: got.slice(at, (at += bytes)) });
          if (hash !== outputs[name][run + 1]) wrong.push(`${name}, run ${run}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.equal(at, got.length);
    } finally {
      host.dispose();
    }
  });
});
