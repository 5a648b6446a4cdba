import assert from 'node:assert/strict';
import { quietTask } from '../../../src/base/progress';
import { bytesOf } from '../../../src/base/bytes';
import { openBoard } from '../../../src/device/connect/open-board';
import { boardsWithoutHardware, buildFirmware, rp2040Program, removeTemporaryFolders, simulatorProgram, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelHash, fakeModelOutput } from './support/fake-model';

describe('boards without hardware: built, flashed, run', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  for (const board of boardsWithoutHardware) {
    it(`${board.name} computes what the model computes, for 30 inputs`, async function () {
      const tools = await toolsOrSkip(this, board);
      const firmware = await buildFirmware(board, tools);
      const opened = await openBoard(board, firmware, { tools, simulatorProgram, rp2040Program, modelHash: fakeModelHash }, quietTask);
      try {
        const { hello, session } = opened;
        assert.equal(hello.model, 'twice');
        assert.equal(hello.board, board.id);
        assert.equal(hello.inputBytes, 8);
        assert.equal(hello.outputBytes, 4);
        assert.equal(hello.arenaBytes, 8);
        assert.equal(hello.clockHz, board.clockHz?.value ?? 0);
        for (const input of fakeInputs(30)) {
          const result = await session.infer(bytesOf(input));
          assert.deepEqual([...bytesOf(fakeModelOutput(input))], [...result.output]);
          assert.ok(result.ticks > 0 && result.us > 0);
        }
        assert.equal(session.stats.broken, 0);
        assert.equal(session.stats.repeats, 0);
      } finally {
        await opened.close();
      }
    });
  }
});
