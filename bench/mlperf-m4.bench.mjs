// TFLite models on a simulated Cortex-M4F: instructions per inference, arena, code, beside TensorFlow Lite Micro with CMSIS-NN.
// Models and recorded outputs lie in ../shared; needs arm-none-eabi-gcc and qemu-system-arm.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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

const core = ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'];
const port = path.resolve('src/device/firmware/ports/cortex-m-mps2');
const shared = path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const expected = JSON.parse(fs.readFileSync(path.join(shared, 'reference', 'expected.json'), 'utf8')).models;

// One instruction takes 2^6 ns of virtual time, SysTick counts 40 ns: 8 ticks are 5 instructions. It has 24 bits: the wraps
// are counted too. Semihosting (Arm IHI 0100): 4 writes text, 0x18 ends the program.
const harness = `#include "m.h"
#define SYST ((volatile uint32_t *)0xE000E010u)
void tml_fault(void);
void SysTick_Handler(void);
void UART0_Handler(void);
static int semihost(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
static volatile uint32_t wraps;
void tml_fault(void) { semihost(0x18, (void *)0x20023); }
void SysTick_Handler(void) { wraps++; }
void UART0_Handler(void) {}
static void number(uint32_t x) {
  char text[12], *at = text + 11;
  *at = 0;
  do *--at = (char)('0' + x % 10); while (x /= 10);
  semihost(4, at);
  semihost(4, " ");
}
static m_model model;
int main(void) {
  m_init(&model);
  uint32_t x = 1;
  int8_t *const in = (int8_t *)m_input_0(&model);
  for (uint32_t i = 0; i < M_INPUT_0_BYTES; i++) in[i] = (int8_t)((x = x * 1664525u + 1013904223u) >> 24);
  SYST[1] = 0xFFFFFFu; SYST[2] = 0; SYST[0] = 7;
  while (SYST[2] == 0) {}
  const uint32_t from = SYST[2], wraps_before = wraps;
  m_run(&model);
  const uint32_t to = SYST[2];
  number(from - to + ((wraps - wraps_before) << 24));
  uint32_t hash = 2166136261u;
  const uint8_t *const out = (const uint8_t *)m_output_0(&model);
  for (uint32_t i = 0; i < M_OUTPUT_0_BYTES; i++) hash = (hash ^ out[i]) * 16777619u;
  number(hash);
  semihost(0x18, (void *)0x20026);
  return 0;
}
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
const round = (x, digits) => Number(x.toFixed(digits));
const rows = [];
try {
  for (const [name, peer] of Object.entries(tflm)) {
    const cwd = path.join(folder, name);
    const model = path.join(shared, 'models', `${name}.tflite`);
    const started = process.hrtime.bigint();
    const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', model, '--out', cwd, '--name', 'm', '--isa', 'dsp', '--json']));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    fs.writeFileSync(path.join(cwd, 'main.c'), harness);
    run('arm-none-eabi-gcc', [...core, '-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-c', 'm.c', 'm_weights.c'], cwd);
    run('arm-none-eabi-gcc', [...core, '-O1', '-c', 'main.c', path.join(port, 'startup.c')], cwd);
    run('arm-none-eabi-gcc', [...core, '-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', path.join(port, 'mps2.ld'), 'm.o', 'm_weights.o', 'main.o', 'startup.o', '-lm', '-lc', '-lgcc', '-o', 'm.elf'], cwd);
    const options = ['-M', 'mps2-an386', '-icount', 'shift=6', '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting-config', 'enable=on,target=native'];
    const board = spawnSync('qemu-system-arm', [...options, '-kernel', 'm.elf'], { cwd, encoding: 'utf8', timeout: 300_000 });
    // The semihosting console is QEMU's standard error.
    const [ticks, hash] = `${board.stdout}${board.stderr}`.trim().split(' ').map(Number);
    const instructions = Math.round((ticks * 5) / 8);
    const code = run('arm-none-eabi-size', ['-A', 'm.o'], cwd).split('\n').map((line) => line.trim().split(/\s+/)).filter(([section]) => section.startsWith('.text')).reduce((sum, [, bytes]) => sum + Number(bytes), 0);
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
