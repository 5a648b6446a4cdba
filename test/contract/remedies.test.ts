import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { findLayers } from '../../src/app/budgets/find-layer';
import { measuredOf, type Cost, type CostOf } from '../../src/app/budgets/measure';
import type { RemedyId } from '../../src/app/budgets/remedies';
import { compressModel } from '../../src/app/compress-model';
import type { TransformStep } from '../../src/app/compress/steps';
import { programOf } from '../../src/app/generate-code';
import { inspectModel } from '../../src/app/inspect-model';
import { openModel } from '../../src/app/model-file';
import { predictRemedy } from '../../src/app/predict-remedy';
import { costOfParts } from '../../src/app/remedies/factorize';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { concatBytes } from '../../src/base/bytes';
import { neverCancelled } from '../../src/base/cancel';
import { quietTask } from '../../src/base/progress';
import { emitModel } from '../../src/engine/codegen/emit';
import { realValues } from '../../src/engine/ir/tensor';
import { Interpreter } from '../../src/engine/verify/interpret';
import { inputOf, loadSamples } from '../../src/app/load-samples';
import { loadDataset, sampleAt } from '../../src/app/data/dataset';
import { HostModel, needHostCompiler } from '../support/host-c';
import { root, temporaryFolder } from '../support/project';

const sample = (file: string): string => path.join(root, 'samples', file);
const data = sample('digits/digits.npz');
/** A board whose chip's current is published, so that energy is known. */
const board = 'nucleo-f411re';
/** Of what it is now. */
const LIMIT = 0.8;

describe('remedies of a broken budget', function () {
  this.timeout(300_000);
  let folder: string;
  const forms: Record<string, string> = {};
  before(async () => {
    folder = temporaryFolder('remedies');
    forms['float ONNX'] = path.join(folder, 'digits.onnx');
    fs.copyFileSync(sample('digits/digits.onnx'), forms['float ONNX']);
    forms['int8 ONNX'] = path.join(folder, 'digits.int8.onnx');
    forms['int8 TFLite'] = path.join(folder, 'digits.int8.tflite');
    for (const form of ['int8 ONNX', 'int8 TFLite']) await compressModel({ path: forms['float ONNX'], quantize: 'int8', method: [], data, out: forms[form] }, quietTask);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** The remedy asked for as the quick fix asks for it, and what came of it. */
  async function applied(file: string, id: RemedyId, resource: Cost, layer?: string): Promise<{ readonly out: string; readonly predicted: number; readonly value: number; readonly limit: number; readonly accuracy: number }> {
    const report = await inspectModel({ path: file, board }, quietTask);
    const about: CostOf = { resource, ...(layer === undefined ? {} : { layer }) };
    const budget = { ...about, limit: measuredOf(about, report)!.value * LIMIT };
    const predicted = await predictRemedy({ path: file, board, remedy: id, budget }, quietTask);
    if ('why' in predicted) assert.fail(predicted.why);
    const { step } = predicted.plan as { step: object };
    const made = await compressModel({ path: file, board, data, steps: [{ kind: id, ...step } as TransformStep], out: path.join(folder, `made${path.extname(file)}`), replace: true, timeLimitSeconds: 5 }, quietTask);
    const real = await inspectModel({ path: made.out, board }, quietTask);
    const value = costOfParts({ budget, costOf: (one) => measuredOf(budget, one)?.value }, real);
    return { out: made.out, predicted: predicted.value, value, limit: budget.limit, accuracy: made.after.accuracy!.right / made.after.accuracy!.total };
  }

  for (const form of ['float ONNX', 'int8 ONNX', 'int8 TFLite']) {
    for (const [id, resources] of Object.entries({ prune: ['flash', 'ram', 'macs', 'timeUs', 'energyUj'], factorize: ['flash', 'macs', 'timeUs'] } as Record<'prune' | 'factorize', readonly Cost[]>) as [RemedyId, readonly Cost[]][]) {
      // Two small layers instead of one have more code, and more to begin and to end, than so little int8 arithmetic can save.
      const ofWhole = id === 'factorize' && form !== 'float ONNX' ? resources.filter((resource) => resource === 'macs') : resources;
      it(`${form}, ${id}: what is predicted of ${ofWhole.join(', ')} is what comes of it, and within the budget`, async () => {
        for (const resource of ofWhole) {
          const { predicted, value, limit } = await applied(forms[form], id, resource);
          assert.equal(value, predicted, resource);
          assert.ok(value <= limit, `${resource}: ${value} of ${limit}`);
        }
      });

      it(`${form}, ${id}: the same of one layer`, async () => {
        const { layers } = await inspectModel({ path: forms[form] }, quietTask);
        const { name } = [...layers].sort((a, b) => b.macs - a.macs)[0];
        for (const resource of resources.filter((one) => one !== 'energyUj')) {
          const { predicted, value, limit, out } = await applied(forms[form], id, resource, name);
          assert.equal(value, predicted, resource);
          assert.ok(value <= limit, `${resource}: ${value} of ${limit}`);
          assert.ok(findLayers((await inspectModel({ path: out }, quietTask)).layers, name).length > 0);
        }
      });
    }

    it(`${form}: the smaller model still knows its digits, and its C computes the host's bits`, async function () {
      const compiler = needHostCompiler(this);
      for (const id of ['prune', 'factorize'] as const) {
        const { out, accuracy } = await applied(forms[form], id, 'macs');
        assert.ok(accuracy > 0.85, `${id}: ${accuracy}`);
        const { samples } = await loadSamples({ path: out, data }, quietTask);
        const host = new HostModel(emitModel(await programOf(await openModel(out, quietTask), 'c99'), 'model'), 1, 1, compiler);
        try {
          const [got, want] = [host.run(concatBytes(samples.map(({ input }) => input))), concatBytes(samples.map(({ expected }) => expected))];
          if (form !== 'float ONNX') assert.deepEqual(Buffer.from(got), Buffer.from(want));
          else new Float32Array(got.slice().buffer).forEach((x, i) => assert.ok(Math.abs(x - new Float32Array(want.slice().buffer)[i]) < 1e-4, `${i}`));
        } finally {
          host.dispose();
        }
        if (form !== 'int8 TFLite') await isNearOnnxruntime(out);
      }
    });
  }

  async function isNearOnnxruntime(file: string): Promise<void> {
    const open = await openModel(file, quietTask);
    const { test } = await loadDataset(data);
    const runner = new OrtRunner(neverCancelled);
    try {
      const ort = await runner.load(open.bytes);
      const interpreter = new Interpreter(open.lowered);
      let same = 0;
      for (let i = 0; i < 100; i++) {
        const values = Float32Array.from(sampleAt(test, i));
        const [output] = interpreter.run([inputOf(open.lowered, Float64Array.from(values))]);
        const got = realValues(output);
        const want = (await ort.run({ [ort.inputs[0]]: { type: 'float32', shape: [1, ...test.sampleShape], data: values } }))[ort.outputs[0]].data;
        // A code is a step of the output's scale.
        const step = output.type.quantization?.scale[0] ?? 1e-4;
        const off = got.map((x, k) => Math.abs(x - Number(want[k])));
        assert.ok(Math.max(...off) <= step * 1.01, `sample ${i}: ${Math.max(...off)}`);
        if (Math.max(...off) < step / 2) same++;
      }
      assert.ok(same >= 98, `${same} of 100`);
    } finally {
      runner.close();
    }
  }

  it('int8 by data is as small as predicted', async () => {
    const { out } = await compressModel({ path: forms['float ONNX'], board, quantize: 'int8', data, out: path.join(folder, 'made.int8.onnx') }, quietTask);
    const real = await inspectModel({ path: out, board }, quietTask);
    for (const resource of ['flash', 'ram', 'timeUs', 'energyUj'] as const) {
      const predicted = await predictRemedy({ path: forms['float ONNX'], board, remedy: 'int8', budget: { resource, limit: 1 } }, quietTask);
      if ('why' in predicted) assert.fail(predicted.why);
      assert.equal(measuredOf({ resource }, real)!.value, predicted.value, resource);
    }
  });

  it('say why they are not offered', async () => {
    const why = async (id: RemedyId, resource: Cost, limit: number): Promise<string> => {
      const answer = await predictRemedy({ path: forms['int8 ONNX'], board, remedy: id, budget: { resource, limit } }, quietTask);
      return 'why' in answer ? answer.why : answer.title;
    };
    assert.match(await why('prune', 'flash', 10), /^Pruning does not bring it within the budget/);
    assert.match(await why('factorize', 'macs', 10), /^Factorizing does not bring it within the budget/);
    assert.match(await why('strips', 'ram', 10), /^Strips of rows do not bring it/);
  });
});
