// Generated C on a simulated Cortex-M4F: instructions of one inference, code bytes, and a hash of the outputs.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const core = ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'];
// QEMU hw/arm/mps2.c, mps2-an386: 4 MiB each of ZBT SSRAM 1 at 0 and SSRAM 2 and 3 at 0x20000000.
const memories = Object.entries({ __flash_origin: 0, __flash_bytes: 0x400000, __ram_origin: 0x20000000, __ram_bytes: 0x400000 }).map(([name, value]) => `-Wl,--defsym=${name}=${value}`);
const port = path.resolve('src/device/firmware/ports/cortex-m');
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

const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });

/** Generates C for a model into `cwd`, builds and runs it once on random codes (seed 1). */
export function measureOnM4(model, cwd, isa = 'dsp') {
  const started = process.hrtime.bigint();
  const { arenaBytes, weightBytes } = JSON.parse(run(process.execPath, ['dist/cli.js', 'codegen', model, '--out', cwd, '--name', 'm', '--isa', isa, '--json']));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  fs.writeFileSync(path.join(cwd, 'main.c'), harness);
  run('arm-none-eabi-gcc', [...core, '-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-c', 'm.c', 'm_weights.c'], cwd);
  run('arm-none-eabi-gcc', [...core, '-O1', '-c', 'main.c', path.join(port, 'startup.c')], cwd);
  run('arm-none-eabi-gcc', [...core, '-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', path.join(port, 'cortex_m.ld'), ...memories, 'm.o', 'm_weights.o', 'main.o', 'startup.o', '-lm', '-lc', '-lgcc', '-o', 'm.elf'], cwd);
  const options = ['-M', 'mps2-an386', '-icount', 'shift=6', '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting-config', 'enable=on,target=native'];
  const board = spawnSync('qemu-system-arm', [...options, '-kernel', 'm.elf'], { cwd, encoding: 'utf8', timeout: 300_000 });
  // The semihosting console is QEMU's standard error.
  const [ticks, hash] = `${board.stdout}${board.stderr}`.trim().split(' ').map(Number);
  const code = run('arm-none-eabi-size', ['-A', 'm.o'], cwd).split('\n').map((line) => line.trim().split(/\s+/)).filter(([section]) => section.startsWith('.text')).reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { instructions: Math.round((ticks * 5) / 8), hash, arenaBytes, weightBytes, code, seconds };
}
