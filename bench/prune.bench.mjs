// Channels left out of the keyword spotting model: accuracy against MACs, and what the generated int8 C saves on a simulated
// Cortex-M4F. Calibrated on files 0 to 99, looked at once on 100 to 599. Needs ../shared, arm-none-eabi-gcc, qemu-system-arm.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureOnM4 } from './measure-m4.mjs';

const shared = process.env.TINYML_SHARED ?? path.resolve('..', 'shared');
const model = path.join(shared, 'models/mlperf_tiny_kws_dscnn_float.onnx');
if (!fs.existsSync(model)) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
// Codes in the input scale of the official int8 model.
const data = ['--calibration', path.join(shared, 'testdata/kws01'), '--data-scale', '0.5847029089927673', '--data-zero-point', '83', '--calibrate', '0-99', '--test', '100-599'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));

/** @param {string[]} options */
function compress(source, out, ...options) {
  const args = ['dist/cli.js', 'compress', source, ...data, ...options, '--out', path.join(folder, out), '--replace', '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
try {
  const rows = [];
  let whole;
  for (const percent of [0, 10, 20, 30, 40, 50, 60, 70]) {
    const target = ['--prune', `macs=${percent}%`];
    const naive = percent ? compress(model, 'naive.onnx', ...target, '--importance', 'l1', '--no-refit', '--time-limit', '1').after.accuracy.right : undefined;
    const pruned = percent ? compress(model, 'pruned.onnx', ...target) : undefined;
    // TFLite's rounding has the kernels for DSP instructions.
    const int8 = compress(percent ? path.join(folder, 'pruned.onnx') : model, 'pruned.int8.tflite', '--quantize', 'int8', '--method', 'plain');
    const measured = measureOnM4(path.join(folder, 'pruned.int8.tflite'), path.join(folder, `c${percent}`));
    whole ??= { macs: int8.after.macs, instructions: measured.instructions, flash: measured.weightBytes + measured.code };
    const { macs } = int8.after;
    const flash = measured.weightBytes + measured.code;
    rows.push({
      asked: `${percent} %`, macs, 'fewer MACs': share(whole.macs - macs, whole.macs), float: pruned?.after.accuracy.right ?? int8.before.accuracy.right, 'naive L1': naive ?? '', int8: int8.after.accuracy.right,
      instructions: measured.instructions, 'fewer instructions': share(whole.instructions - measured.instructions, whole.instructions),
      'of the MAC saving': percent ? ((1 - measured.instructions / whole.instructions) / (1 - macs / whole.macs)).toFixed(2) : '',
      'flash B': flash, 'less flash': share(whole.flash - flash, whole.flash), 'arena B': measured.arenaBytes,
    });
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
