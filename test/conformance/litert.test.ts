import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { quietTask } from '../../src/base/progress';
import { argmax } from '../../src/app/accuracy';
import { compressModel } from '../../src/app/compress-model';
import { loadDataset, sampleAt } from '../../src/app/data/dataset';
import { openModel, understand } from '../../src/app/model-file';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { GraphEditor } from '../../src/engine/ir/edit';
import { dequantize } from '../../src/engine/ops/dequantize/op';
import { quantize } from '../../src/engine/ops/quantize/op';
import { lower } from '../../src/engine/passes/pipeline';
import { elementCount, isStatic } from '../../src/engine/ir/dtype';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import { Interpreter } from '../../src/engine/verify/interpret';
import { withLiteRt, type RunningLiteRt } from '../support/litert';
import { root, temporaryFolder } from '../support/project';
import { Random } from '../support/random';
import { sharedFolder } from '../support/shared-folder';

const inputsOf = (model: Model, random: Random): number[][] =>
  model.graph.inputs.map((id) => {
    const { type } = model.graph.values.get(id)!;
    assert.ok(isStatic(type) && type.dtype === 'float32');
    return random.reals(elementCount(type.shape), -1, 1);
  });

/** Largest |a - b| relative to the largest |b|. */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let error = 0;
  let scale = 1e-6;
  for (let i = 0; i < b.length; i++) {
    error = Math.max(error, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return a.length === b.length ? error / scale : Infinity;
}

/** The same model between real numbers: LiteRT's JavaScript takes and gives nothing else. */
function withRealPorts(model: Model): Model {
  const editor = GraphEditor.of(model.graph);
  editor.inputs = editor.inputs.map((codes) => {
    const { name, type } = editor.value(codes);
    if (!type.quantization) return codes;
    const real = editor.addValue(`${name}_real`, { dtype: 'float32', shape: type.shape });
    editor.addNode({ op: quantize.name, name: `${name}_quantize`, inputs: [real], outputs: [codes] });
    return real;
  });
  editor.outputs = editor.outputs.map((codes) => {
    const { name, type } = editor.value(codes);
    if (!type.quantization) return codes;
    const real = editor.addValue(`${name}_real`, { dtype: 'float32', shape: type.shape });
    editor.addNode({ op: dequantize.name, name: `${name}_dequantize`, inputs: [codes], outputs: [real] });
    return real;
  });
  return { ...model, graph: editor.finish() };
}

/** Written by us and run by LiteRT; and read back and run by the reference interpreter. */
async function runWritten(litert: RunningLiteRt, model: Model, inputs: readonly number[][]): Promise<{ theirs: number[][]; ours: number[][]; steps: number[] }> {
  // In TFLite's layouts already: so that the ports stay real numbers.
  const bytes = writeTflite({ ...withRealPorts(lower(model)), format: 'tflite' });
  const { lowered } = understand(bytes, 'written.tflite');
  const theirs = await litert.run(bytes, inputs);
  const ports = withRealPorts(lowered);
  const ours = new Interpreter(ports).run(inputs.map((values, i) => tensorOf(ports.graph.values.get(ports.graph.inputs[i])!.type as StaticType, values)));
  const steps = lowered.graph.outputs.map((id) => lowered.graph.values.get(id)!.type.quantization?.scale[0] ?? 0);
  return { theirs, ours: ours.map((tensor) => Array.from(tensor.data)), steps };
}

describe('TFLite models against LiteRT in a browser', function () {
  this.timeout(120_000);
  const litert = withLiteRt();

  // Hybrid arithmetic and recurrent state are not float arithmetic that two runtimes would share.
  for (const name of ['mlperf_tiny_resnet8_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float', 'tflm_magic_wand_float', 'tinymaix_mnist_valid_f']) {
    it(`${name}: outputs within 1e-4`, async function () {
      const bytes = new Uint8Array(fs.readFileSync(path.join(sharedFolder(this, 'models'), `${name}.tflite`)));
      const { lowered } = understand(bytes, `${name}.tflite`);
      const random = new Random(name.length);
      for (let round = 0; round < 2; round++) {
        const inputs = inputsOf(lowered, random);
        const want = await litert.run(bytes, inputs);
        const got = new Interpreter(lowered).run(inputs.map((values, i) => tensorOf(lowered.graph.values.get(lowered.graph.inputs[i])!.type as StaticType, values)));
        got.forEach((tensor, i) => assert.ok(relativeError(tensor.data, want[i]) <= 1e-4, `output ${i}: ${relativeError(tensor.data, want[i])}`));
      }
    });
  }

  for (const sample of ['digits/digits', 'digits/digits-dense', 'gesture/gesture']) {
    const folder = path.dirname(sample);
    it(`${path.basename(sample)}.onnx written as float TFLite: within 1e-4`, async () => {
      const { canonical } = await openModel(path.join(root, 'samples', `${sample}.onnx`), quietTask);
      const { test } = await loadDataset(path.join(root, 'samples', folder, `${folder}.npz`));
      for (let i = 0; i < 3; i++) {
        const { theirs, ours } = await runWritten(litert, canonical, [Array.from(sampleAt(test, i))]);
        ours.forEach((output, o) => assert.ok(relativeError(output, theirs[o]) <= 1e-4));
      }
    });

    it(`${path.basename(sample)}.onnx as int8 TFLite: the same class, scores as far as one step of a logit moves them`, async () => {
      const work = temporaryFolder('litert');
      try {
        const out = path.join(work, 'model.int8.onnx');
        const data = path.join(root, 'samples', folder, `${folder}.npz`);
        await compressModel({ path: path.join(root, 'samples', `${sample}.onnx`), quantize: 'int8', method: [], out, data }, quietTask);
        const { canonical } = await openModel(out, quietTask);
        const { test } = await loadDataset(data);
        for (let i = 0; i < 10; i++) {
          const { theirs, ours, steps } = await runWritten(litert, canonical, [Array.from(sampleAt(test, i))]);
          // Its kernels round each layer in one step where the reference rounds in two: a logit may be one code apart, and a
          // score that is not saturated moves by p (1 - p) times the logit's scale, for two logits up to sixteen of its own steps.
          ours.forEach((output, o) => output.forEach((value, c) => assert.ok(Math.abs(value - theirs[o][c]) <= 16 * steps[o], `sample ${i}, class ${c}: ${value}, LiteRT ${theirs[o][c]}`)));
          assert.equal(argmax(ours[0]), argmax(theirs[0]));
        }
      } finally {
        fs.rmSync(work, { recursive: true, force: true });
      }
    });
  }

  // Its hybrid kernels choose the scale of a row of inputs by a rule of their own: they share no code with the reference, but an error.
  for (const [quantize, most] of [['float16', 1e-4], ['hybrid', 0.03], ['int4', 1e-4], ['int2', 1e-4], ['ternary', 1e-4], ['binary', 1e-4], ['int16x8', 5e-3]] as const) {
    for (const sample of ['digits/digits', 'gesture/gesture']) {
      it(`${path.basename(sample)}.onnx as ${quantize} TFLite: what the reference computes of the file`, async () => {
        const work = temporaryFolder('litert');
        try {
          const out = path.join(work, 'model.tflite');
          const data = path.join(root, 'samples', `${path.dirname(sample)}/${path.dirname(sample)}.npz`);
          await compressModel({ path: path.join(root, 'samples', `${sample}.onnx`), quantize, method: ['bias'], out, data }, quietTask);
          const { canonical } = await openModel(out, quietTask);
          const { test } = await loadDataset(data);
          for (let i = 0; i < 5; i++) {
            const { theirs, ours } = await runWritten(litert, canonical, [Array.from(sampleAt(test, i))]);
            ours.forEach((output, o) => assert.ok(relativeError(output, theirs[o]) <= most, `sample ${i}: ${relativeError(output, theirs[o])}`));
          }
        } finally {
          fs.rmSync(work, { recursive: true, force: true });
        }
      });
    }
  }

  for (const name of ['mlperf_tiny_resnet8_int8', 'mlperf_tiny_kws_dscnn_int8', 'tflm_micro_speech_int8', 'tinymaix_mnist_valid_q']) {
    it(`${name} read and written again: within two steps of LiteRT`, async function () {
      const bytes = new Uint8Array(fs.readFileSync(path.join(sharedFolder(this, 'models'), `${name}.tflite`)));
      const { canonical } = understand(bytes, `${name}.tflite`);
      const { type } = canonical.graph.values.get(canonical.graph.inputs[0])!;
      const random = new Random(7);
      const input = random.codes(elementCount(type.shape!)).map((code) => (code - type.quantization!.zeroPoint[0]) * type.quantization!.scale[0]);
      const { theirs, ours, steps } = await runWritten(litert, canonical, [input]);
      // Its kernels round each layer's result in one step where the reference rounds in two: codes may be one apart in each layer.
      ours.forEach((output, o) => output.forEach((value, c) => assert.ok(Math.abs(value - theirs[o][c]) <= 2.01 * steps[o], `${c}: ${value}, LiteRT ${theirs[o][c]}`)));
    });
  }
});
