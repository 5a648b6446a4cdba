import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { filesOf, mainOf, type CModel } from './emitted-c';
import { needTool } from './need-tool';

const GCC = 'xtensa-lx106-elf-gcc';
/** The compiler comes without a C library, and with half of a libgcc: what generated C asks of them is in `LIBRARY` and `HEAD`. */
const FLAGS = ['-std=c99', '-ffreestanding', '-mtext-section-literals', '-mlongcalls', '-Wall', '-Wextra', '-Werror', '-O2', '-ffunction-sections', '-fdata-sections', '-I.'];

/** Files of the host through `simcall`: open 5, read 3, write 4, close 6, exit 1. Source: target/xtensa/xtensa-semi.c of QEMU. */
const HEAD = `#include <stdint.h>
#include <stddef.h>
static int simcall(int operation, int first, int second, int third) {
  register int a2 __asm__("a2") = operation;
  register int a3 __asm__("a3") = first;
  register int a4 __asm__("a4") = second;
  register int a5 __asm__("a5") = third;
  __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
  return a2;
}
static int in_file = -1, out_file = -1;
static size_t read_bytes(void *to, size_t bytes) {
  if (in_file < 0) in_file = simcall(5, (int)"in.bin", 0, 0);
  const int got = simcall(3, in_file, (int)to, (int)bytes);
  return got < 0 ? 0 : (size_t)got;
}
static void write_bytes(const void *from, size_t bytes) {
  if (out_file < 0) out_file = simcall(5, (int)"out.bin", 01 | 0100 | 01000, 0600);
  simcall(4, out_file, (int)from, (int)bytes);
}
static void finish(int status) {
  simcall(1, status, 0, 0);
}
void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
void *memcpy(void *to, const void *from, size_t bytes) { return memmove(to, from, bytes); }
void *memmove(void *to, const void *from, size_t bytes) {
  volatile uint8_t *t = to;
  const uint8_t *f = from;
  if (t <= f) for (size_t i = 0; i < bytes; i++) t[i] = f[i];
  else while (bytes--) t[bytes] = f[bytes];
  return to;
}
void *memset(void *to, int value, size_t bytes) {
  volatile uint8_t *t = to;
  while (bytes--) *t++ = (uint8_t)value;
  return to;
}
/* What Debian's libgcc for this core lacks. */
static uint32_t divided(uint32_t a, uint32_t b) {
  uint32_t quotient = 0, rest = 0;
  for (int i = 31; i >= 0; i--) {
    rest = rest << 1 | (a >> i & 1);
    if (rest >= b) rest -= b, quotient |= 1u << i;
  }
  return quotient;
}
int __divsi3(int a, int b);
int __divsi3(int a, int b) {
  const uint32_t quotient = divided(a < 0 ? 0u - (uint32_t)a : (uint32_t)a, b < 0 ? 0u - (uint32_t)b : (uint32_t)b);
  return (int)((a < 0) != (b < 0) ? 0u - quotient : quotient);
}
int64_t __muldi3(int64_t a, int64_t b);
int64_t __muldi3(int64_t a, int64_t b) {
  const uint32_t al = (uint32_t)a, bl = (uint32_t)b, a0 = al & 65535, a1 = al >> 16, b0 = bl & 65535, b1 = bl >> 16;
  const uint32_t low = a0 * b0, m1 = a1 * b0, m2 = a0 * b1, middle = (low >> 16) + (m1 & 65535) + (m2 & 65535);
  const uint32_t high = a1 * b1 + (m1 >> 16) + (m2 >> 16) + (middle >> 16) + al * (uint32_t)((uint64_t)b >> 32) + (uint32_t)((uint64_t)a >> 32) * bl;
  return (int64_t)((uint64_t)high << 32 | (middle << 16 | (low & 65535)));
}
__asm__(".section .start, \\"ax\\"\\n.global _start\\n_start:\\n j 1f\\n .align 4\\n .literal_position\\n .align 4\\n1:\\n movi a1, stack_top\\n movi a0, main\\n callx0 a0\\n movi a3, 3\\n movi a2, 1\\n simcall\\n.text\\n");
`;

const LIBRARY: Readonly<Record<string, string>> = {
  'string.h': '#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\nvoid *memset(void *, int, size_t);\n',
  'math.h': '#define NAN __builtin_nanf("")\n#define INFINITY __builtin_inff()\n',
};

/** RAM of QEMU's machine `sim` with this core, and what it executes after a reset. */
const SCRIPT = `ENTRY(_start)
MEMORY { reset : ORIGIN = 0x50000000, LENGTH = 64K ram : ORIGIN = 0x60000000, LENGTH = 0x04000000 }
SECTIONS {
  .start : { KEEP(*(.start.text)) KEEP(*(.start)) } > reset
  .text : { *(.literal .literal.* .text .text.*) } > ram
  .rodata : ALIGN(16) { *(.rodata .rodata.*) } > ram
  .data : ALIGN(16) { *(.data .data.*) } > ram
  .bss : ALIGN(16) { *(.bss .bss.* COMMON) } > ram
  stack_top = ORIGIN(ram) + LENGTH(ram);
}
`;

/** Skips, and says why, where compiler or simulator are missing. */
export function needXtensa(context: Mocha.Context): void {
  needTool(context, GCC);
  needTool(context, 'qemu-system-xtensa');
}

/** Generated C of one model or several, without functions of libm, on a simulated Xtensa LX106 (the core of the ESP8266). */
export class XtensaProgram {
  private readonly folder: string;

  constructor(models: readonly CModel[]) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-xt-'));
    const write = (file: string, text: string): void => fs.writeFileSync(path.join(this.folder, file), text);
    for (const [file, text] of [...filesOf(models), ...Object.entries(LIBRARY)]) write(file, text);
    write('ram.ld', SCRIPT);
    const sources = fs.readdirSync(this.folder).filter((file) => file.endsWith('.c'));
    write('main.c', mainOf(models, HEAD, '{ finish(0); return 0; }'));
    const compile = (flags: readonly string[], list: readonly string[]): void => void execFileSync(GCC, [...flags, '-c', ...list], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    compile(FLAGS, sources);
    compile([...FLAGS.filter((flag) => !flag.startsWith('-W')), '-std=gnu11', '-fno-tree-loop-distribute-patterns'], ['main.c']);
    const objects = fs.readdirSync(this.folder).filter((file) => file.endsWith('.o'));
    execFileSync(GCC, ['-nostdlib', '-nostartfiles', '-Wl,--gc-sections', '-T', 'ram.ld', ...objects, '-lgcc', '-o', 'model.elf'], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Outputs of all runs, one after another. */
  run(inputs: Uint8Array): Uint8Array {
    fs.writeFileSync(path.join(this.folder, 'in.bin'), inputs);
    const options = ['-M', 'sim', '-cpu', 'lx106', '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting', '-kernel', 'model.elf'];
    const done = spawnSync('qemu-system-xtensa', options, { cwd: this.folder, timeout: 120_000 });
    if (done.status !== 0) throw new Error(`The simulated core ended with ${done.status ?? done.signal}: ${done.stderr.toString().slice(0, 2000)}`);
    return new Uint8Array(fs.readFileSync(path.join(this.folder, 'out.bin')));
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
