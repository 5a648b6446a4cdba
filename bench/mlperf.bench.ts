// TFLite models on simulated Cortex-M cores: instructions per inference, arena and code, beside TensorFlow Lite Micro with
// CMSIS-NN. Models and recorded outputs lie in ../shared; needs arm-none-eabi-gcc and qemu-system-arm.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../src/device/boards';
import { firmwareProject } from '../src/device/firmware/project';

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
const cores = [
  { core: 'M4F', board: 'm4-sim', isa: 'dsp' },
  { core: 'M7', board: 'm7-sim', isa: 'dsp' },
  { core: 'M55', board: 'm55-sim', isa: 'mve' },
  { core: 'M0+', board: 'm3-sim', isa: 'c99', flags: ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'] },
] as const;

const shared = path.resolve('..', 'shared');
if (!fs.existsSync(path.join(shared, 'models'))) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}
const expected = JSON.parse(fs.readFileSync(path.join(shared, 'reference', 'expected.json'), 'utf8')).models;

/** Virtual nanoseconds of an instruction: 2^6 (`-icount shift=6`). */
const NS_PER_INSTRUCTION = 64;

// SysTick has 24 bits: its wraps are counted too. Semihosting (Arm IHI 0100): 4 writes text, 0x18 ends the program.
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
  number(from - to);
  number(wraps - wraps_before);
  uint32_t hash = 2166136261u;
  const uint8_t *const out = (const uint8_t *)m_output_0(&model);
  for (uint32_t i = 0; i < M_OUTPUT_0_BYTES; i++) hash = (hash ^ out[i]) * 16777619u;
  number(hash);
  semihost(0x18, (void *)0x20026);
  return 0;
}
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const run = (program: string, args: readonly string[], cwd?: string): string => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
const round = (x: number, digits: number): number => Number(x.toFixed(digits));

interface Measured {
  readonly instructions: number;
  readonly hash: string;
  readonly codeBytes: number;
}

/** Builds the sources in `cwd` for a core and runs them once. */
function measure(cwd: string, { board: id, flags }: { board: string; flags?: readonly string[] }): Measured {
  const board = findBoard(id)!;
  if (board.connect.kind !== 'qemu') throw new Error(`${id} is not simulated by QEMU`);
  const chip = flags ?? board.chipFlags;
  const project = firmwareProject(board, { name: 'unused', inputs: 1, outputs: 1 });
  for (const file of project.files) if (/startup|\.ld$/.test(file.path)) fs.writeFileSync(path.join(cwd, path.basename(file.path)), file.text);
  fs.writeFileSync(path.join(cwd, 'main.c'), harness);
  const script = fs.readdirSync(cwd).find((file) => file.endsWith('.ld'))!;
  run('arm-none-eabi-gcc', [...chip, '-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-c', 'm.c', 'm_weights.c'], cwd);
  run('arm-none-eabi-gcc', [...chip, '-std=gnu11', '-O1', '-c', 'main.c', 'startup.c'], cwd);
  const memories = project.linkFlags.filter((flag) => flag.includes('--defsym'));
  run('arm-none-eabi-gcc', [...chip, '-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', script, ...memories, 'm.o', 'm_weights.o', 'main.o', 'startup.o', '-lm', '-lc', '-lgcc', '-o', 'm.elf'], cwd);
  const options = ['-M', board.connect.machine, '-icount', 'shift=6', '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting-config', 'enable=on,target=native'];
  const done = spawnSync('qemu-system-arm', [...options, '-kernel', 'm.elf'], { cwd, encoding: 'utf8', timeout: 300_000 });
  // The semihosting console is QEMU's standard error.
  const [ticks, wraps, hash] = `${done.stdout}${done.stderr}`.trim().split(' ').map(Number);
  const ns = ((ticks + wraps * 2 ** 24) * 1e9) / board.clockHz.value;
  const codeBytes = run('arm-none-eabi-size', ['-A', 'm.o'], cwd).split('\n').map((line) => line.trim().split(/\s+/)).filter(([section]) => section.startsWith('.text')).reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { instructions: Math.round(ns / NS_PER_INSTRUCTION), hash: hash.toString(16).padStart(8, '0'), codeBytes };
}

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
