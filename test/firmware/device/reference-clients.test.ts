import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { writeIntelHex } from '../../../src/device/uploaders/intel-hex';
import { FakeArduinoSamBa, nano33, unoR4 } from '../../contract/device/fakes/fake-arduino-sam-ba';
import { FakeAvr109 } from '../../contract/device/fakes/fake-avr109';
import type { FakeDevice, Send } from '../../contract/device/fakes/fake-device';
import { FakeEsp } from '../../contract/device/fakes/fake-esp';
import { FakeSamBa } from '../../contract/device/fakes/fake-sam-ba';
import { FakeStm32 } from '../../contract/device/fakes/fake-stm32';
import { programOrSkip, random, removeTemporaryFolders, temporaryFolder } from './support/boards';
import { openPty } from './support/pty';

/** What the uploaders are tested against is accepted by the tools that people use with the real chips. */
interface Reference {
  readonly program: string;
  /** What a program that opens the port does to the board by modem lines, which a pty has not. */
  readonly opened?: (device: FakeDevice) => void;
  readonly make: (send: Send) => FakeDevice;
  readonly portName?: string;
  readonly base: number;
  readonly file: (bytes: Uint8Array) => { readonly name: string; readonly content: string | Uint8Array };
  readonly args: (port: string, file: string) => readonly string[];
  readonly said: RegExp;
}

const references: readonly Reference[] = [
  {
    program: 'avrdude',
    make: (send) => new FakeAvr109(send),
    base: 0,
    file: (bytes) => ({ name: 'image.hex', content: writeIntelHex([{ address: 0, bytes }]) }),
    args: (port, file) => ['-p', 'm32u4', '-c', 'avr109', '-P', port, '-b', '57600', '-D', '-U', `flash:w:${file}:i`],
    said: /5000 bytes of flash verified/,
  },
  {
    program: 'stm32flash',
    make: (send) => new FakeStm32(send),
    base: 0x08000000,
    file: (bytes) => ({ name: 'image.bin', content: bytes }),
    // a pty has no parity: the bootloader's own setting is 8e1
    args: (port, file) => ['-m', '8n1', '-b', '115200', '-w', file, '-v', '-g', '0x08000000', port],
    said: /Starting execution at address 0x08000000... done/,
  },
  {
    program: 'bossac',
    make: (send) => new FakeSamBa(send),
    portName: 'ttyACM0', // so that it takes the port for USB, as that of the real board is
    base: 0x2000,
    file: (bytes) => ({ name: 'image.bin', content: bytes }),
    args: (port, file) => [`--port=${port}`, '-e', '-w', '-v', `--offset=0x2000`, file, '-R'],
    said: /Verify successful/,
  },
  ...[nano33, unoR4].map((kind): Reference => ({
    // Arduino's own fork (arduino/BOSSA, branch nrf), under a name that tells it from Debian's: its -v asks for check sums
    program: 'arduino-bossac',
    make: (send) => new FakeArduinoSamBa(send, kind),
    portName: 'ttyACM0',
    base: kind.base,
    file: (bytes) => ({ name: 'image.bin', content: bytes }),
    args: (port, file) => [`--port=${port}`, '-U', '-i', '-e', '-w', '-v', file, '-R'],
    said: /Device +: nRF52840-QIAA[^]*Verify successful/,
  })),
  ...['ESP32', 'ESP32-S3', 'ESP32-C3', 'ESP32-C6'].map((chip): Reference => ({
    program: 'esptool',
    make: (send) => new FakeEsp(send, chip),
    opened: (device) => {
      // EN low, then high with IO0 low: into the bootloader
      device.signals!({ dtr: false, rts: true });
      device.signals!({ dtr: true, rts: false });
    },
    base: 0x10000,
    file: (bytes) => ({ name: 'image.bin', content: bytes }),
    // as version 4 spells them; version 5 takes both
    args: (port, file) => ['--chip', chip.toLowerCase().replace('-', ''), '--port', port, '--before', 'no_reset', '--after', 'no_reset', 'write_flash', '0x10000', file],
    said: /Stub (?:flasher )?running[^]*Hash of data verified/,
  })),
];

const nameOf = ({ make }: Reference): string => {
  const device = make(() => {});
  return device instanceof FakeEsp ? device.name : device.constructor.name;
};

describe('reference clients and our fake bootloaders', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  for (const reference of references) {
    it(`${reference.program} writes and verifies an image at 0x${reference.base.toString(16)} of ${nameOf(reference)}, byte for byte`, async function () {
      const program = programOrSkip(this, reference.program);
      let send: Send = () => {};
      const device = reference.make((bytes) => send(bytes));
      const pty = await openPty(this, { receive: (bytes) => device.receive(bytes), opened: () => reference.opened?.(device), closed() {} }, reference.portName);
      send = (bytes) => pty.send(bytes);
      try {
        const bytes = random(9).bytes(5000);
        const { name, content } = reference.file(bytes);
        const file = path.join(temporaryFolder(), name);
        fs.writeFileSync(file, content);
        const { stdout, stderr } = await promisify(execFile)(program, [...reference.args(pty.path, file)], { timeout: 40_000 });
        assert.match(stdout + stderr, reference.said);
        assert.deepEqual(bytes.map((_, i) => device.flash.get(reference.base + i) ?? 0xff), bytes);
      } finally {
        await pty.close();
      }
    });
  }
});
