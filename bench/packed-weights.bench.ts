// Weights that C stores packed: keyword spotting in int8, clustered or with zeros. Right answers, flash from the ELF file and
// instructions on simulated Cortex-M cores. Calibrated on files 0 to 99, looked at once on 100 to 599. Needs ../shared,
// arm-none-eabi-gcc, qemu-system-arm.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CompressReport } from '../src/app/engine-contract';
import { measure, run, type Core } from './cortex-m';

const cores: readonly Core[] = [{ core: 'M4F', board: 'm4-sim', isa: 'dsp' }, { core: 'M3', board: 'm3-sim', isa: 'c99' }];
const shared = process.env.TINYML_SHARED ?? path.resolve('..', 'shared');
const model = path.join(shared, 'models/mlperf_tiny_kws_dscnn_float.onnx');
if (!fs.existsSync(model)) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
// Codes in the input scale of the official int8 model.
const data = ['--calibration', path.join(shared, 'testdata/kws01'), '--data-scale', '0.5847029089927673', '--data-zero-point', '83', '--calibrate', '0-99', '--test', '100-599'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const ways: readonly (readonly string[])[] = [
  [], ['--cluster', '16'], ['--cluster', '4'], ['--sparsify', '50%'], ['--sparsify', '50%', '--no-refit'], ['--sparsify', '2:4'], ['--sparsify', '50%', '--cluster', '16'],
  ['--sparsify', '40%', '--sparse-blocks'], ['--sparsify', '50%', '--sparse-blocks'], ['--sparsify', '70%', '--sparse-blocks'],
];
try {
  const rows = [];
  for (const [index, way] of ways.entries()) {
    const file = path.join(folder, `${index}.tflite`);
    const report = JSON.parse(run(process.execPath, ['dist/cli.js', 'compress', model, ...data, '--quantize', 'int8', '--method', 'plain', ...way, '--out', file, '--json'])) as CompressReport;
    const row: Record<string, string | number> = { way: way.join(' '), right: report.after.accuracy!.right };
    for (const { core, ...rest } of cores) {
      for (const goal of ['speed', 'flash']) {
        const cwd = path.join(folder, `${index}-${core}-${goal}`);
        const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', file, '--out', cwd, '--name', 'm', '--isa', rest.isa, '--optimize', goal, '--json'])) as { arenaBytes: number; weightBytes: number };
        const { instructions, codeBytes } = measure(cwd, { core, ...rest });
        row[`${core} ${goal} flash`] = weightBytes + codeBytes;
        row[`${core} ${goal} instructions`] = instructions;
        row[`${core} ${goal} arena`] = arenaBytes;
      }
    }
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
