import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../../../src/app/model-file';
import { planWithin } from '../../../src/engine/codegen/choose-strips';
import { planProgram } from '../../../src/engine/codegen/program';
import { inStrips } from '../../../src/engine/passes/row-strips';
import { stagesOf } from '../../../src/engine/passes/strip-schedule';
import { compareBytes, comparePrograms } from '../../support/compare-programs';
import { CortexMProgram } from '../../support/cortex-m-c';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import type { CModel } from '../../support/emitted-c';
import { Random } from '../../support/random';
import { randomParts, randomStage } from '../../support/random-stage';
import { sharedFolder } from '../../support/shared-folder';

/** Random models of each kind; TINYML_KERNEL_CASES asks for more. */
const CASES = Number(process.env.TINYML_KERNEL_CASES ?? 6);

/** Half of the op-level bounds of peers.md. */
const BY_ROWS: Readonly<Record<string, number>> = { mlperf_tiny_vww_mobilenetv1_025_int8: 27_648, mlperf_tiny_resnet8_int8: 24_576 };

describe('tensors that lie in others, under sanitizers', function () {
  this.timeout(600_000);

  for (const isQuantized of [true, false]) {
    const kind = isQuantized ? 'int8' : 'float';
    it(`joins, cuts and slices without copies, ${kind}`, function () {
      const compiler = needHostCompiler(this);
      const models = Array.from({ length: CASES }, (_, i) => randomParts(new Random((i + 1) * 6007), isQuantized));
      const programs = comparePrograms(models, 'c99', new Random(11), (list) => new HostProgram(list, compiler));
      // A slice and a split each, and the join: what is left of them are copies that somebody else's memory asks for.
      const copies = programs.reduce((sum, program) => sum + program.steps.filter((step) => step.op.ranges).length, 0);
      assert.ok(copies < 2 * CASES, `${copies} steps that copy`);
    });

    it(`strips of an input by rows, ${kind}`, function () {
      const compiler = needHostCompiler(this);
      const random = new Random(31);
      const wholes = Array.from({ length: CASES }, (_, i) => randomStage(new Random((i + 1) * 7919), isQuantized)).filter((model) => stagesOf(model).length > 0);
      const models = wholes.map((model) => inStrips(model, stagesOf(model).slice(-1)[0], { rows: random.int(1, 4), byRows: true }).model);
      comparePrograms(models, 'c99', random, (list) => new HostProgram(list, compiler), wholes);
    });

    it(`strips of rows, ${kind}`, function () {
      const compiler = needHostCompiler(this);
      const random = new Random(29);
      const wholes = Array.from({ length: CASES }, (_, i) => randomStage(new Random((i + 1) * 104729), isQuantized)).filter((model) => stagesOf(model).length > 0);
      const models = wholes.map((model) => inStrips(model, stagesOf(model).slice(-1)[0], { rows: random.int(1, 4) }).model);
      const build = (list: readonly CModel[]): HostProgram => new HostProgram(list, compiler);
      // Sums that cancel say little of real numbers; that no row is another one is seen in the bytes of the whole model's C.
      if (isQuantized) comparePrograms(models, 'c99', random, build);
      else compareBytes(models, wholes, 'c99', random, build);
    });
  }

  for (const name of ['mlperf_tiny_vww_mobilenetv1_025_int8', 'mlperf_tiny_resnet8_int8']) {
    it(`${name} with its input by rows, portable and on a simulated Cortex-M4F`, function () {
      const compiler = needHostCompiler(this);
      const file = path.join(sharedFolder(this, 'models'), `${name}.tflite`);
      const { lowered } = understand(fs.readFileSync(file), file);
      for (const [isa, build] of [['c99', (list: readonly CModel[]) => new HostProgram(list, compiler)], ['dsp', (list: readonly CModel[]) => new CortexMProgram(list, 'm4-sim')]] as const) {
        const byRows = planWithin(lowered, isa, { inputRows: true });
        const [program] = comparePrograms([byRows.model], isa, new Random(1), build, [lowered]);
        assert.equal(program.arenaBytes, byRows.arenaBytes);
        assert.ok(program.arenaBytes <= BY_ROWS[name], `${program.arenaBytes} bytes, ${isa}`);
      }
    });
  }

  it('visual wake words in strips that overwrite rows of the input which nobody reads any more', function () {
    const compiler = needHostCompiler(this);
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_vww_mobilenetv1_025_int8.tflite');
    const { lowered } = understand(fs.readFileSync(file), file);
    const strips = planWithin(lowered, 'c99', { ramBudgetBytes: 32_000 });
    assert.deepEqual(strips.refusals, []);
    const [program] = comparePrograms([strips.model], 'c99', new Random(1), (list) => new HostProgram(list, compiler), [lowered]);
    assert.ok(program.arenaBytes <= 32_000, `${program.arenaBytes} bytes`);
  });

  it('ResNet-8 within half of its op-level bound, portable and on a simulated Cortex-M4F', function () {
    const compiler = needHostCompiler(this);
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_resnet8_int8.tflite');
    const { lowered } = understand(fs.readFileSync(file), file);
    const portable = planWithin(lowered, 'c99', { ramBudgetBytes: 24_576 });
    assert.ok(portable.arenaBytes <= 24_576);
    comparePrograms([portable.model], 'c99', new Random(1), (list) => new HostProgram(list, compiler));
    const strips = planWithin(lowered, 'dsp', { ramBudgetBytes: 24_576 });
    const [program] = comparePrograms([strips.model], 'dsp', new Random(1), (list) => new CortexMProgram(list, 'm4-sim'));
    assert.ok(program.arenaBytes <= 24_576 && program.arenaBytes < planProgram(lowered, 'dsp').arenaBytes);
  });
});
