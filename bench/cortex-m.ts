// Runs generated C once on a simulated Cortex-M core and counts its instructions.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findBoard } from '../src/device/boards';
import { firmwareProject } from '../src/device/firmware/project';

/** Virtual nanoseconds of an instruction: 2^6 (`-icount shift=6`). */
const NS_PER_INSTRUCTION = 64;

// SysTick has 24 bits: its wraps are counted too. Semihosting (Arm IHI 0100): 4 writes text, 0x18 ends the program.
const harness = (type: 'int8_t' | 'float'): string => `#include "m.h"
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
  ${type} *const in = (${type} *)m_input_0(&model);
  for (uint32_t i = 0; i < M_INPUT_0_ELEMENTS; i++) in[i] = (int8_t)((x = x * 1664525u + 1013904223u) >> 24)${type === 'float' ? ' / 64.0f' : ''};
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
  for (uint32_t i = 0; i < (sizeof(${type}) == 4 ? M_OUTPUT_0_BYTES / 4 : 0); i++) number(((const uint32_t *)(const void *)out)[i]);
  semihost(0x18, (void *)0x20026);
  return 0;
}
`;

export const run = (program: string, args: readonly string[], cwd?: string): string => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
export const round = (x: number, digits: number): number => Number(x.toFixed(digits));

export interface Measured {
  readonly instructions: number;
  readonly hash: string;
  readonly codeBytes: number;
  /** Of a model with float outputs. */
  readonly output: Float32Array;
}

export interface Core {
  readonly core: string;
  readonly board: string;
  readonly isa: string;
  /** In place of the board's. */
  readonly flags?: readonly string[];
}

/** Builds the sources in `cwd` for a core and runs them once. */
export function measure(cwd: string, { board: id, flags }: Core, type: 'int8_t' | 'float' = 'int8_t'): Measured {
  const board = findBoard(id)!;
  if (board.connect.kind !== 'qemu') throw new Error(`${id} is not simulated by QEMU`);
  const chip = flags ?? board.chipFlags;
  const project = firmwareProject(board, { name: 'unused', inputs: 1, outputs: 1 });
  for (const file of project.files) if (/startup|\.ld$/.test(file.path)) fs.writeFileSync(path.join(cwd, path.basename(file.path)), file.text);
  fs.writeFileSync(path.join(cwd, 'main.c'), harness(type));
  const script = fs.readdirSync(cwd).find((file) => file.endsWith('.ld'))!;
  run('arm-none-eabi-gcc', [...chip, '-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-c', 'm.c', 'm_weights.c'], cwd);
  run('arm-none-eabi-gcc', [...chip, '-std=gnu11', '-O1', '-c', 'main.c', 'startup.c'], cwd);
  const memories = project.linkFlags.filter((flag) => flag.includes('--defsym'));
  run('arm-none-eabi-gcc', [...chip, '-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', script, ...memories, 'm.o', 'm_weights.o', 'main.o', 'startup.o', '-lm', '-lc', '-lgcc', '-o', 'm.elf'], cwd);
  const options = ['-M', board.connect.machine, '-icount', 'shift=6', '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting-config', 'enable=on,target=native'];
  const done = spawnSync('qemu-system-arm', [...options, '-kernel', 'm.elf'], { cwd, encoding: 'utf8', timeout: 300_000 });
  // The semihosting console is QEMU's standard error.
  const [ticks, wraps, hash, ...words] = `${done.stdout}${done.stderr}`.trim().split(' ').map(Number);
  const ns = ((ticks + wraps * 2 ** 24) * 1e9) / board.clockHz!.value; // a simulated core has a clock
  const codeBytes = run('arm-none-eabi-size', ['-A', 'm.o'], cwd).split('\n').map((line) => line.trim().split(/\s+/)).filter(([section]) => section.startsWith('.text')).reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { instructions: Math.round(ns / NS_PER_INSTRUCTION), hash: hash.toString(16).padStart(8, '0'), codeBytes, output: new Float32Array(Uint32Array.from(words).buffer) };
}
