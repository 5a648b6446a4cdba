import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Board } from '../../src/device/boards/board';
import { firmwareProject } from '../../src/device/firmware/project';
import { emitModel } from '../../src/engine/codegen/emit';
import type { Program } from '../../src/engine/codegen/program';

/** Reading SysTick or minstret in the hook between two layers: what an empty layer costs is measured and taken off. */
const head = `#include <stdint.h>
extern volatile uint32_t bench_marks[][2];
#if defined(__riscv)
static inline void bench_mark(int i) { uint32_t x; __asm volatile("csrr %0, minstret" : "=r"(x)::"memory"); bench_marks[i][0] = x; }
#else
extern volatile uint32_t bench_wraps;
static inline void bench_mark(int i) {
  uint32_t wraps, ticks;
  do { wraps = bench_wraps; ticks = *(volatile uint32_t *)0xE000E018u; } while (wraps != bench_wraps);
  bench_marks[i][0] = ticks; bench_marks[i][1] = wraps;
}
#endif
#define TML_LAYER_END(layer, result, bytes) bench_mark((layer) + 1)
`;

const harness = `#include "m.h"
#include "bench_head.h"
static m_model model;
volatile uint32_t bench_marks[M_LAYER_COUNT + 2][2];
static void put(char c);
static void number(uint32_t x) {
  char text[12], *at = text + 11;
  *at = 0;
  do *--at = (char)('0' + x % 10); while (x /= 10);
  while (*at) put(*at++);
  put('\\n');
}
#if defined(__riscv)
/* What the UART still holds when the machine ends is lost: each byte is waited for (line status, bit 6). */
static void put(char c) {
  *(volatile uint8_t *)0x10000000u = (uint8_t)c;
  while (!(*(volatile uint8_t *)0x10000005u & 0x40)) {}
}
static void finish(void) { *(volatile uint32_t *)0x100000u = 0x5555u; for (;;) {} }
static void start(void) {}
#else
volatile uint32_t bench_wraps;
static int semihost(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
void tml_fault(void); void SysTick_Handler(void); void UART0_Handler(void);
void tml_fault(void) { semihost(0x18, (void *)0x20023); }
void SysTick_Handler(void) { bench_wraps++; }
void UART0_Handler(void) {}
static void put(char c) { semihost(3, &c); }
static void finish(void) { semihost(0x18, (void *)0x20026); }
static void start(void) {
  volatile uint32_t *const syst = (volatile uint32_t *)0xE000E010u;
  syst[1] = 0xFFFFFFu; syst[2] = 0; syst[0] = 7;
  while (syst[2] == 0) {}
}
#endif
int main(void) {
  m_init(&model);
  uint32_t x = 1;
  uint8_t *const in = (uint8_t *)m_input_0(&model);
  for (uint32_t i = 0; i < M_INPUT_0_BYTES; i++) in[i] = (uint8_t)((x = x * 1664525u + 1013904223u) >> 24);
#ifdef BENCH_FLOAT
  for (uint32_t i = 0; i < M_INPUT_0_ELEMENTS; i++) ((float *)(void *)in)[i] = (float)(int32_t)((x = x * 1664525u + 1013904223u)) / 2147483648.0f;
#endif
  start();
  bench_mark(0);
  m_run(&model);
  for (int i = 0; i <= M_LAYER_COUNT; i++) { number(bench_marks[i][0]); number(bench_marks[i][1]); }
  finish();
  return 0;
}
`;

/** A model's generated C, linked for a simulated board, with marks between its layers. */
export class QemuProgram {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
  readonly elf = path.join(this.folder, 'm.elf');
  private readonly layers: number;

  constructor(program: Program, private readonly board: Board) {
    this.layers = program.steps.length;
    const compiler = this.isRiscv ? 'riscv64-unknown-elf-gcc' : 'arm-none-eabi-gcc';
    const write = (file: string, text: string): void => fs.writeFileSync(path.join(this.folder, file), text);
    for (const file of emitModel(program, 'm').files) write(file.path, file.text);
    const project = firmwareProject(board, { name: 'unused', inputs: 1, outputs: 1 });
    for (const file of project.files) if (/startup|start\.S|\.ld$/.test(file.path)) write(file.path, file.text);
    write('bench_head.h', head);
    write('main.c', harness);
    const gcc = (args: readonly string[]): void => void execFileSync(compiler, [...board.chipFlags, ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const isFloat = program.model.graph.values.get(program.model.graph.inputs[0])!.type.dtype === 'float32';
    const files = fs.readdirSync(this.folder);
    const library = this.isRiscv ? ['--specs=picolibc.specs'] : ['--specs=nano.specs'];
    gcc(['-std=gnu99', '-O2', '-ffunction-sections', ...(this.isRiscv ? library : []), '-include', 'bench_head.h', '-c', 'm.c', 'm_weights.c']);
    gcc(['-O1', ...(this.isRiscv ? library : []), ...(isFloat ? ['-DBENCH_FLOAT'] : []), '-c', 'main.c', ...files.filter((file) => /startup\.c|start\.S/.test(file))]);
    gcc(['-nostartfiles', ...library, '-Wl,--gc-sections', '-T', files.find((file) => file.endsWith('.ld'))!, ...project.linkFlags.filter((flag) => flag.includes('--defsym')),
      ...fs.readdirSync(this.folder).filter((file) => file.endsWith('.o')), '-lm', '-lc', '-lgcc', '-o', 'm.elf']);
  }

  private get isRiscv(): boolean {
    return this.board.toolchain === 'riscv-gcc';
  }

  private get command(): readonly [string, string[]] {
    const { connect } = this.board;
    if (connect.kind !== 'qemu') throw new Error('not a board in QEMU');
    const common = ['-M', connect.machine, '-icount', `shift=${connect.icountShift}`, '-display', 'none', '-monitor', 'none', '-kernel', this.elf];
    return [connect.program, this.isRiscv ? [...common, '-bios', 'none', '-serial', 'stdio'] : [...common, '-serial', 'none', '-semihosting-config', 'enable=on,target=native']];
  }

  /** Instructions of each layer. */
  layerInstructions(): number[] {
    const [program, args] = this.command;
    const done = spawnSync(program, args, { encoding: 'utf8', timeout: 600_000, input: '' });
    const numbers = `${done.stdout}${done.stderr}`.trim().split(/\s+/).map(Number);
    if (numbers.length !== 2 * (this.layers + 1)) throw new Error(`The simulated board wrote: ${`${done.stdout}${done.stderr}`.slice(-200)}`);
    const marks = Array.from({ length: this.layers + 1 }, (_, i) => this.instructionsAt(numbers[2 * i], numbers[2 * i + 1]));
    return Array.from({ length: this.layers }, (_, i) => Math.max(1, marks[i + 1] - marks[i] - MARK_INSTRUCTIONS));
  }

  private instructionsAt(low: number, wraps: number): number {
    if (this.isRiscv) return low;
    const { connect, clockHz } = this.board;
    const nsPerInstruction = 2 ** (connect.kind === 'qemu' ? connect.icountShift : 0);
    return ((wraps + 1) * 2 ** 24 - low) * (1e9 / clockHz!.value / nsPerInstruction);
  }

  /** Addresses of all instructions from the start of `m_run` to its end, in order. */
  async trace(visit: (address: number) => void): Promise<void> {
    const [program, args] = this.command;
    const child = spawn(program, [...args, '-singlestep', '-d', 'exec,nochain'], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface({ input: child.stderr })) {
      // Trace 0: 0x7f2e5c000100 [00000000/000012a4/00000110/ff200001] main
      const at = line.indexOf('/');
      if (line.startsWith('Trace') && at > 0) visit(parseInt(line.slice(at + 1, line.indexOf('/', at + 1)), 16));
    }
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Instructions of one mark between two layers, by the compiler's listing: two loads of the wraps, one of SysTick, compare, two stores. */
const MARK_INSTRUCTIONS = 9;
