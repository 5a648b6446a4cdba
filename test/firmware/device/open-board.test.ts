import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { CancelledError } from '../../../src/base/cancel';
import { bytesOf } from '../../../src/base/bytes';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Task } from '../../../src/base/progress';
import { openBoard } from '../../../src/device/connect/open-board';
import { boardWith, buildFirmware, environment, removeTemporaryFolders, simulatorProgram, skip, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelFiles, fakeModelOutput } from './support/fake-model';

/** Process ids of our children whose command line holds the text. */
function childrenWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('<defunct>'));
}

describe('openBoard', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  for (const kind of ['process', 'qemu', 'avr-simulator'] as const) {
    const board = boardWith(kind);
    it(`${board.name}: cancelled at any report of progress, no process is left`, async function () {
      if (process.platform !== 'linux') skip(this, 'looks for processes with ps of Linux');
      const tools = await toolsOrSkip(this, board);
      const firmware = await buildFirmware(board, tools);
      const stages: string[] = [];
      const opened = await openBoard(board, firmware, { tools, simulatorProgram }, { ...quietTask, progress: (p) => stages.push(p.stage) });
      await opened.close();
      await opened.close();
      const marker = kind === 'avr-simulator' ? simulatorProgram : firmware.elf;
      const steps = [0, 1, Math.floor(stages.length / 2), stages.length - 2, stages.length - 1].filter((n, i, all) => n < stages.length && n >= 0 && all.indexOf(n) === i);
      for (const step of steps) {
        const abort = new AbortController();
        let count = 0;
        const task: Task = { ...quietTask, signal: abort.signal, progress: () => (count++ === step ? abort.abort() : undefined) };
        await assert.rejects(openBoard(board, firmware, { tools, simulatorProgram }, task), CancelledError);
        assert.deepEqual(childrenWith(marker), []);
      }
    });
  }

  it('shows the text that firmware prints beside its answers', async function () {
    const board = boardWith('process');
    const tools = await toolsOrSkip(this, board);
    const files = fakeModelFiles.map((f) => ({ ...f, text: f.text.replace('int i;', 'int i; printf("x:%d\\n", model->arena[0]);').replace('#include <string.h>', '#include <stdio.h>\n#include <string.h>') }));
    const firmware = await buildFirmware(board, tools, { files });
    const { session, close } = await openBoard(board, firmware, { tools }, quietTask);
    let text = '';
    session.onText((part) => (text += part));
    const inputs = fakeInputs(20);
    for (const input of inputs) assert.deepEqual((await session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
    assert.equal(text, inputs.map((i) => `x:${i[0]}\n`).join(''));
    await close();
  });

  it('firmware that ends at once is a problem with its exit code and last lines', async function () {
    const board = boardWith('process');
    const tools = await toolsOrSkip(this, board);
    const files = fakeModelFiles.map((f) => ({ ...f, text: f.text.replace('return 0; }', 'fputs("no memory\\n", stderr); exit(3); }').replace('#include <string.h>', '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>') }));
    const firmware = await buildFirmware(board, tools, { files });
    await assert.rejects(openBoard(board, firmware, { tools }, quietTask), (error: ProblemError) => {
      assert.ok(error instanceof ProblemError, String(error));
      assert.equal(error.problem.code, 'TINYML-LINK-CLOSED');
      assert.match(error.problem.detail!, /exit code 3\nno memory/);
      return true;
    });
  });

  it('a program that is not there, or no program, is a problem', async () => {
    const board = boardWith('process');
    const tools = { environment, byId: new Map() };
    await assert.rejects(openBoard(board, { elf: '/no/such/firmware' }, { tools }, quietTask), (error: ProblemError) => error.problem.code === 'TINYML-PROCESS-START');
    await assert.rejects(openBoard(boardWith('avr-simulator'), { elf: '' }, { tools, simulatorProgram }, quietTask), (error: ProblemError) => error.problem.code === 'TINYML-CONNECT-NO-IMAGE');
    await assert.rejects(openBoard(boardWith('serial-stk500v1'), { elf: '' }, { tools }, quietTask), (error: ProblemError) => error.problem.code === 'TINYML-CONNECT-NO-PORT');
  });
});
