import assert from 'node:assert/strict';
import fs from 'node:fs';
import { bytesOf, equalBytes } from '../../../src/base/bytes';
import { quietTask } from '../../../src/base/progress';
import { Session } from '../../../src/device/protocol/session';
import { resetCause } from '../../../src/device/simulators/avr/avr-chip';
import { readIntelHex, type ImageSegment } from '../../../src/device/uploaders/intel-hex';
import { uploadStk500v1 } from '../../../src/device/uploaders/stk500v1';
import { boardWith, buildFirmware, random, removeTemporaryFolders, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelOutput } from './support/fake-model';
import { buildOptiboot } from './support/optiboot';
import { simulatedLink } from './support/simulated-link';

const board = boardWith('avr-simulator');
const target = board.connect.kind === 'avr-simulator' ? board.connect.upload.target : assert.fail();

/** The bytes of an image as they lie in flash, erased between. */
function flashOf(image: readonly ImageSegment[]): Uint8Array {
  const flash = new Uint8Array(target.applicationBytes).fill(0xff);
  for (const segment of image) flash.set(segment.bytes, segment.address);
  return flash;
}

for (const bootloader of ['the real optiboot', 'our own bootloader'] as const) {
  describe(`the STK500v1 uploader and ${bootloader}, in the simulated chip`, function () {
    this.timeout(60_000);
    after(removeTemporaryFolders);
    let bootloaderImage: ImageSegment[] | undefined;
    before(function () {
      if (bootloader === 'the real optiboot') bootloaderImage = buildOptiboot(this as unknown as Mocha.Context).image;
    });

    it('fills the whole application flash with random bytes, byte for byte', async () => {
      const { link, board: chip } = simulatedLink({ bootloaderImage });
      const bytes = random(11).bytes(target.applicationBytes);
      bytes.set([0x0c, 0x94, 0, 0]); // jmp 0: the program that these bytes are then does nothing
      await uploadStk500v1(link, [{ address: 0, bytes }], board.chip, target, quietTask);
      assert.ok(equalBytes(chip.chip.flash.subarray(0, bytes.length), bytes));
      await link.close();
    });

    it('flashes the firmware, which then runs; a second flash replaces it', async function () {
      const tools = await toolsOrSkip(this, board);
      const firmware = await buildFirmware(board, tools);
      const image = readIntelHex(fs.readFileSync(firmware.hex!, 'utf8'));
      const { link, board: simulated } = simulatedLink({ bootloaderImage });
      for (let round = 0; round < 2; round++) {
        await uploadStk500v1(link, image, board.chip, target, quietTask);
        assert.ok(equalBytes(simulated.chip.flash.subarray(0, target.applicationBytes), flashOf(image)));
        const session = new Session(link);
        await session.hello();
        for (const input of fakeInputs(5)) assert.deepEqual((await session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
        assert.equal(simulated.chip.lostBytes, 0);
        // without closing the link: the next round flashes over a running sketch
      }
      assert.equal(simulated.chip.resets.filter((cause) => cause === resetCause.external).length, 2);
      await link.close();
    });
  });
}
