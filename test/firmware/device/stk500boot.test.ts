import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bytesOf, equalBytes } from '../../../src/base/bytes';
import { quietTask } from '../../../src/base/progress';
import { Session } from '../../../src/device/protocol/session';
import { resetCause } from '../../../src/device/simulators/avr/avr-chip';
import { readIntelHex, writeIntelHex, type ImageSegment } from '../../../src/device/uploaders/intel-hex';
import { uploadStk500v2 } from '../../../src/device/uploaders/stk500v2';
import { boards } from '../../../src/device/boards';
import { buildFirmware, programOrSkip, random, removeTemporaryFolders, skip, temporaryFolder, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelOutput } from './support/fake-model';
import { boardOnPty } from './support/pty';
import { simulatedLink } from './support/simulated-link';

/** The bootloader of a real Mega, as Debian's arduino-core-avr packages it: a test tool, no part of the product. */
const HEX = '/usr/share/arduino/hardware/arduino/avr/bootloaders/stk500v2/stk500boot_v2_mega2560.hex';

const board = boards.find((b) => b.connect.kind === 'avr-simulator' && b.connect.chip === 'atmega2560')!;
const target = board.connect.kind === 'avr-simulator' ? board.connect.upload.target : assert.fail();

for (const bootloader of ['the real stk500boot_v2', 'our own bootloader'] as const) {
  describe(`the STK500v2 uploader and ${bootloader}, in the simulated ATmega2560`, function () {
    this.timeout(120_000);
    after(removeTemporaryFolders);
    let bootloaderImage: ImageSegment[] | undefined;
    before(function () {
      if (bootloader === 'our own bootloader') return;
      if (!fs.existsSync(HEX)) skip(this as unknown as Mocha.Context, `${HEX} is absent (Debian package arduino-core-avr)`);
      bootloaderImage = readIntelHex(fs.readFileSync(HEX, 'utf8'));
    });

    // the real one needs 18 ms a page in real time: 64 KiB are enough to see RAMPZ, and ours shows the rest
    const last = bootloader === 'our own bootloader' ? 0x1ff80 : 0xff80;
    it(`writes random bytes up to 0x${(last + 700).toString(16)}, with gaps, byte for byte`, async () => {
      const { link, board: simulated } = simulatedLink({ chip: 'atmega2560', bootloaderImage });
      const image = [0, 0x8100, last].map((address) => ({ address, bytes: random(address + 3).bytes(700) }));
      image[0].bytes.set([0x0c, 0x94, 0, 0]); // jmp 0: the program that these bytes are then does nothing
      await uploadStk500v2(link, image, board.chip, target, quietTask);
      const wanted = new Uint8Array(last + 700).fill(0xff);
      for (const { address, bytes } of image) wanted.set(bytes, address);
      assert.ok(equalBytes(simulated.chip.flash.subarray(0, wanted.length), wanted));
      await link.close();
    });

    it('flashes the firmware, which then runs; a second flash replaces it', async function () {
      const tools = await toolsOrSkip(this, board);
      const firmware = await buildFirmware(board, tools);
      const image = readIntelHex(fs.readFileSync(firmware.hex!, 'utf8'));
      const { link, board: simulated } = simulatedLink({ chip: 'atmega2560', bootloaderImage });
      for (let round = 0; round < 2; round++) {
        await uploadStk500v2(link, image, board.chip, target, quietTask);
        for (const { address, bytes } of image) assert.ok(equalBytes(simulated.chip.flash.subarray(address, address + bytes.length), bytes));
        const session = new Session(link);
        await session.hello();
        const lost = simulated.chip.lostBytes; // of the first hello, while the bootloader was still on its way out
        for (const input of fakeInputs(5)) assert.deepEqual((await session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
        assert.equal(simulated.chip.lostBytes, lost);
      }
      assert.equal(simulated.chip.resets.filter((cause) => cause === resetCause.external).length, 2);
      await link.close();
    });
  });
}

describe('avrdude -c wiring, the reference client, and our simulated STK500v2 bootloader', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it('writes and verifies an image, byte for byte', async function () {
    const avrdude = programOrSkip(this, 'avrdude');
    const port = await boardOnPty(this, { chip: 'atmega2560' });
    try {
      const bytes = random(5).bytes(5000);
      bytes.set([0x0c, 0x94, 0, 0]);
      const hex = path.join(temporaryFolder(), 'image.hex');
      fs.writeFileSync(hex, writeIntelHex([{ address: 0, bytes }]));
      const { stderr } = await promisify(execFile)(avrdude, ['-p', 'atmega2560', '-c', 'wiring', '-P', port.path, '-b', '115200', '-D', '-U', `flash:w:${hex}:i`]);
      assert.match(stderr, /5000 bytes of flash verified/);
      assert.ok(equalBytes(port.board.chip.flash.subarray(0, 5000), bytes));
    } finally {
      await port.close();
    }
  });
});
