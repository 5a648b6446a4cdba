// Channels left out of the keyword spotting model: accuracy against MACs, and what the generated int8 C saves on a simulated
// Cortex-M4F. Calibrated on files 0 to 99, looked at once on 100 to 599. Needs ../shared, arm-none-eabi-gcc, qemu-system-arm.
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
try {
  const rows = [];
  let whole: { macs: number; instructions: number; flash: number } | undefined;
  for (const percent of [0, 10, 20, 30, 40, 50, 60, 70]) {
    const target = ['--prune', `macs=${percent}%`];
    const naive = percent ? compress(model, 'naive.onnx', ...target, '--importance', 'l1', '--no-refit', '--time-limit', '1') : undefined;
    const pruned = percent ? compress(model, 'pruned.onnx', ...target) : undefined;
    // TFLite's rounding has the kernels for DSP instructions.
    const int8 = compress(percent ? path.join(folder, 'pruned.onnx') : model, 'pruned.int8.tflite', '--quantize', 'int8', '--method', 'plain');
    const cwd = path.join(folder, `c${percent}`);
    const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', path.join(folder, 'pruned.int8.tflite'), '--out', cwd, '--name', 'm', '--isa', core.isa, '--json'])) as { arenaBytes: number; weightBytes: number };
    const { instructions, codeBytes } = measure(cwd, core);
    const { macs } = int8.after;
    const flash = weightBytes + codeBytes;
    whole ??= { macs, instructions, flash };
    const row = {
      asked: `${percent} %`, macs, 'fewer MACs': share(whole.macs - macs, whole.macs), 'naive L1': naive?.after.accuracy!.right ?? '', float: (pruned?.after ?? int8.before).accuracy!.right, int8: int8.after.accuracy!.right,
      instructions, 'fewer instructions': share(whole.instructions - instructions, whole.instructions),
      'of the MAC saving': percent ? ((1 - instructions / whole.instructions) / (1 - macs / whole.macs)).toFixed(2) : '',
      'constants B': weightBytes, 'code B': codeBytes, 'less flash': share(whole.flash - flash, whole.flash), 'arena B': arenaBytes,
    };
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
