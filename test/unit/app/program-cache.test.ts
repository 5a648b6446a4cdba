import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { useCases } from '../../../src/app/engine-direct';
import { openProgram } from '../../../src/app/inspect-model';
import { ProgramCache } from '../../../src/app/program-cache';
import { quietTask } from '../../../src/base/progress';
import { copySamples } from '../../support/project';

describe('programs that are kept', () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = copySamples();
    file = path.join(folder, 'digits/digits.onnx');
  });
  after(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));
  const kept = () => ({ ...quietTask, programs: new ProgramCache() });

  it('are taken again for the same file, board and memory, and answer as new ones do', async () => {
    const task = kept();
    const request = { path: file, board: 'm4-sim' };
    const first = await openProgram(request, task);
    assert.equal(await openProgram(request, task), first);
    assert.notEqual(await openProgram({ path: file, board: 'm3-sim' }, task), first, 'other kernels');
    assert.notEqual((await openProgram({ ...request, memory: { patches: 2 } }, task)).program.arenaBytes, first.program.arenaBytes);
    for (const method of ['layer', 'graph', 'plans', 'weights', 'inspect'] as const) {
      const asked = { ...request, layer: 2 };
      assert.deepEqual(await useCases[method](asked, task), await useCases[method](asked, quietTask), method);
    }
  });

  it('are made anew when the file or what tinyml.json says of it changes', async () => {
    const task = kept();
    const first = await openProgram({ path: file }, task);
    fs.writeFileSync(path.join(folder, 'digits/tinyml.json'), JSON.stringify({ models: { 'digits.onnx': { memory: { strips: 2 } } } }));
    const inStrips = await openProgram({ path: file }, task);
    assert.ok(inStrips.program.strips && !first.program.strips);
    fs.rmSync(path.join(folder, 'digits/tinyml.json'));
    fs.copyFileSync(path.join(folder, 'digits/digits-dense.onnx'), file);
    assert.notEqual((await openProgram({ path: file }, task)).program.steps.length, first.program.steps.length);
  });

  it('are not kept for versions that come with their bytes', async () => {
    const task = kept();
    const request = { path: file, bytes: new Uint8Array(fs.readFileSync(file)) };
    assert.notEqual(await openProgram(request, task), await openProgram(request, task));
  });
});
