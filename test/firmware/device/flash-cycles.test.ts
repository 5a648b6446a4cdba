import assert from 'node:assert/strict';
import { quietTask } from '../../../src/base/progress';
import { uploadStk500v1 } from '../../../src/device/uploaders/stk500v1';
import { boardWith } from './support/boards';
import { leakOf, measure } from './support/leaks';
import { simulatedLink } from './support/simulated-link';

const board = boardWith('avr-simulator');
const target = board.connect.kind === 'avr-simulator' ? board.connect.upload.target : assert.fail();

describe('many flash cycles', function () {
  this.timeout(60_000);

  // a thousand: npm run bench -- flash-cycles
  it('forty on the simulated Uno leave nothing open', async () => {
    const bytes = new Uint8Array(300).fill(7);
    bytes.set([0x0c, 0x94, 0, 0]);
    const once = async (): Promise<void> => {
      const { link } = simulatedLink();
      await uploadStk500v1(link, [{ address: 0, bytes }], board.chip, target, quietTask);
      await link.close();
    };
    await once();
    const before = measure();
    for (let i = 0; i < 40; i++) await once();
    assert.ok(leakOf(before, measure()).handles <= 0);
  });
});
