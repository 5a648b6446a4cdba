import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { avrInstruction, CPU } from 'avr8js';
import { emitModel } from '../../src/engine/codegen/emit';
import type { Program } from '../../src/engine/codegen/program';

/** General purpose I/O registers of the ATmega2560 (datasheet, section 31), in data space. */
const [MARK, END] = [0x3e, 0x4a];
const harness = `#include "m.h"
static m_model model;
int main(void) {
  m_init(&model);
  uint32_t x = 1;
  uint8_t *const in = (uint8_t *)m_input_0(&model);
  for (uint32_t i = 0; i < M_INPUT_0_BYTES; i++) in[i] = (uint8_t)((x = x * 1664525u + 1013904223u) >> 24);
#ifdef BENCH_FLOAT
  for (uint32_t i = 0; i < M_INPUT_0_ELEMENTS; i++) ((float *)(void *)in)[i] = (float)(int32_t)((x = x * 1664525u + 1013904223u)) / 2147483648.0f;
#endif
  *(volatile uint8_t *)${MARK} = 0;
  m_run(&model);
  *(volatile uint8_t *)${END} = 1;
  for (;;) {}
}
`;

/** Cycles of each layer on an ATmega2560 with as much RAM as the instruction set can address, in avr8js. */
export function avrLayerCycles(program: Program): number[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
  try {
    for (const file of emitModel(program, 'm').files) fs.writeFileSync(path.join(folder, file.path), file.text);
    fs.writeFileSync(path.join(folder, 'main.c'), harness);
    const isFloat = program.model.graph.values.get(program.model.graph.inputs[0])!.type.dtype === 'float32';
    const run = (tool: string, args: readonly string[]): void => void execFileSync(tool, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    run('avr-gcc', ['-mmcu=atmega2560', '-std=gnu99', '-O2', '-ffunction-sections', '-fdata-sections', ...(isFloat ? ['-DBENCH_FLOAT'] : []), `-DTML_LAYER_END(l,r,b)=(*(volatile uint8_t *)${MARK} = 0)`,
      'm.c', 'm_weights.c', 'main.c', '-Wl,--gc-sections', '-Wl,--defsym=__DATA_REGION_LENGTH__=0xfc00', '-Wl,--defsym=__stack=0xfdff', '-lm', '-o', 'm.elf']);
    run('avr-objcopy', ['-O', 'binary', 'm.elf', 'm.bin']);
    return cyclesOf(fs.readFileSync(path.join(folder, 'm.bin')), program.steps.length);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function cyclesOf(image: Uint8Array, layers: number): number[] {
  const flash = new Uint16Array(0x20000);
  new Uint8Array(flash.buffer).set(image);
  const cpu = new CPU(flash, 0xfe00 - 0x100);
  const marks: number[] = [];
  let ended = false;
  cpu.writeHooks[MARK] = () => void marks.push(cpu.cycles);
  cpu.writeHooks[END] = () => void (ended = true);
  while (!ended && cpu.cycles < 2e9) avrInstruction(cpu);
  if (marks.length !== layers + 1) throw new Error(`${marks.length} marks for ${layers} layers`);
  return Array.from({ length: layers }, (_, i) => marks[i + 1] - marks[i]);
}
