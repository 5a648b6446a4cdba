import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { runOnBoard } from '../../../src/app/run-on-board';
import type { RunEvent } from '../../../src/app/run-contract';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import type { Board } from '../../../src/device/boards/board';
import { RESTARTED } from '../../../src/device/protocol/problems';
import { plantedEngine, runDeps, type Plant } from '../../support/planted-board';
import { root } from '../../support/project';
import { boardsWithoutHardware, boardWith, removeTemporaryFolders, skip, temporaryFolder, toolsOrSkip } from './support/boards';

/** Clocks that give the same count for the same work. */
const exact = boardsWithoutHardware.filter(({ connect }) => connect.kind !== 'process');

describe('a run that tells of its layers', function () {
  this.timeout(120_000);
  let model: string;
  before(async () => {
    const folder = temporaryFolder();
    model = path.join(folder, 'digits-dense.int8.onnx');
    fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, 'digits-dense.npz'));
    await compressModel({ path: path.join(root, 'samples/digits/digits-dense.onnx'), data: path.join(folder, 'digits-dense.npz'), quantize: 'int8', method: [], out: model }, quietTask);
  });
  after(removeTemporaryFolders);

  async function run(board: Board, trace: boolean, limit: number): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    const started = await runOnBoard({ path: model, boardId: board.id, limit, trace }, runDeps(temporaryFolder()), quietTask, (event) => events.push(event));
    assert.equal((await started.done).equal, limit);
    return events;
  }

  for (const board of exact) {
    it(`${board.name}: their times add up to that of a run without reports, within 1 % and 60 ticks a layer; the stack is seen`, async function () {
      await toolsOrSkip(this, board);
      const [told, plain] = [await run(board, true, 1), await run(board, false, 1)];
      const layers = told.find((event) => event.kind === 'layers')!;
      assert.ok(!plain.some((event) => event.kind === 'layers'));
      const sum = layers.layers.reduce((total, { ticks }) => total + ticks, 0);
      const whole = plain.find((event) => event.kind === 'prediction')!.ticks;
      assert.equal(layers.layers.length, 3);
      assert.ok(Math.abs(sum - whole) <= whole * 0.01 + 180, `${sum} ticks in layers, ${whole} as a whole`);
      const { stackUsed, stackBytes } = layers.stack;
      assert.ok(stackUsed >= 64 && stackUsed < Math.min(stackBytes, 4096), `${stackUsed} of ${stackBytes}`);
    });
  }

  /** Firmware of this computer that starts anew, as a board does at a reset, where the condition holds. */
  const restartsWhere = (condition: string): Plant => (file, text) =>
    file === 'digits_dense_int8.c'
      ? `#define _POSIX_C_SOURCE 200809L\n#include <stdlib.h>\n#include <unistd.h>\n${text.replace(/(int digits_dense_int8_run\([^)]*\) \{\n)/, `$1  static int n;\n  n++;\n  if (${condition}) {\n    setenv("TML_AGAIN", "1", 1);\n    execl("/proc/self/exe", "firmware", (char *)0);\n  }\n`)}`
      : undefined;

  it('a board that resets in the middle of a run is told, and goes on where it was', async function () {
    if (process.platform !== 'linux') skip(this, 'starts itself anew through /proc of Linux');
    const host = boardWith('process');
    await toolsOrSkip(this, host);
    const events: RunEvent[] = [];
    const started = await runOnBoard({ path: model, boardId: host.id, limit: 8 }, runDeps(temporaryFolder(), plantedEngine(restartsWhere('n == 3 && !getenv("TML_AGAIN")'))), quietTask, (event) => events.push(event));
    const { samples, equal } = await started.done;
    assert.deepEqual([samples, equal], [8, 8]);
    assert.deepEqual(events.flatMap((event) => (event.kind === 'text' ? [event.text] : [])), ['The board has restarted: sample 2 is fed again']);
    assert.deepEqual(events.flatMap((event) => (event.kind === 'prediction' ? [event.index] : [])), [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('one that resets on every run ends it with the reason', async function () {
    if (process.platform !== 'linux') skip(this, 'starts itself anew through /proc of Linux');
    const host = boardWith('process');
    await toolsOrSkip(this, host);
    const events: RunEvent[] = [];
    const started = await runOnBoard({ path: model, boardId: host.id, limit: 8 }, runDeps(temporaryFolder(), plantedEngine(restartsWhere('1'))), quietTask, (event) => events.push(event));
    await assert.rejects(started.done, (error: unknown) => error instanceof ProblemError && error.problem.code === RESTARTED);
    assert.equal(events.filter((event) => event.kind === 'text').length, 2);
    const last = events[events.length - 1];
    assert.ok(last.kind === 'closed' && last.problem?.code === RESTARTED);
  });

  it('samples are held and fed one by one', async function () {
    const host = boardWith('process');
    await toolsOrSkip(this, host);
    let seen = 0;
    let wake = (): void => {};
    const until = async (wanted: number): Promise<void> => {
      while (seen < wanted) await new Promise<void>((resolve) => (wake = resolve));
    };
    const started = await runOnBoard({ path: model, boardId: host.id }, runDeps(temporaryFolder()), quietTask, (event) => {
      if (event.kind !== 'prediction') return;
      if (++seen === 5) started.hold();
      wake();
    });
    await until(5);
    started.step();
    await until(6);
    started.step();
    await until(7);
    assert.equal(seen, 7);
    started.go();
    const summary = await started.done;
    assert.equal(summary.samples, seen);
    assert.ok(seen > 100);
  });
});
