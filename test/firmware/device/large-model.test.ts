import assert from 'node:assert/strict';
import { quietTask } from '../../../src/base/progress';
import { openBoard } from '../../../src/device/connect/open-board';
import { boardWith, buildFirmware, random, removeTemporaryFolders, simulatorProgram, toolsOrSkip } from './support/boards';
import { largeModel } from './support/large-model';

describe('inputs and outputs larger than a frame, in several tensors', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  const cases = [
    { kind: 'process', shape: largeModel([27_648, 1000], [9000, 21]) },
    { kind: 'qemu', shape: largeModel([27_648, 1000], [9000, 21]) },
    // all that fits beside the firmware into 2 KiB of RAM
    { kind: 'avr-simulator', shape: largeModel([301, 400], [500, 90]) },
  ] as const;
  for (const { kind, shape } of cases) {
    const board = boardWith(kind);
    it(`${board.name}: ${shape.inputBytes} bytes in, ${shape.outputBytes} bytes out, nothing lost`, async function () {
      const tools = await toolsOrSkip(this, board);
      const firmware = await buildFirmware(board, tools, { model: shape.model, files: shape.files });
      const opened = await openBoard(board, firmware, { tools, simulatorProgram }, quietTask);
      try {
        const { bytes } = random(3);
        for (let i = 0; i < 3; i++) {
          const input = bytes(shape.inputBytes);
          assert.deepEqual((await opened.session.infer(input)).output, shape.expected(input));
        }
        const { broken, repeats } = opened.session.stats;
        assert.deepEqual({ broken, repeats, overruns: (await opened.session.hello()).overruns }, { broken: 0, repeats: 0, overruns: 0 });
      } finally {
        await opened.close();
      }
    });
  }
});
