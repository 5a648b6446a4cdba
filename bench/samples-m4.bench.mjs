// The samples on a simulated Cortex-M4F: instructions per inference, and flash and RAM as modelled against the linked firmware.
// Needs arm-none-eabi-gcc and qemu-system-arm.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cli = (...args) => JSON.parse(execFileSync(process.execPath, ['dist/cli.js', ...args, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const size = (object) => Number(execFileSync('arm-none-eabi-size', [object], { encoding: 'utf8' }).split('\n')[1].trim().split(/\s+/)[0]);
const rows = [];
try {
  for (const sample of ['digits/digits', 'digits/digits-dense', 'gesture/gesture']) {
    const float = path.join(folder, `${path.basename(sample)}.onnx`);
    fs.copyFileSync(path.join('samples', `${sample}.onnx`), float);
    fs.copyFileSync(path.join('samples', path.dirname(sample), `${path.dirname(sample)}.npz`), float.replace('.onnx', '.npz'));
    for (const model of [float, cli('compress', float, '--quantize', 'int8').out]) {
      const { totals } = cli('inspect', model, '--board', 'm4-sim');
      const { events, summary } = cli('flash', model, '--board', 'm4-sim', '--limit', '5', '--build-dir', path.join(folder, 'build'));
      const instructions = events.filter((event) => event.kind === 'prediction').map((event) => event.ticks);
      const sources = path.join(folder, 'c', path.basename(model));
      cli('codegen', model, '--out', sources, '--name', 'm', '--isa', 'dsp');
      execFileSync('arm-none-eabi-gcc', ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard', '-std=c99', '-O2', '-c', 'm.c', '-o', 'm.o'], { cwd: sources });
      rows.push({
        model: path.basename(model), MACs: totals.macs, 'instructions (median)': instructions.sort((a, b) => a - b)[Math.floor(instructions.length / 2)],
        'per MAC': Number((instructions[Math.floor(instructions.length / 2)] / totals.macs).toFixed(2)),
        'code modelled B': totals.flashBytes - totals.weightBytes, 'code of the model measured B': size(path.join(sources, 'm.o')), 'arena B': totals.ramBytes,
        'equal to host': `${summary.equal} of ${summary.samples}`,
      });
    }
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
