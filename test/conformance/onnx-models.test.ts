import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { neverCancelled } from '../../src/base/cancel';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { activationsToMeasure } from '../../src/engine/compress/plan';
import { quantizeInt8, type Range } from '../../src/engine/compress/quantize-int8';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { isStatic } from '../../src/engine/ir/dtype';
import { printModel } from '../../src/engine/ir/print';
import type { Model } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { opaque } from '../../src/engine/ops/opaque';
import { transpose } from '../../src/engine/ops/transpose/op';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { renumbered } from '../support/renumbered';
import { bindings, onnxModels, ortOutputs, relativeError, seededInputs } from '../support/onnx-models';

/** Transposes that lowering leaves: those of inputs and outputs that the model itself wants with channels in front. */
const boundaryTransposes: Readonly<Record<string, number>> = {
  'mlperf_tiny_resnet8_float.onnx': 1, 'mlperf_tiny_vww_mobilenetv1_025_float.onnx': 1, 'ultraface_slim_320.onnx': 1, 'yunet_n_320.onnx': 1, 'silero_vad_16k_op15.onnx': 0,
};

const read = (file: string): ReturnType<typeof readOnnx> => readOnnx(fs.readFileSync(file), file, { bindings: bindings[path.basename(file)] });

describe('ONNX models of the shared material', function () {
  this.timeout(120_000);
  const files = onnxModels();
  if (!files.length) {
    it('need the shared models', function () {
      console.log('      not run: the shared models are not here');
      this.skip();
    });
    return;
  }
  const runner = new OrtRunner(neverCancelled);
  after(() => runner.close());

  for (const file of files) {
    describe(path.basename(file), () => {
      it('is understood as a whole, with every shape known and no transpose inside', () => {
        const { model, problems } = read(file);
        assert.deepEqual(problems.filter((problem) => problem.severity === 'error').map((problem) => problem.title), []);
        const lowered = lower(canonicalize(model, (pass, after) => assert.deepEqual(verifyGraph(after.graph), [], pass.name)), (pass, after) => assert.deepEqual(verifyGraph(after.graph), [], pass.name));
        assert.deepEqual(lowered.graph.nodes.filter((node) => node.op === opaque.name).map((node) => `${node.name}: ${node.attributes.reason}`), []);
        assert.deepEqual([...lowered.graph.values.values()].filter((value) => !isStatic(value.type)).map((value) => value.name), []);
        assert.equal(lowered.graph.nodes.filter((node) => node.op === transpose.name).length, boundaryTransposes[path.basename(file)] ?? 0);
      });

      it('gives what onnxruntime gives, before and after every pass, and after writing', async () => {
        const { model } = read(file);
        const expected = await runner.load(fs.readFileSync(file));
        const canonical = canonicalize(model);
        const again = canonicalize(readOnnx(writeOnnx(canonical).bytes, file).model);
        assert.equal(printModel(renumbered({ ...again, opsets: canonical.opsets })), printModel(renumbered(canonical)), 'read, written and read again');
        const inputs = seededInputs(model, 1);
        const outputs = await ortOutputs(expected, model, inputs);
        const forms = { source: model, canonical, lowered: lower(canonical), written: again };
        for (const [form, shown] of Object.entries(forms)) {
          const actual = new Interpreter(shown).run(inputs);
          actual.forEach((tensor, i) => assert.ok(relativeError(tensor.data, outputs[i]) < 1e-4, `${form}, output ${i}: off by ${relativeError(tensor.data, outputs[i])}`));
        }
        const loaded = await runner.load(writeOnnx(canonical).bytes);
        const written = await ortOutputs(loaded, model, inputs);
        written.forEach((data, i) => assert.ok(relativeError(data, outputs[i]) < 1e-4, `written file, output ${i}: off by ${relativeError(data, outputs[i])}`));
      });

      it('gives onnxruntime\'s codes once quantized to int8', async function () {
        const { model } = read(file);
        const canonical = canonicalize(model);
        const wanted = activationsToMeasure(canonical.graph);
        if (!wanted.length || model.graph.inputs.length > 1) return this.skip();
        const quantized = quantizeInt8(canonical, await ranges(canonical, wanted)).value;
        const bytes = writeOnnx(quantized).bytes;
        const form = canonicalize(readOnnx(bytes, file).model);
        const inputs = seededInputs(model, 2);
        const expected = await ortOutputs(await runner.load(bytes), model, inputs);
        const actual = new Interpreter(form).run(inputs);
        actual.forEach((tensor, i) => compareCodes(form, i, tensor.data, expected[i]));
      });
    });
  }

  /** Range of every wanted value over two seeded inputs, by onnxruntime. */
  async function ranges(model: Model, wanted: readonly number[]): Promise<Map<number, Range>> {
    const { bytes, exposed } = writeOnnx(model, { expose: wanted });
    const loaded = await runner.load(bytes);
    const seen = new Map<number, Range>();
    for (const seed of [2, 3]) {
      const inputs = seededInputs(model, seed);
      const outputs = await ortOutputs(loaded, model, inputs);
      wanted.forEach((id, i) => {
        const at = loaded.outputs.indexOf(exposed[i]);
        const data = at < 0 ? inputs[model.graph.inputs.indexOf(id)].data : outputs[at];
        const before = seen.get(id) ?? { min: Infinity, max: -Infinity };
        let { min, max } = before;
        for (let k = 0; k < data.length; k++) [min, max] = [Math.min(min, data[k]), Math.max(max, data[k])];
        seen.set(id, { min, max });
      });
    }
    return seen;
  }
});

/** Outputs are real numbers on a grid of codes: at most one step apart, and 99.9 % equal. */
function compareCodes(model: Model, index: number, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const producer = model.graph.nodes.find((node) => node.outputs.includes(model.graph.outputs[index]));
  const scale = producer?.inputs.map((id) => id !== undefined && model.graph.values.get(id)!.type.quantization?.scale[0]).find((s) => s);
  if (!scale) return assert.ok(relativeError(actual, expected) < 1e-2, `output ${index} is no code and off by ${relativeError(actual, expected)}`);
  let unequal = 0;
  for (let i = 0; i < expected.length; i++) {
    const steps = Math.round(Math.abs(actual[i] - expected[i]) / scale);
    assert.ok(steps <= 1, `output ${index}, element ${i}: ${actual[i]} is ${steps} steps from ${expected[i]}`);
    if (steps) unequal++;
  }
  assert.ok(unequal <= expected.length / 1000, `output ${index}: ${unequal} of ${expected.length} codes differ`);
}
