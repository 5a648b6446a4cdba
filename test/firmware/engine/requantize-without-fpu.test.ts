import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import base from '../../../src/engine/codegen/runtime/tml_base.h';
import { needHostCompiler } from '../../support/host-c';

/** Sums and scales of all sizes, every third one so that the product is as near to a half as float32 gets. */
const program = (draws: number): string => `#include "tml_base.h"
#include <stdio.h>
static uint64_t state = 88172645463325252u;
static uint64_t next(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }
int main(void) {
  long differ = 0;
  for (long i = 0; i < ${draws}; i++) {
    union { float f; uint32_t u; } scale;
    scale.u = ((uint32_t)(128 - (int)(next() % 30)) << 23) | (uint32_t)(next() & 0x7fffff);
    int32_t acc = (int32_t)(next() >> (32 + next() % 24));
    if (i % 3 == 0) acc = (int32_t)(fmin(((double)(next() % 300) + 0.5) / scale.f, 2e9) * (next() & 1 ? 1.0 : -1.0));
    const int zero_point = (int)(next() % 256) - 128, low = next() & 1 ? -128 : zero_point;
    differ += tml_requantize_s8(acc, scale.f, zero_point, low, 127) != tml_requantize_float_s8(acc, scale.f, zero_point, low, 127);
  }
  printf("%ld", differ);
  return 0;
}
`;

describe('requantization on cores without an FPU', function () {
  this.timeout(120_000);

  it('gives the codes of the float product', function () {
    const compiler = needHostCompiler(this);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-requantize-'));
    try {
      fs.writeFileSync(path.join(folder, 'tml_base.h'), base);
      fs.writeFileSync(path.join(folder, 'main.c'), program(3_000_000));
      execFileSync(compiler, ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-fsanitize=undefined', '-fno-sanitize-recover=all', '-DTML_WITHOUT_FPU=1', 'main.c', '-lm', '-o', 'main'], { cwd: folder, stdio: 'pipe' });
      assert.equal(execFileSync(path.join(folder, 'main'), { encoding: 'utf8' }), '0');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
