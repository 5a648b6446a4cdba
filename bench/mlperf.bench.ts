// TFLite models on simulated Cortex-M cores: instructions per inference, arena and code, beside TensorFlow Lite Micro with
// CMSIS-NN. Models and recorded outputs lie in ../shared; needs arm-none-eabi-gcc and qemu-system-arm.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measure, round, run, type Core } from './cortex-m';

interface Peer {
  /** TFLM's instructions on each core, where they were measured; its arena in bytes. */
  readonly instructions: Readonly<Record<string, number | undefined>>;
  readonly arena: number;
  readonly targets?: Readonly<Record<string, number>>;
}

// Recorded: tflite-micro 90b983c2 with CMSIS-NN 4ab83cc3 and its release flags, the same compiler and simulator, input seed 1;
// targets: ../shared/reference/peers.md, sections 3 and 5.
const peers: Readonly<Record<string, Peer>> = {
  mlperf_tiny_resnet8_int8: { instructions: { M4F: 29_864_120, M7: 30_030_000, M55: 4_910_000 }, arena: 54_996, targets: { M4F: 11_500_000, M55: 3_500_000 } },
  mlperf_tiny_kws_dscnn_int8: { instructions: { M4F: 7_697_869, M7: 7_640_000, M55: 1_810_000 }, arena: 22_820, targets: { M4F: 2_800_000, M55: 1_100_000 } },
  mlperf_tiny_vww_mobilenetv1_025_int8: { instructions: { M4F: 24_101_937, M7: 24_030_000, M55: 6_560_000 }, arena: 100_708, targets: { M4F: 5_000_000, M55: 2_600_000 } },
  mlperf_tiny_ad_autoencoder_int8: { instructions: { M4F: 582_971, M7: 583_000, M55: 150_000 }, arena: 2_580, targets: { M4F: 290_000, M55: 120_000 } },
  tflm_person_detect_int8: { instructions: { M4F: 22_928_474 }, arena: 82_308 },
  tflm_micro_speech_int8: { instructions: { M4F: 1_495_385 }, arena: 6_836 },
  tflm_hello_world_int8: { instructions: { M4F: 3_524 }, arena: 772 },
  mlperf_tiny_streaming_ww_int8: { instructions: { M4F: 2_227_074 }, arena: 16_596 },
  tinymaix_mnist_valid_q: { instructions: { M4F: 212_570 }, arena: 2_884 },
};

/** Armv6-M code runs unchanged on the Cortex-M3 machine, which has the memory that the microbit lacks. */
const cores: readonly Core[] = [
  { core: 'M4F', board: 'm4-sim', isa: 'dsp' },
  { core: 'M7', board: 'm7-sim', isa: 'dsp' },
  { core: 'M55', board: 'm55-sim', isa: 'mve' },
  { core: 'M0+', board: 'm3-sim', isa: 'c99', flags: ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'] },
];

const shared = path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const expected = JSON.parse(fs.readFileSync(path.join(shared, 'reference', 'expected.json'), 'utf8')).models;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
let isGood = true;
try {
  for (const target of cores) {
    const rows = [];
    for (const [name, peer] of Object.entries(peers)) {
      const cwd = path.join(folder, target.core, name);
      const started = process.hrtime.bigint();
      const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', path.join(shared, 'models', `${name}.tflite`), '--out', cwd, '--name', 'm', '--isa', target.isa, '--json']));
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const { instructions, hash, codeBytes } = measure(cwd, target);
      const theirs = peer.instructions[target.core];
      const goal = peer.targets?.[target.core];
      const isEqual = hash === expected[name].runs[0].outputs[0].fnv1a32;
      isGood &&= isEqual && (!goal || instructions <= goal);
      rows.push({
        model: name.replace(/^mlperf_tiny_|_int8$/g, ''), instructions, 'of TFLM': theirs ? round(instructions / theirs, 3) : '', target: goal ?? '', 'arena B': arenaBytes, 'of TFLM\u2019s': round(arenaBytes / peer.arena, 2),
        'code B': codeBytes, 'constants B': weightBytes, bits: isEqual ? 'equal' : 'DIFFER', 'generated in s': round(seconds, 2),
      });
    }
    console.log(`Cortex-${target.core}, --isa ${target.isa}`);
    console.table(rows);
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
if (!isGood) process.exitCode = 1;
