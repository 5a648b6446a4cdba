import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { emitModel } from '../../../src/engine/codegen/emit';
import { planProgram } from '../../../src/engine/codegen/program';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { programOrSkip } from '../device/support/boards';
import { layerMakers, randomNetwork } from '../../support/random-network';
import { temporaryFolder } from '../../support/project';

/** Compilers whose int, char or floats differ from this computer's. */
const compilers: Readonly<Record<string, readonly string[]>> = {
  'avr-gcc': ['-mmcu=atmega2560', '-Os'],
  'arm-none-eabi-gcc': ['-mcpu=cortex-m0plus', '-mthumb', '-O2'],
  'riscv64-unknown-elf-gcc': ['-march=rv32imc', '-mabi=ilp32', '--specs=picolibc.specs', '-O2'],
};

describe('C of random graphs compiles without a warning', function () {
  this.timeout(600_000);
  for (const [name, flags] of Object.entries(compilers)) {
    it(`with ${name} ${flags.join(' ')}: a graph for every kind of layer`, function () {
      const compiler = programOrSkip(this, name);
      const folder = temporaryFolder('cross');
      try {
        layerMakers.forEach((maker, i) => {
          const emitted = emitModel(planProgram(lower(canonicalize(randomNetwork(i + 1, maker.name))), 'c99'), `model_${i}`);
          for (const file of emitted.files) fs.writeFileSync(path.join(folder, file.path), file.text);
        });
        const sources = fs.readdirSync(folder).filter((file) => file.endsWith('.c'));
        const done = spawnSync(compiler, ['-std=c99', '-Wall', '-Wextra', '-Werror', ...flags, '-c', ...sources], { cwd: folder, encoding: 'utf8' });
        assert.equal(done.stderr.slice(0, 3000), '');
        assert.equal(done.status, 0);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
