// Float models on a simulated Cortex-M4F: kernels for its FPU beside our portable C and TensorFlow Lite Micro.
// Models lie in ../shared; needs arm-none-eabi-gcc and qemu-system-arm.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measure, round, run } from './cortex-m';

// Instructions of TFLM, which has no faster path for floats, with the same compiler and simulator, and our targets:
// ../shared/reference/peers.md, sections 3 and 5.
const models = [
  { file: 'mlperf_tiny_resnet8_float.tflite', tflm: 88_700_000, target: 16_000_000 },
  { file: 'mlperf_tiny_kws_dscnn_float.onnx', target: 3_600_000 },
  { file: 'mlperf_tiny_vww_mobilenetv1_025_float.tflite', tflm: 80_600_000, target: 10_000_000 },
  { file: 'mlperf_tiny_ad_autoencoder_float.tflite', tflm: 1_360_000, target: 350_000 },
];

const shared = path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const rows = [];
try {
  for (const { file, tflm, target } of models) {
    const [fast, portable] = ['dsp', 'c99'].map((isa) => {
      const cwd = path.join(folder, isa, file);
      const { arenaBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', path.join(shared, 'models', file), '--out', cwd, '--name', 'm', '--isa', isa, '--json']));
      return { ...measure(cwd, { core: 'M4F', board: 'm4-sim', isa }, 'float'), arenaBytes };
    });
    const largest = Math.max(...portable.output.map(Math.abs));
    const difference = Math.max(...portable.output.map((x, i) => Math.abs(x - fast.output[i]))) / largest;
    if (!(difference < 1e-5)) process.exitCode = 1;
    rows.push({
      model: file.replace(/^mlperf_tiny_|_float\..*$/g, ''), instructions: fast.instructions, target, portable: portable.instructions, 'of portable': round(fast.instructions / portable.instructions, 3),
      'of TFLM': tflm ? round(fast.instructions / tflm, 3) : '', 'arena B': fast.arenaBytes, 'portable\u2019s': portable.arenaBytes, 'code B': fast.codeBytes, 'difference, relative': difference.toExponential(1),
    });
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
