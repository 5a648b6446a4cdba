import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../src/app/compress-model';
import type { StoreStep } from '../../src/app/compress/steps';
import type { CompressReport, CompressRequest } from '../../src/app/engine-contract';
import { openModel } from '../../src/app/model-file';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { neverCancelled } from '../../src/base/cancel';
import { quietTask } from '../../src/base/progress';
import { planProgram } from '../../src/engine/codegen/program';
import { callsOf } from '../../src/engine/codegen/kernel';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { StaticType } from '../../src/engine/ir/types';
import { Interpreter } from '../../src/engine/verify/interpret';
import { root, temporaryFolder } from '../support/project';
import { Random } from '../support/random';

const digits = path.join(root, 'samples/digits/digits.onnx');

describe('weights that C stores packed', function () {
  this.timeout(240_000);
  let folder: string;
  let runner: OrtRunner;
  before(() => {
    folder = temporaryFolder('packed');
    runner = new OrtRunner(neverCancelled);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    runner.close();
  });

  const compress = (steps: readonly StoreStep[], request: Partial<CompressRequest> = {}): Promise<CompressReport> =>
    compressModel({ path: digits, ...(request.quantize ? { after: steps } : { steps }), out: path.join(folder, 'out.onnx'), replace: true, ...request }, quietTask);

  const rolesOf = async (file: string): Promise<Set<string>> => new Set(planProgram((await openModel(file, quietTask)).lowered, 'c99', { goal: 'flash' }).steps.flatMap(({ plan }) => callsOf(plan!).flatMap((call) => call.constants.map(({ role }) => role))));

  it('clustered: the file has a codebook for each layer, and onnxruntime computes what we do', async () => {
    const report = await compress([{ kind: 'cluster', entries: 16 }]);
    assert.equal(report.optimize, 'flash');
    assert.ok(report.after.fileBytes < report.before.fileBytes * 0.6 && report.after.flashBytes < report.before.flashBytes * 0.7, `${report.after.fileBytes} B, ${report.after.flashBytes} B of flash`);
    assert.ok(report.after.accuracy!.right >= report.before.accuracy!.right - 7, `${report.after.accuracy!.right}`);
    assert.match(report.problems.find(({ code }) => code === 'TINYML-PACKED')!.title, /[\d,]+ bytes of weights are saved in \d layers where C is optimized for flash, 0 bytes where it is optimized for speed/);
    assert.ok((await rolesOf(report.out)).has('codes'));
    const bytes = fs.readFileSync(report.out);
    const loaded = await runner.load(bytes);
    const { canonical } = await openModel(report.out, quietTask);
    const type = canonical.graph.values.get(canonical.graph.inputs[0])!.type as StaticType;
    const interpreter = new Interpreter(canonical);
    const random = new Random(1);
    for (let i = 0; i < 10; i++) {
      const data = Float32Array.from({ length: 64 }, () => random.real(0, 1));
      const results = await loaded.run({ [loaded.inputs[0]]: { type: 'float32', shape: [...type.shape], data } });
      const [expected] = interpreter.run([tensorOf(type, data)]);
      (Object.values(results)[0].data as Float32Array).forEach((x, k) => assert.ok(Math.abs(x - expected.data[k]) < 1e-5, `${x}, ${expected.data[k]}`));
    }
    await loaded.unload();
  });

  it('clustered codes of an int8 model, and zeros in it: fewer bytes, accuracy kept', async () => {
    for (const [step, role] of [[{ kind: 'cluster', entries: 16 }, 'codes'], [{ kind: 'sparsify', share: 0.5 }, 'stored'], [{ kind: 'sparsify', pattern: '2:4' }, 'stored']] as const) {
      const report = await compress([step], { quantize: 'int8', method: [] });
      assert.ok(report.steps[0].after < report.steps[0].before, `${report.steps[0].after} of ${report.steps[0].before}`);
      assert.ok(report.after.accuracy!.right >= report.before.accuracy!.right - 15, `${step.kind}: ${report.after.accuracy!.right}`);
      assert.ok((await rolesOf(report.out)).has(role));
    }
  });

  it('fitting is what keeps the accuracy: the smallest weights alone cost more', async () => {
    const [naive, fitted] = [await compress([{ kind: 'sparsify', share: 0.7, refit: false }]), await compress([{ kind: 'sparsify', share: 0.7 }])];
    assert.ok(fitted.after.accuracy!.right > naive.after.accuracy!.right, `${fitted.after.accuracy!.right} against ${naive.after.accuracy!.right}`);
    assert.deepEqual(fitted.steps[0].places.map((place) => place.after / place.before < 0.35), fitted.steps[0].places.map(() => true));
  });

  it('what saves nothing says 0 bytes, with what would', async () => {
    const report = await compress([{ kind: 'cluster', entries: 256 }], { quantize: 'int8', method: [] });
    const problem = report.problems.find(({ code }) => code === 'TINYML-PACKED')!;
    assert.match(problem.title, /save 0 bytes/);
    assert.match(problem.fixes.map(({ title }) => title).join(), /--prune flash/);
    assert.deepEqual(report.steps[0].places, []);
  });
});
