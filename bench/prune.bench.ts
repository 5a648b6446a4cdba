// Channels left out of the keyword spotting model: accuracy against MACs, and what the generated int8 C saves on a simulated
// Cortex-M4F: under targets of MACs (layers fitted by themselves, then as a whole network), and of modelled time. Calibrated on files 0 to 99, looked at once on 100 to 599. Needs ../shared, arm-none-eabi-gcc, qemu-system-arm.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CompressReport } from '../src/app/engine-contract';
import { measure, run, type Core } from './cortex-m';

const core: Core = { core: 'M4F', board: 'm4-sim', isa: 'dsp' };
const shared = process.env.TINYML_SHARED ?? path.resolve('..', 'shared');
const model = path.join(shared, 'models/mlperf_tiny_kws_dscnn_float.onnx');
if (!fs.existsSync(model)) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
// Codes in the input scale of the official int8 model.
const data = ['--calibration', path.join(shared, 'testdata/kws01'), '--data-scale', '0.5847029089927673', '--data-zero-point', '83', '--calibrate', '0-99', '--test', '100-599'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));

const compress = (source: string, out: string, ...options: readonly string[]): CompressReport =>
  JSON.parse(run(process.execPath, ['dist/cli.js', 'compress', source, ...data, ...options, '--out', path.join(folder, out), '--replace', '--json'])) as CompressReport;

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** The same channels again as another run chose, by a recipe: nothing is searched. */
function recipeOf({ steps }: CompressReport): string {
  const file = path.join(folder, 'widths.tinyml-recipe.json');
  const widths = Object.fromEntries(steps[0].places.filter((place) => place.after < place.before).map((place) => [place.name, place.after]));
  fs.writeFileSync(file, JSON.stringify({ schema: 'tinyml-recipe/1', steps: [{ kind: 'prune', measure: 'macs', widths }] }));
  return file;
}

interface Cost {
  readonly macs: number;
  readonly instructions: number;
  readonly flash: number;
}
let whole: Cost | undefined;

/** Of the C of an int8 TFLite file, beside the whole model. */
function costOf(file: string, { macs, accuracy }: CompressReport['after']): Readonly<Record<string, string | number>> {
  const cwd = path.join(folder, `c-${path.parse(file).name}`);
  const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', path.join(folder, file), '--out', cwd, '--name', 'm', '--isa', core.isa, '--json'])) as { arenaBytes: number; weightBytes: number };
  const { instructions, codeBytes } = measure(cwd, core);
  const flash = weightBytes + codeBytes;
  whole ??= { macs, instructions, flash };
  return {
    macs, 'fewer MACs': share(whole.macs - macs, whole.macs), int8: accuracy!.right, instructions, 'fewer instructions': share(whole.instructions - instructions, whole.instructions),
    'of the MAC saving': macs < whole.macs ? ((1 - instructions / whole.instructions) / (1 - macs / whole.macs)).toFixed(2) : '',
    'constants B': weightBytes, 'code B': codeBytes, 'less flash': share(whole.flash - flash, whole.flash), 'arena B': arenaBytes,
  };
}

try {
  const rows: Readonly<Record<string, string | number>>[] = [];
  const add = (row: Readonly<Record<string, string | number>>): void => {
    console.log(JSON.stringify(row));
    rows.push(row);
  };
  // TFLite's rounding has the kernels for DSP instructions.
  const toInt8 = ['--quantize', 'int8', '--method', 'plain'];
  for (const percent of [0, 10, 20, 30, 40, 50, 60, 70]) {
    const target = ['--prune', `macs=${percent}%`];
    const naive = percent ? compress(model, 'naive.onnx', ...target, '--importance', 'l1', '--no-refit', '--time-limit', '1') : undefined;
    const layers = percent ? compress(model, 'layers.onnx', ...target, '--refit', 'layers', '--time-limit', '60') : undefined;
    const network = layers && compress(model, 'pruned.onnx', '--recipe', recipeOf(layers));
    const file = `${percent}.int8.tflite`;
    const int8 = compress(percent ? path.join(folder, 'pruned.onnx') : model, file, ...toInt8);
    add({ asked: `MACs ${percent} %`, 'naive L1': naive?.after.accuracy!.right ?? '', layers: layers?.after.accuracy!.right ?? '', network: (network?.after ?? int8.before).accuracy!.right, ...costOf(file, int8.after) });
  }
  for (const percent of [10, 20, 30, 40, 50, 60, 70]) {
    const file = `time${percent}.int8.tflite`;
    const report = compress(model, file, '--prune', `time=${percent}%`, '--board', core.board, ...toInt8, '--time-limit', '60');
    add({ asked: `time ${percent} %`, ...costOf(file, report.after) });
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
