import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { memoryChoice } from '../../../../src/app/data/memory-choice';
import { withEntry } from '../../../../src/app/data/remember-in-project';
import { inspectModel } from '../../../../src/app/inspect-model';
import { quietTask } from '../../../../src/base/progress';
import { ProblemError } from '../../../../src/base/problem';
import { copySamples } from '../../../support/project';

describe('RAM budget and strips of a model', () => {
  it('are bytes or text, and auto, off or a number', () => {
    assert.deepEqual(memoryChoice('32 KiB', 'auto'), { ramBudgetBytes: 32_768, patches: 'auto' });
    assert.deepEqual(memoryChoice(2000, undefined), { ramBudgetBytes: 2000 });
    assert.deepEqual(memoryChoice(undefined, 3), { patches: 3 });
    for (const [budget, strips] of [['much', undefined], [0, undefined], [undefined, 1], [undefined, 2.5], [undefined, 'some'], ['4 ms', 'off']] as const) assert.equal(memoryChoice(budget, strips), undefined, `${budget} ${strips}`);
  });

  it('go from what is asked to tinyml.json to what is usual', async () => {
    const folder = copySamples();
    try {
      const model = path.join(folder, 'digits/digits.onnx');
      const project = path.join(folder, 'digits/tinyml.json');
      const arena = async (request: Partial<Parameters<typeof inspectModel>[0]> = {}) => (await inspectModel({ path: model, ...request }, quietTask)).arena.strips?.count;
      const usualMemory = { patches: 2 } as const;
      assert.equal(await arena(), undefined);
      const usual = await arena({ usualMemory });
      assert.ok(usual);
      fs.writeFileSync(project, JSON.stringify({ models: { 'digits.onnx': { memory: { strips: 'off' } } } }));
      assert.equal(await arena({ usualMemory }), undefined);
      assert.equal(await arena({ usualMemory, memory: { patches: 2 } }), usual);
      fs.writeFileSync(project, JSON.stringify({ models: { 'digits.onnx': { memory: { ramBudget: 'little' } } } }));
      await assert.rejects(arena(), (error) => error instanceof ProblemError && /ramBudget is bytes or a text/.test(`${error.problem.title} ${error.problem.detail}`));
    } finally {
      fs.rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });

  it('are written into the entry that a model inherits, budgets into its own', () => {
    const file = path.resolve('/p/tinyml.json');
    const text = JSON.stringify({ models: { 'a.onnx': { data: 'a.npz' } } });
    const change = () => ({ x: 1 });
    assert.deepEqual(JSON.parse(withEntry(file, text, path.resolve('/p/a.int8.onnx'), change)), { models: { 'a.onnx': { x: 1 } } });
    assert.deepEqual(JSON.parse(withEntry(file, text, path.resolve('/p/a.int8.onnx'), change, 'budgets')), { models: { 'a.onnx': { data: 'a.npz' } }, budgets: { 'a.int8.onnx': { x: 1 } } });
  });
});
