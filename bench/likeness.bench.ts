// How near smaller models are to the float ones they were made from: cosine of outputs on inputs that nothing was fitted to, for
// int8, beside the official int8 files, and for pruned and factorized models. Needs ../shared. The images are made up (waves and
// noise): the official files were calibrated on real ones.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { cosine } from '../src/app/accuracy';
import type { CompressReport } from '../src/app/engine-contract';
import { inputOf } from '../src/app/load-samples';
import { openModel } from '../src/app/model-file';
import { quietTask } from '../src/base/progress';
import { realValues } from '../src/engine/ir/tensor';
import { Interpreter } from '../src/engine/verify/interpret';
import { npyFile } from '../test/support/data-files';
import { channelsLast, framesOf, madeUpImage } from '../test/support/made-up-images';
import { Random } from '../test/support/random';
import { run } from './cortex-m';

const [CALIBRATION, TEST] = [100, 32];
const shared = process.env.TINYML_SHARED ?? path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const model = (name: string): string => path.join(shared, 'models', `mlperf_tiny_${name}`);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));

interface Case {
  readonly name: string;
  readonly samples: { readonly calibration: readonly number[][]; readonly test: readonly number[][] };
  readonly shape: readonly number[];
  readonly ways: readonly (readonly string[])[];
}

function images(name: string, side: number, largest: number, waves: number, ways: Case['ways']): Case {
  const random = new Random(12345);
  const make = (count: number): number[][] => Array.from({ length: count }, () => madeUpImage(random, side, largest, waves));
  return { name, samples: { calibration: make(CALIBRATION), test: make(TEST) }, shape: [3, side, side], ways };
}

function frames(): Case {
  const bytes = fs.readFileSync(path.join(shared, 'testdata/ad01/normal_id_01_00000000_hist_librosa.bin'));
  const all = framesOf(bytes);
  return { name: 'ad_autoencoder', samples: { calibration: all.filter((_, i) => i % 2 === 0), test: all.filter((_, i) => i % 2 === 1) }, shape: [640], ways: [['--quantize', 'int8'], ['--factorize', 'flash=50%']] };
}

/** Samples of the calibration set that are looked at besides those that nothing was fitted to. */
const GIVEN = 32;

/** Of what was given, then of what nothing was fitted to. */
async function outputs(file: string, { samples, shape }: Case): Promise<Float64Array[][]> {
  const { lowered } = await openModel(file, quietTask);
  const interpreter = new Interpreter(lowered);
  const wanted = lowered.graph.values.get(lowered.graph.inputs[0])!.type.shape!;
  const isLast = shape.length === 3 && wanted[wanted.length - 1] === shape[0];
  return [samples.calibration.slice(0, GIVEN), samples.test].map((list) => list.map((sample) => realValues(interpreter.run([inputOf(lowered, Float64Array.from(isLast ? channelsLast(sample, shape) : sample))])[0])));
}

async function main(): Promise<void> {
  const rows: Readonly<Record<string, string | number>>[] = [];
  const both: Case['ways'] = [['--quantize', 'int8'], ['--prune', 'macs=30%']].map((way) => [...way, '--time-limit', '60']);
  const cases = [images('resnet8', 32, 255, 5, both), images('resnet8', 32, 255, 0, both), images('vww_mobilenetv1_025', 96, 1, 5, both), frames()];
  for (const [index, one] of cases.entries()) {
    const { name, samples, shape, ways } = one;
    const data = path.join(folder, `${index}.npz`);
    const array = (list: readonly number[][]): Uint8Array => npyFile([list.length, ...shape], list.flat());
    fs.writeFileSync(data, zipSync({ 'x_calibration.npy': array(samples.calibration), 'x_test.npy': array(samples.test) }));
    const float = await outputs(model(`${name}_float.onnx`), one);
    const inputs = name === 'ad_autoencoder' ? 'recorded frames' : one === cases[1] ? 'noise' : 'waves and noise';
    const row = (what: string, result: readonly Float64Array[][], flashBytes: number | string, macs: number | string): void => {
      const [given, unseen] = result.map((list, set) => list.map((output, i) => cosine(output, float[set][i])));
      const mean = (list: readonly number[]): string => (list.reduce((a, b) => a + b, 0) / list.length).toFixed(5);
      const entry = { model: name, inputs, what, 'mean cosine': mean(unseen), 'least cosine': Math.min(...unseen).toFixed(4), 'mean on given inputs': mean(given), 'flash B': flashBytes, macs };
      console.log(JSON.stringify(entry));
      rows.push(entry);
    };
    row('official int8', await outputs(model(`${name}_int8.tflite`), one), '', '');
    for (const way of ways) {
      const out = path.join(folder, 'out.onnx');
      const report = JSON.parse(run(process.execPath, ['dist/cli.js', 'compress', model(`${name}_float.onnx`), '--calibration', data, ...way, '--out', out, '--replace', '--json'])) as CompressReport;
      row(way.join(' '), await outputs(out, one), report.after.flashBytes, report.after.macs);
    }
  }
  console.table(rows);
}

void main().finally(() => fs.rmSync(folder, { recursive: true, force: true }));
