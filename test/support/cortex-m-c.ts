import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../src/device/boards';
import { firmwareProject } from '../../src/device/firmware/project';
import { filesOf, mainOf, type CModel } from './emitted-c';
import { needTool } from './need-tool';

const FLAGS = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-O2', '-ffunction-sections', '-fdata-sections'];

/** Files of the host by semihosting. Source: Arm, Semihosting for AArch32 and AArch64 (IHI 0100), SYS_OPEN and following. */
const HEAD = `#include <stdint.h>
#include <stddef.h>
static intptr_t semihost(int operation, const void *arguments) {
  register intptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
static intptr_t opened(const char *name, int length, int mode) {
  const uint32_t arguments[3] = {(uint32_t)(uintptr_t)name, (uint32_t)mode, (uint32_t)length};
  return semihost(1, arguments);
}
static intptr_t in_file = -1, out_file = -1;
static size_t read_bytes(void *to, size_t bytes) {
  if (in_file < 0) in_file = opened("in.bin", 6, 1);
  const uint32_t arguments[3] = {(uint32_t)in_file, (uint32_t)(uintptr_t)to, bytes};
  return bytes - (size_t)semihost(6, arguments);
}
static void write_bytes(const void *from, size_t bytes) {
  if (out_file < 0) out_file = opened("out.bin", 7, 5);
  const uint32_t arguments[3] = {(uint32_t)out_file, (uint32_t)(uintptr_t)from, bytes};
  semihost(5, arguments);
}
static void finish(uint32_t reason) {
  const uint32_t file = (uint32_t)out_file;
  if (out_file >= 0) semihost(2, &file);
  semihost(0x18, (const void *)(uintptr_t)reason);
}
void tml_fault(void);
void SysTick_Handler(void);
void UART0_Handler(void);
void tml_fault(void) { finish(0x20023u); }
void SysTick_Handler(void) {}
void UART0_Handler(void) {}
`;

/** Skips, and says why, where compiler or simulator are missing. */
export function needCortexM(context: Mocha.Context): void {
  needTool(context, 'arm-none-eabi-gcc');
  needTool(context, 'qemu-system-arm');
}

/** Generated C of one model or several on a simulated Cortex-M, without the link: inputs and outputs are files. */
export class CortexMProgram {
  private readonly folder: string;
  private readonly machine: string;

  /** `board` is the id of one of the boards that QEMU simulates. */
  constructor(models: readonly CModel[], board: string, extraFlags: readonly string[] = []) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-cm-'));
    const write = (file: string, text: string): void => fs.writeFileSync(path.join(this.folder, file), text);
    for (const [file, text] of filesOf(models)) write(file, text);
    const { chipFlags, connect } = findBoard(board)!;
    assert.ok(connect.kind === 'qemu', `${board} is simulated by QEMU`);
    this.machine = connect.machine;
    const project = firmwareProject(findBoard(board)!, { name: 'unused', inputs: 1, outputs: 1 });
    for (const { path: file, text } of project.files) if (/startup|\.ld$/.test(file)) write(file, text);
    write('main.c', mainOf(models, HEAD, '{ finish(0x20026u); return 0; }'));
    const files = fs.readdirSync(this.folder);
    const sources = files.filter((file) => file.endsWith('.c') && !/^(startup|main)\.c$/.test(file));
    const compile = (flags: readonly string[], list: readonly string[]): void =>
      void execFileSync('arm-none-eabi-gcc', [...chipFlags, ...flags, '-c', ...list], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    compile([...FLAGS, ...extraFlags], sources);
    compile(['-std=gnu11', '-O1'], ['startup.c', 'main.c']);
    const objects = fs.readdirSync(this.folder).filter((file) => file.endsWith('.o'));
    const script = files.find((file) => file.endsWith('.ld'))!;
    execFileSync('arm-none-eabi-gcc', [...chipFlags, '-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', script, ...project.linkFlags.filter((flag) => flag.includes('--defsym')), ...objects, '-lm', '-lc', '-lgcc', '-o', 'model.elf'], {
      cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Outputs of all runs, one after another. */
  run(inputs: Uint8Array): Uint8Array {
    fs.writeFileSync(path.join(this.folder, 'in.bin'), inputs);
    const options = ['-M', this.machine, '-display', 'none', '-monitor', 'none', '-serial', 'none', '-semihosting-config', 'enable=on,target=native', '-kernel', 'model.elf'];
    const done = spawnSync('qemu-system-arm', options, { cwd: this.folder, timeout: 300_000 });
    if (done.status !== 0) throw new Error(`The simulated board ended with ${done.status ?? done.signal}: ${done.stderr.toString().slice(0, 2000)}`);
    return new Uint8Array(fs.readFileSync(path.join(this.folder, 'out.bin')));
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
