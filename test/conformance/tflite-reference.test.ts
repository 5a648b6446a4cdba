import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { verifyGraph } from '../../src/engine/ir/verify';
import type { Model } from '../../src/engine/ir/types';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { hashOf, inputGenerator, type NodeHashes, type RecordedLayer, type RecordedModel, type RecordedRun } from './support/reference';
import { readBytes, readJson, sharedOrSkip } from './support/shared';

const models = [
  'mlperf_tiny_resnet8_int8', 'mlperf_tiny_kws_dscnn_int8', 'mlperf_tiny_vww_mobilenetv1_025_int8', 'mlperf_tiny_ad_autoencoder_int8',
  'mlperf_tiny_resnet8_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float', 'mlperf_tiny_streaming_ww_int8',
  'tflm_hello_world_float', 'tflm_hello_world_int8', 'tflm_micro_speech_int8', 'tflm_person_detect_int8', 'tflm_keyword_scrambled_8bit',
  'tflm_mnist_lstm_float', 'tflm_mnist_lstm_int8', 'tflm_magic_wand_float', 'mww_v2_okay_nabu_int8', 'tinymaix_mnist_valid_q',
  'tinymaix_mnist_valid_f', 'tinymaix_mnist_resnet_q',
];

/** Largest difference of float outputs. Source: shared/reference/README.md. */
const tolerance = (name: string): number => (name === 'mlperf_tiny_ad_autoencoder_float' ? 2e-5 : 2e-6);

describe('TFLite models compute what TensorFlow Lite Micro computes', function () {
  this.timeout(60_000);

  for (const name of models) {
    const isFloat = /_float$|_f$/.test(name);
    it(`${name}: ${isFloat ? 'outputs and first values of each layer' : 'each layer, bit for bit'}`, function () {
      const model = open(sharedOrSkip(this, 'models', `${name}.tflite`));
      const recorded = readJson<{ models: Record<string, RecordedModel> }>(sharedOrSkip(this, 'reference', 'expected.json')).models[name];
      const layers = readJson<{ models: Record<string, { nodes: RecordedLayer[] }> }>(sharedOrSkip(this, 'reference', 'layers.json')).models[name].nodes;
      const hashes = readJson<{ models: Record<string, NodeHashes> }>(sharedOrSkip(this, 'reference', 'node_hashes.json')).models[name];
      const rows = recorded.stream ? recorded.stream.invocations : recorded.runs;
      assert.equal(hashes.hash.length, rows.length);
      const interpreter = new Interpreter(model);
      let generate = inputGenerator(recorded.stream?.seed ?? 1);
      rows.forEach((row, step) => {
        if (!recorded.stream) {
          generate = inputGenerator(row.seed!);
          interpreter.reset();
        }
        const inputs = generate(model);
        assert.equal(inputs.map(hashOf).join(), row.input_fnv1a32, 'inputs are those of the record');
        const made = new Map(inputs.map((tensor, i) => [model.graph.values.get(model.graph.inputs[i])!.name, tensor]));
        const outputs = interpreter.run(inputs, (id, tensor) => made.set(model.graph.values.get(id)!.name, tensor));
        if (isFloat) {
          if (step === 0) layers.forEach((layer) => close(Array.from(made.get(layer.name)!.data.subarray(0, 8)), layer.first8, 1e-4, layer.name));
          outputs.forEach((output, i) => close(output.data, row.outputs[i].values, tolerance(name), `step ${step}`));
          return;
        }
        const wanted = hashes.hash[step].split(' ');
        hashes.nodes.forEach((node, i) => {
          const [index, op, tensor] = node.split(' ');
          if (op === 'READ_VARIABLE') return; // no node of ours: the state itself, which the layers after it read
          const layer = layers.find((l) => l.node === Number(index) && `t${l.output_tensor}` === tensor);
          const own = made.get(layer?.name || `tensor_${tensor.slice(1)}`);
          assert.ok(own, `${node} is no value of ours`);
          assert.equal(hashOf(own), wanted[i], `step ${step}: ${node}`);
        });
        sameOutputs(outputs.map(hashOf), row);
      });
    });
  }

  it('lowering changes no bit of an integer model', function () {
    for (const name of models.filter((m) => !/_float$|_f$/.test(m))) {
      const canonical = canonicalize(open(sharedOrSkip(this, 'models', `${name}.tflite`)), verify);
      const lowered = lower(canonical, verify);
      const recorded = readJson<{ models: Record<string, RecordedModel> }>(sharedOrSkip(this, 'reference', 'expected.json')).models[name];
      const rows = recorded.stream ? recorded.stream.invocations : recorded.runs.slice(0, 1);
      const interpreter = new Interpreter(lowered);
      const generate = inputGenerator(1);
      for (const row of rows) sameOutputs(interpreter.run(generate(lowered)).map(hashOf), row);
    }
  });

  it('600 keyword recordings give the recorded outputs', function () {
    const model = open(sharedOrSkip(this, 'models', 'mlperf_tiny_kws_dscnn_int8.tflite'));
    const { files } = readJson<{ files: { file: string; out: number[] }[] }>(sharedOrSkip(this, 'reference', 'kws01.json'));
    const folder = sharedOrSkip(this, 'testdata', 'kws01');
    const interpreter = new Interpreter(model);
    const type = inputGenerator(1)(model)[0].type;
    assert.equal(files.length, 600);
    for (const { file, out } of files) {
      const data = new Int8Array(fs.readFileSync(path.join(folder, file)));
      assert.deepEqual(Array.from(interpreter.run([{ type, data }])[0].data), out, file);
    }
  });
});

function open(file: string): Model {
  const { model, problems } = readTflite(readBytes(file), file);
  assert.deepEqual(problems, []);
  assert.deepEqual(verifyGraph(model.graph), []);
  return model;
}

const verify = (pass: { readonly name: string }, model: Model): void => assert.deepEqual(verifyGraph(model.graph), [], pass.name);

const sameOutputs = (hashes: readonly string[], row: RecordedRun): void => assert.deepEqual(hashes, row.outputs.map((output) => output.fnv1a32));

function close(actual: ArrayLike<number>, wanted: readonly number[], limit: number, where: string): void {
  assert.equal(actual.length, wanted.length, where);
  wanted.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) <= limit, `${where}: ${actual[i]} instead of ${value} at ${i}`));
}
