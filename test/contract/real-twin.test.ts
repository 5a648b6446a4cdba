import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { quietTask } from '../../src/base/progress';
import { compressModel } from '../../src/app/compress-model';
import { openModel, understand } from '../../src/app/model-file';
import { realTwin, requantized } from '../../src/engine/compress/real-twin';
import { leaveOut } from '../../src/engine/compress/prune/leave-out';
import { sitesOf } from '../../src/engine/compress/prune/units';
import { weightLayers } from '../../src/engine/compress/plan';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { elementCount } from '../../src/engine/ir/dtype';
import { realValues, tensorOf } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { Interpreter } from '../../src/engine/verify/interpret';
import { Random } from '../support/random';
import { randomInput } from '../support/random-graph';
import { root, temporaryFolder } from '../support/project';
import { sharedFolder } from '../support/shared-folder';

const RUNS = 5;

/** Codes, or brightness from 0 to 1. */
function inputsOf({ graph }: Model, random: Random): number[] {
  const type = graph.values.get(graph.inputs[0])!.type as StaticType;
  return type.quantization ? randomInput(random, type) : Array.from({ length: elementCount(type.shape) }, () => random.real(0, 1));
}

const run = (model: Model, input: readonly number[]): Float64Array => realValues(new Interpreter(model).run([tensorOf(model.graph.values.get(model.graph.inputs[0])!.type as StaticType, input)])[0]);
const share = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / a.reduce((sum, x) => sum + x * x, 1e-12);

/** `float` is the model that it was made from, where that is at hand: codes saturate on noise, real numbers do not. */
async function check(file: string, float?: string): Promise<void> {
  const { canonical } = await openModel(file, quietTask);
  const source = float === undefined ? undefined : (await openModel(float, quietTask)).canonical;
  const twin = realTwin(canonical)!;
  assert.deepEqual(verifyGraph(twin.model.graph), []);
  assert.ok(weightLayers(twin.model.graph).length > 0 && [...twin.model.graph.values.values()].every(({ type }) => !type.quantization));
  const back = requantized(twin, twin.model, new Map());
  assert.deepEqual(verifyGraph(back.graph), []);
  const random = new Random(1);
  for (let i = 0; i < RUNS; i++) {
    const codes = inputsOf(canonical, random);
    const type = canonical.graph.values.get(canonical.graph.inputs[0])!.type as StaticType;
    const real = [...realValues(tensorOf(type, codes))];
    const expected = run(canonical, codes);
    assert.deepEqual(run(back, codes), expected, 'the codes that it was made from');
    const lost = share(source ? run(source, real) : expected, run(twin.model, real));
    assert.ok(lost < 0.15, `${lost} of the outputs' power`);
  }
  // Channels are left out of the codes' model through the twin.
  const [site] = sitesOf(twin.model);
  const smaller = requantized(twin, leaveOut(twin.model, site.units.slice(0, 2)), new Map());
  assert.deepEqual(verifyGraph(smaller.graph), []);
  const again = understand(canonical.format === 'tflite' ? writeTflite(smaller) : writeOnnx(smaller).bytes, file);
  const opsOf = (lowered: Model): string[] => lowered.graph.nodes.map(({ op }) => op);
  assert.deepEqual(opsOf(again.lowered), opsOf((await openModel(file, quietTask)).lowered), 'no layer fell back to real numbers, none was added');
}

describe('the twin of a quantized model on real numbers', () => {
  it('computes nearly the same, and gives the same codes when it is quantized again (QDQ)', async () => {
    const folder = temporaryFolder('twin');
    const { out } = await compressModel({ path: path.join(root, 'samples/digits/digits.onnx'), quantize: 'int8', method: [], out: path.join(folder, 'digits.int8.onnx') }, quietTask);
    await check(out, path.join(root, 'samples/digits/digits.onnx'));
    fs.rmSync(folder, { recursive: true });
  });
  for (const name of ['kws_dscnn', 'resnet8', 'vww_mobilenetv1_025']) {
    it(`${name}, TFLite: the same`, async function () {
      this.timeout(60_000);
      await check(path.join(sharedFolder(this, 'models'), `mlperf_tiny_${name}_int8.tflite`));
    });
  }
});
