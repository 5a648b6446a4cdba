import assert from 'node:assert/strict';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { isTflite, readTflite } from '../../src/engine/formats/tflite/read';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { printModel } from '../../src/engine/ir/print';
import type { Model } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { hashOf, inputGenerator } from './support/reference';
import { readBytes, sharedOrSkip } from './support/shared';

const tflite = [
  'mlperf_tiny_resnet8_int8', 'mlperf_tiny_resnet8_float', 'mlperf_tiny_kws_dscnn_int8', 'mlperf_tiny_kws_dscnn_float', 'mlperf_tiny_vww_mobilenetv1_025_int8',
  'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_int8', 'mlperf_tiny_ad_autoencoder_float', 'mlperf_tiny_ad_dynrange',
  'mlperf_tiny_streaming_ww_int8', 'tflm_hello_world_float', 'tflm_hello_world_int8', 'tflm_micro_speech_int8', 'tflm_person_detect_int8',
  'tflm_keyword_scrambled_8bit', 'tflm_mnist_lstm_float', 'tflm_mnist_lstm_int8', 'tflm_magic_wand_float', 'mww_v2_okay_nabu_int8',
  'tinymaix_mnist_valid_q', 'tinymaix_mnist_valid_f', 'tinymaix_mnist_resnet_q',
];

describe('a TFLite model that is read and written again', function () {
  this.timeout(60_000);

  for (const name of tflite) {
    it(`${name}: the same graph, metadata and outputs`, function () {
      const model = canonicalize(read(sharedOrSkip(this, 'models', `${name}.tflite`)));
      const bytes = writeTflite(model);
      assert.deepEqual(writeTflite(model), bytes, 'the same bytes each time');
      const again = readBack(bytes, `${name}.tflite`);
      assert.equal(printModel(canonicalize(again)), printModel(model));
      assert.deepEqual([...again.metadata], [...model.metadata]);
      assert.deepEqual(again.graph.states.map((state) => state.initial?.bytes()), model.graph.states.map((state) => state.initial?.bytes()));
      assert.deepEqual(twoRuns(again), twoRuns(model));
    });
  }
});

describe('an ONNX model that leaves as TFLite', function () {
  this.timeout(60_000);

  for (const name of ['mlperf_tiny_resnet8_float', 'mlperf_tiny_kws_dscnn_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float', 'ort_mnist8', 'onnx2c_mnist_simplified']) {
    it(`${name}: equal outputs, weights in whole or half precision`, function () {
      const model = canonicalize(read(sharedOrSkip(this, 'models', `${name}.onnx`)));
      const wanted = firstOutputs(lower(model));
      const bytes = writeTflite(model);
      close(firstOutputs(readBack(bytes, name)), wanted, 1e-5);
      const half = writeTflite(model, { weights: 'float16' });
      assert.ok(half.length < 0.7 * bytes.length, `${half.length} of ${bytes.length} bytes`);
      close(firstOutputs(readBack(half, name)), wanted, 2e-2);
    });
  }
});

function read(file: string): Model {
  const bytes = readBytes(file);
  return (isTflite(bytes) ? readTflite : readOnnx)(bytes, file).model;
}

function readBack(bytes: Uint8Array, name: string): Model {
  const { model, problems } = readTflite(bytes, name);
  assert.deepEqual(problems, []);
  assert.deepEqual(verifyGraph(model.graph), []);
  return model;
}

function twoRuns(model: Model): string[] {
  const interpreter = new Interpreter(model);
  const generate = inputGenerator(1);
  return [0, 1].flatMap(() => interpreter.run(generate(model)).map(hashOf));
}

const firstOutputs = (model: Model): number[] => new Interpreter(model).run(inputGenerator(1)(model)).flatMap((tensor) => Array.from(tensor.data));

/** Relative to the largest output. */
function close(actual: readonly number[], wanted: readonly number[], limit: number): void {
  assert.equal(actual.length, wanted.length);
  const size = Math.max(...wanted.map(Math.abs));
  wanted.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) <= limit * size, `${actual[i]} instead of ${value} at ${i}`));
}
