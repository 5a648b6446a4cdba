// TFLite models on a simulated Cortex-M4F: instructions per inference, arena, code, beside TensorFlow Lite Micro with CMSIS-NN.
// Models and recorded outputs lie in ../shared; needs arm-none-eabi-gcc and qemu-system-arm.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureOnM4 } from './measure-m4.mjs';

// Recorded: tflite-micro 90b983c2 with CMSIS-NN 4ab83cc3 and its release flags, the same compiler and simulator, input seed 1
// (../shared/reference/peers.md section 3). Arena in bytes; flash without the model where it was measured.
const tflm = {
  mlperf_tiny_resnet8_int8: { instructions: 29_864_120, arena: 54_996, code: 79_444, target: 11_500_000 },
  mlperf_tiny_kws_dscnn_int8: { instructions: 7_697_869, arena: 22_820, code: 84_584, target: 2_800_000 },
  mlperf_tiny_vww_mobilenetv1_025_int8: { instructions: 24_101_937, arena: 100_708, code: 84_584, target: 5_000_000 },
  mlperf_tiny_ad_autoencoder_int8: { instructions: 582_971, arena: 2_580, code: 32_272, target: 290_000 },
  tflm_person_detect_int8: { instructions: 22_928_474, arena: 82_308 },
  tflm_micro_speech_int8: { instructions: 1_495_385, arena: 6_836 },
  tflm_hello_world_int8: { instructions: 3_524, arena: 772 },
  mlperf_tiny_streaming_ww_int8: { instructions: 2_227_074, arena: 16_596 },
  tinymaix_mnist_valid_q: { instructions: 212_570, arena: 2_884 },
};

const shared = path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const expected = JSON.parse(fs.readFileSync(path.join(shared, 'reference', 'expected.json'), 'utf8')).models;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const round = (x, digits) => Number(x.toFixed(digits));
const rows = [];
try {
  for (const [name, peer] of Object.entries(tflm)) {
    const cwd = path.join(folder, name);
    const model = path.join(shared, 'models', `${name}.tflite`);
    const { instructions, hash, arenaBytes, weightBytes, code, seconds } = measureOnM4(model, cwd);
    rows.push({
      model: name.replace(/^mlperf_tiny_|_int8$/g, ''), instructions, 'of TFLM': round(instructions / peer.instructions, 3), target: peer.target ?? '', 'arena B': arenaBytes, 'of TFLM\u2019s': round(arenaBytes / peer.arena, 2),
      'code B': code, 'constants B': weightBytes, 'bits': hash.toString(16).padStart(8, '0') === expected[name].runs[0].outputs[0].fnv1a32 ? 'equal' : 'DIFFER', 'generated in s': round(seconds, 2),
    });
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
if (rows.some((row) => row.bits !== 'equal' || (row.target && row.instructions > row.target))) process.exitCode = 1;
