import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bytesOf, equalBytes } from '../../../src/base/bytes';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { openBoard } from '../../../src/device/connect/open-board';
import { PortBroker } from '../../../src/device/transports/port-broker';
import { openSerialLink } from '../../../src/device/transports/serial';
import { readIntelHex, writeIntelHex } from '../../../src/device/uploaders/intel-hex';
import { boardWith, buildFirmware, programOrSkip, random, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelHash, fakeModelOutput } from './support/fake-model';
import { buildOptiboot } from './support/optiboot';
import { boardOnPty, type SerialPortOfBoard } from './support/pty';

const code = (expected: string) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, expected);
  return true;
};

describe('a board on a serial port', function () {
  this.timeout(60_000);
  let port: SerialPortOfBoard | undefined;
  afterEach(async () => {
    await port?.close();
    port = undefined;
  });
  after(removeTemporaryFolders);
  const board = boardWith('port');

  it('with the real optiboot is flashed and runs; the port is free afterwards', async function () {
    const tools = await toolsOrSkip(this, board);
    const firmware = await buildFirmware(board, tools);
    port = await boardOnPty(this, { bootloaderImage: buildOptiboot(this).image });
    const portBroker = new PortBroker();
    const options = { tools, portPath: port.path, portBroker, modelHash: fakeModelHash };
    const opened = await openBoard(board, firmware, options, quietTask);
    try {
      for (const input of fakeInputs(5)) assert.deepEqual((await opened.session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
      await assert.rejects(openBoard(board, firmware, options, quietTask), code('TINYML-PORT-TAKEN'));
      // another program, that does not ask our broker
      await assert.rejects(openSerialLink(port.path, 115_200, new PortBroker(), 'someone else'), (error: unknown) => {
        if (process.platform === 'linux') assert.match((error as Error).message, new RegExp(`\\(process ${process.pid}\\) has it open`));
        return code('TINYML-PORT-OPEN')(error);
      });
    } finally {
      await opened.close();
    }
    assert.equal(portBroker.ownerOf(port.path), undefined);
  });

  it('that runs another model than it should is told apart, and the port released', async function () {
    const tools = await toolsOrSkip(this, board);
    const firmware = await buildFirmware(board, tools);
    port = await boardOnPty(this);
    const portBroker = new PortBroker();
    await assert.rejects(openBoard(board, firmware, { tools, portPath: port.path, portBroker, modelHash: 1 }, quietTask), code('TINYML-CONNECT-WRONG-MODEL'));
    assert.equal(portBroker.ownerOf(port.path), undefined);
  });

  it('that is unplugged ends the session with a problem', async function () {
    const tools = await toolsOrSkip(this, board);
    const firmware = await buildFirmware(board, tools);
    port = await boardOnPty(this);
    const portBroker = new PortBroker();
    const opened = await openBoard(board, firmware, { tools, portPath: port.path, portBroker }, quietTask);
    const closed = new Promise((resolve) => opened.session.onClose(resolve));
    await port.close();
    assert.ok((await closed) instanceof Error);
    await assert.rejects(opened.session.infer(new Uint8Array(8)), code('TINYML-LINK-CLOSED'));
    assert.equal(portBroker.ownerOf(port.path), undefined);
    port = undefined;
  });

  it('that is not there is a problem', async () => {
    await assert.rejects(openSerialLink('/dev/no-such-port', 115_200, new PortBroker(), 'a test'), code('TINYML-PORT-OPEN'));
  });
});

describe('avrdude, the reference client, and our simulated bootloader', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it('writes and verifies an image, byte for byte', async function () {
    const avrdude = programOrSkip(this, 'avrdude');
    const port = await boardOnPty(this);
    try {
      const bytes = random(5).bytes(4000);
      bytes.set([0x0c, 0x94, 0, 0]);
      const hex = path.join(temporaryFolder(), 'image.hex');
      fs.writeFileSync(hex, writeIntelHex([{ address: 0, bytes }]));
      const { stderr } = await promisify(execFile)(avrdude, ['-p', 'atmega328p', '-c', 'arduino', '-P', port.path, '-b', '115200', '-D', '-U', `flash:w:${hex}:i`]);
      assert.match(stderr, /4000 bytes of flash verified/);
      assert.ok(equalBytes(port.board.chip.flash.subarray(0, 4000), bytes));
      assert.deepEqual(readIntelHex(fs.readFileSync(hex, 'utf8')), [{ address: 0, bytes }]);
    } finally {
      await port.close();
    }
  });
});
