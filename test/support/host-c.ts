import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EmittedModel } from '../../src/engine/codegen/emit';

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

/** Reads inputs from stdin and writes outputs to stdout, as many as come. */
const mainOf = (name: string, inputs: number, outputs: number): string => {
  const upper = name.toUpperCase();
  const each = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join('\n');
  return `#include <stdio.h>
#include "${name}.h"
static ${name}_model model;
int main(void) {
  if (${name}_init(&model)) return 2;
  for (;;) {
${each(inputs, (i) => `    if (fread(${name}_input_${i}(&model), 1, ${upper}_INPUT_${i}_BYTES, stdin) != ${upper}_INPUT_${i}_BYTES) return 0;`)}
    if (${name}_run(&model)) return 3;
${each(outputs, (i) => `    fwrite(${name}_output_${i}(&model), 1, ${upper}_OUTPUT_${i}_BYTES, stdout);`)}
  }
}
`;
};

/** Generated C as a program of this computer. */
export class HostModel {
  private readonly folder: string;

  constructor(emitted: EmittedModel, inputs: number, outputs: number, compiler: string, extraFlags: readonly string[] = []) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-c-'));
    for (const file of emitted.files) fs.writeFileSync(path.join(this.folder, file.path), file.text);
    fs.writeFileSync(path.join(this.folder, 'main.c'), mainOf(emitted.name, inputs, outputs));
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
