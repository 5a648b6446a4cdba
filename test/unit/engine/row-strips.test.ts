import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../../../src/app/model-file';
import { planProgramWithin } from '../../../src/app/plan-program';
import { isCancelled } from '../../../src/base/cancel';
import { planWithin, searchWithin } from '../../../src/engine/codegen/choose-strips';
import { callsOf } from '../../../src/engine/codegen/kernel';
import { sharedConstants } from '../../../src/engine/codegen/shared-constants';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { analyze } from '../../../src/engine/cost/analyze';
import { isStatic, typeBytes } from '../../../src/engine/ir/dtype';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, StaticType, ValueId } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { NodeView } from '../../../src/engine/ops/op';
import { opOf } from '../../../src/engine/ops/table';
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

/**
 * Runs the plan on an arena whose bytes know of which value they are: every byte that a step reads must be the one that it wants,
 * whether it was written by a layer, moved, or lies where a copy fell away.
 */
function assertReadsAreWhole(program: Program, what: string): void {
  const { values, inputs, nodes } = program.model.graph;
  const producer = new Map(nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  const bytesOf = (id: ValueId): number => typeBytes(values.get(id)!.type as StaticType);
  const known = new Map<ValueId, string[]>();
  const contentOf = (id: ValueId): string[] => {
    const content = known.get(id) ?? makeContent(id);
    known.set(id, content);
    return content;
  };
  const makeContent = (id: ValueId): string[] => {
    const node = producer.get(id);
    const ranges = node && opOf(node).ranges?.(new NodeView(program.model.graph, node, program.model.rounding));
    if (ranges?.parts === 'inputs') return node!.inputs.flatMap((input) => contentOf(input!));
    if (ranges?.parts === 'outputs') return contentOf(node!.inputs[0]!).slice(ranges.at[0], ranges.at[0]! + bytesOf(id));
    return Array.from({ length: bytesOf(id) }, (_, i) => `${id} ${i}`);
  };
  const arena = new Array<string | undefined>(program.arenaBytes).fill(undefined);
  const write = (id: ValueId): void => contentOf(id).forEach((byte, i) => (arena[program.addressOf.get(id)! + i] = byte));
  for (const id of inputs) if (program.addressOf.has(id)) write(id);
  for (const { index, node, op, plan } of program.steps) {
    const read = op.isHandedOver ? [] : [...new Set(callsOf(plan!).flatMap((call) => call.inputs))].map((i) => node.inputs[i]!);
    for (const id of read) {
      const at = program.addressOf.get(id)!;
      assert.deepEqual(arena.slice(at, at + bytesOf(id)), contentOf(id), `${what}, step ${index} reads ${values.get(id)!.name}`);
    }
    // A join writes the parts that are not there yet.
    for (const id of op.ranges?.(new NodeView(program.model.graph, node, program.model.rounding))?.parts === 'inputs' ? [] : node.outputs) write(id);
    if (op.name === 'concat') {
      const missing = new Set(callsOf(plan!).flatMap((call) => call.inputs));
      let at = program.addressOf.get(node.outputs[0])!;
      node.inputs.forEach((id, i) => {
        if (missing.has(i)) contentOf(id!).forEach((byte, k) => (arena[at + k] = byte));
        at += bytesOf(id!);
      });
    }
  }
  for (const id of program.model.graph.outputs) assert.deepEqual(arena.slice(program.addressOf.get(id)!, program.addressOf.get(id)! + bytesOf(id)), contentOf(id), `${what}, output`);
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
        for (const byRows of [false, true]) {
          const { model: strips } = inStrips(model, stage, { rows: random.int(1, 5), byRows });
          assert.deepEqual(verifyGraph(strips.graph), []);
          assert.deepEqual(outputsOf(strips, inputs), want, `seed ${seed}`);
          count++;
        }
      }
    }
    assert.ok(count >= 80, `${count} stages`);
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

  it('can be searched for in steps, so that others may stop the search', () => {
    const search = searchWithin(randomStage(new Random(104729 * 6), true), 'c99', { inputRows: true, ramBudgetBytes: 8 });
    let steps = 0;
    while (!search.next().done) steps++;
    assert.ok(steps > 2, `${steps} steps`);
  });

  it('are no longer searched for once the user cancels', async () => {
    const cancel = new AbortController();
    const search = planProgramWithin(randomStage(new Random(104729 * 6), true), 'c99', { inputRows: true, ramBudgetBytes: 8 }, cancel.signal);
    cancel.abort();
    await assert.rejects(search, (error: unknown) => isCancelled(error));
  });

  it('never lay rows over others that are still read', function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= 6; seed++) {
      const random = new Random(seed * 7919);
      const model = randomStage(random, true);
      for (const stage of stagesOf(model)) {
        const program = planProgram(inStrips(model, stage, { rows: random.int(1, 4), byRows: seed % 2 === 0 }).model, 'c99');
        assertReadsAreWhole(program, `seed ${seed}`);
      }
    }
  });

  it('by rows are refused where something else reads the input', () => {
    const random = new Random(104729 * 4);
    const model = randomStage(random, true);
    const alone: Model = { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs, model.graph.inputs[0]] } };
    assert.deepEqual(planWithin(alone, 'c99', { inputRows: true }).refusals.map((problem) => problem.code), ['TINYML-CODEGEN-INPUT-ROWS']);
    assert.deepEqual(planWithin(model, 'c99', { inputRows: true }).refusals, []);
  });

  it('are not made where the whole fits', () => {
    const model = randomStage(new Random(104729 * 4), true);
    const plain = planProgram(model, 'c99');
    assert.equal(planWithin(model, 'c99', { ramBudgetBytes: plain.arenaBytes }).strips, undefined);
  });
});
