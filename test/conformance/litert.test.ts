import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../../src/app/model-file';
import { elementCount, isStatic } from '../../src/engine/ir/dtype';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import { Interpreter } from '../../src/engine/verify/interpret';
import { findBrowser } from '../../scripts/editor/browser.mjs';
import { LiteRt } from '../support/litert';
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

describe('TFLite models against LiteRT in a browser', function () {
  this.timeout(120_000);
  let litert: LiteRt | undefined;
  before(async function () {
    try {
      findBrowser();
    } catch (error) {
      console.log(`      skipped: ${(error as Error).message}`);
      this.skip();
    }
    litert = await LiteRt.start();
  });
  after(() => litert?.stop());

  // Hybrid arithmetic and recurrent state are not float arithmetic that two runtimes would share.
  for (const name of ['mlperf_tiny_resnet8_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float', 'tflm_magic_wand_float', 'tinymaix_mnist_valid_f']) {
    it(`${name}: outputs within 1e-4`, async function () {
      const bytes = new Uint8Array(fs.readFileSync(path.join(sharedFolder(this, 'models'), `${name}.tflite`)));
      const { lowered } = understand(bytes, `${name}.tflite`);
      const random = new Random(name.length);
      for (let round = 0; round < 2; round++) {
        const inputs = inputsOf(lowered, random);
        const want = await litert!.run(bytes, inputs);
        const got = new Interpreter(lowered).run(inputs.map((values, i) => tensorOf(lowered.graph.values.get(lowered.graph.inputs[i])!.type as StaticType, values)));
        got.forEach((tensor, i) => assert.ok(relativeError(tensor.data, want[i]) <= 1e-4, `output ${i}: ${relativeError(tensor.data, want[i])}`));
      }
    });
  }
});
