import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../../../src/app/model-file';
import { planWithin } from '../../../src/engine/codegen/choose-strips';
import { sharedConstants } from '../../../src/engine/codegen/shared-constants';
import { planProgram } from '../../../src/engine/codegen/program';
import { analyze } from '../../../src/engine/cost/analyze';
import { isStatic } from '../../../src/engine/ir/dtype';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { inStrips } from '../../../src/engine/passes/row-strips';
import { stagesOf } from '../../../src/engine/passes/strip-schedule';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { Random } from '../../support/random';
import { randomInput } from '../../support/random-graph';
import { randomStage } from '../../support/random-stage';
import { sharedFolder } from '../../support/shared-folder';

function outputsOf(model: Model, inputs: Parameters<Interpreter['run']>[0]): unknown {
  return new Interpreter(model).run(inputs).map((tensor) => Array.from(tensor.data));
}

function inputsOf(model: Model, random: Random): Parameters<Interpreter['run']>[0] {
  return model.graph.inputs.map((id) => {
    const { type } = model.graph.values.get(id)!;
    assert.ok(isStatic(type));
    return tensorOf(type, randomInput(random, type));
  });
}

describe('strips of rows', () => {
  it('give the same numbers as the whole, whatever their height, for random stages with branches', () => {
    let count = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed * 104729);
      const model = randomStage(random, seed % 2 === 0);
      const inputs = inputsOf(model, random);
      const want = outputsOf(model, inputs);
      for (const stage of stagesOf(model)) {
        const { model: strips } = inStrips(model, stage, { rows: random.int(1, 5) });
        assert.deepEqual(verifyGraph(strips.graph), []);
        assert.deepEqual(outputsOf(strips, inputs), want, `seed ${seed}`);
        count++;
      }
    }
    assert.ok(count >= 40, `${count} stages`);
  });

  it('bring ResNet-8 to half of its op-level bound, without a MAC more, a byte of weights more or another bit', function () {
    this.timeout(120_000);
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_resnet8_int8.tflite');
    const open = understand(fs.readFileSync(file), file);
    const whole = planProgram(open.lowered, 'dsp');
    const program = planWithin(open.lowered, 'dsp', { ramBudgetBytes: 24_576 });
    assert.deepEqual(program.refusals, []);
    assert.ok(program.arenaBytes <= 24_576, `${program.arenaBytes} bytes`);
    const report = (p: typeof program): ReturnType<typeof analyze> => analyze({ model: open.asInFile, path: '', program: p, labels: [], openExtents: [], problems: [] });
    const [before, after] = [report(whole), report(program)];
    assert.equal(after.arena.strips?.extraMacs, 0);
    assert.equal(after.totals.macs, before.totals.macs);
    assert.equal(after.totals.executedMacs, before.totals.executedMacs);
    assert.equal(after.totals.params, before.totals.params);
    assert.equal(after.totals.ramBytes, program.arenaBytes);
    assert.ok(Math.max(...after.layers.map((layer) => layer.liveBytes)) <= program.arenaBytes);
    const stored = new Set(sharedConstants(program).values());
    assert.ok(stored.size < 60, `${stored.size} constants`);
    const inputs = inputsOf(open.lowered, new Random(3));
    assert.deepEqual(outputsOf(program.model, inputs), outputsOf(open.lowered, inputs));
  });

  it('are refused, with the smallest arena that was found, where a budget cannot be reached', () => {
    const model = randomStage(new Random(104729 * 4), true);
    const program = planWithin(model, 'c99', { ramBudgetBytes: 8 });
    assert.deepEqual(program.refusals.map((problem) => problem.code), ['TINYML-CODEGEN-BUDGET']);
    assert.ok(program.refusals[0].title.includes(String(program.arenaBytes)));
  });

  it('are not made where the whole fits', () => {
    const model = randomStage(new Random(104729 * 4), true);
    const plain = planProgram(model, 'c99');
    assert.equal(planWithin(model, 'c99', { ramBudgetBytes: plain.arenaBytes }).strips, undefined);
  });
});
