import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { cosine } from '../../src/app/accuracy';
import { compressModel } from '../../src/app/compress-model';
import { inputOf } from '../../src/app/load-samples';
import { openModel } from '../../src/app/model-file';
import { quietTask } from '../../src/base/progress';
import { realValues } from '../../src/engine/ir/tensor';
import { Interpreter } from '../../src/engine/verify/interpret';
import { npyFile } from '../support/data-files';
import { channelsLast, framesOf, madeUpImage } from '../support/made-up-images';
import { temporaryFolder } from '../support/project';
import { Random } from '../support/random';
import { sharedFolder } from '../support/shared-folder';

/** Samples to calibrate with, and others that nothing was fitted to. The official files were calibrated on real images, ours on these. */
interface Samples {
  readonly shape: readonly number[];
  readonly calibration: readonly number[][];
  readonly test: readonly number[][];
}

function images(side: number, largest: number, calibration: number, test: number): Samples {
  const random = new Random(12345);
  const make = (count: number): number[][] => Array.from({ length: count }, () => madeUpImage(random, side, largest, 5));
  return { shape: [3, side, side], calibration: make(calibration), test: make(test) };
}

describe('int8 beside the official int8 files of MLPerf Tiny', function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = temporaryFolder('likeness')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const cases: readonly (readonly [string, (testdata: string) => Samples])[] = [
    ['resnet8', () => images(32, 255, 40, 12)],
    ['vww_mobilenetv1_025', () => images(96, 1, 24, 8)],
    ['ad_autoencoder', (testdata) => {
      const all = framesOf(fs.readFileSync(path.join(testdata, 'ad01/normal_id_01_00000000_hist_librosa.bin')));
      return { shape: [640], calibration: all.filter((_, i) => i % 2 === 0), test: all.filter((_, i) => i % 2 === 1) };
    }],
  ];
  for (const [name, samplesOf] of cases) {
    it(`${name}: outputs at least as near to the float model's`, async function () {
      const model = (ending: string): string => path.join(sharedFolder(this, 'models'), `mlperf_tiny_${name}_${ending}`);
      const samples = samplesOf(sharedFolder(this, 'testdata'));
      const array = (list: readonly number[][]): Uint8Array => npyFile([list.length, ...samples.shape], list.flat());
      const data = path.join(folder, `${name}.npz`);
      fs.writeFileSync(data, zipSync({ 'x_calibration.npy': array(samples.calibration), 'x_test.npy': array(samples.test) }));
      const out = path.join(folder, `${name}.int8.onnx`);
      await compressModel({ path: model('float.onnx'), quantize: 'int8', method: ['bias'], ranges: 'percentile', data, out }, quietTask);
      const float = await outputs(model('float.onnx'), samples);
      const likeness = async (file: string): Promise<number> => (await outputs(file, samples)).reduce((sum, output, i) => sum + cosine(output, float[i]), 0) / float.length;
      const [ours, official] = [await likeness(out), await likeness(model('int8.tflite'))];
      assert.ok(ours >= official && ours > 0.98, `ours ${ours}, the official ${official}`);
    });
  }
});

async function outputs(file: string, { shape, test }: Samples): Promise<Float64Array[]> {
  const { lowered } = await openModel(file, quietTask);
  const interpreter = new Interpreter(lowered);
  const wanted = lowered.graph.values.get(lowered.graph.inputs[0])!.type.shape!;
  const isLast = shape.length === 3 && wanted[wanted.length - 1] === shape[0];
  return test.map((sample) => realValues(interpreter.run([inputOf(lowered, Float64Array.from(isLast ? channelsLast(sample, shape) : sample))])[0]));
}
