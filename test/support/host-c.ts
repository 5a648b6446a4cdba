import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EmittedModel } from '../../src/engine/codegen/emit';
import { filesOf, mainOf, type CModel } from './emitted-c';

/** Strict C99 with both sanitizers; any report of theirs ends the program with an error. */
const FLAGS = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

export const hostCompiler = (): string | undefined => ['gcc', 'cc', 'clang'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);

/** Skips, and says why, where no C compiler with sanitizers is at hand. */
export function needHostCompiler(context: Mocha.Context): string {
  const compiler = hostCompiler();
  if (!compiler) {
    console.log('      skipped: no C compiler on the PATH');
    context.skip();
  }
  return compiler!;
}

const HEAD = `#include <stdio.h>
static size_t read_bytes(void *to, size_t bytes) { return fread(to, 1, bytes, stdin); }
static void write_bytes(const void *from, size_t bytes) { fwrite(from, 1, bytes, stdout); }`;

/** Generated C of one model or several as a program of this computer. */
export class HostProgram {
  private readonly folder: string;

  constructor(models: readonly CModel[], compiler: string, extraFlags: readonly string[] = []) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-c-'));
    for (const [file, text] of filesOf(models)) fs.writeFileSync(path.join(this.folder, file), text);
    fs.writeFileSync(path.join(this.folder, 'main.c'), mainOf(models, HEAD, 'return 0;'));
    const sources = fs.readdirSync(this.folder).filter((file) => file.endsWith('.c'));
    execFileSync(compiler, [...FLAGS, ...extraFlags, ...sources, '-lm', '-o', 'model'], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Outputs of all runs, one after another. */
  run(inputs: Uint8Array): Uint8Array {
    const done = spawnSync(path.join(this.folder, 'model'), { input: inputs, maxBuffer: 2 ** 28 });
    if (done.status !== 0) throw new Error(`The model ended with ${done.status ?? done.signal}: ${done.stderr.toString().slice(0, 2000)}`);
    return new Uint8Array(done.stdout);
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export class HostModel extends HostProgram {
  constructor(emitted: EmittedModel, inputs: number, outputs: number, compiler: string, extraFlags: readonly string[] = []) {
    super([{ emitted, inputs, outputs }], compiler, extraFlags);
  }
}
