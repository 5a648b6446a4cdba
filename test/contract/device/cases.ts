import { boards } from '../../../src/device/boards';
import type { Board } from '../../../src/device/boards/board';
import type { LinkUpload } from '../../../src/device/boards/uploads';
import type { ImageSegment } from '../../../src/device/uploaders/intel-hex';
import { random } from '../../unit/device/random';
import { FakeArduinoSamBa, nano33, unoR4 } from './fakes/fake-arduino-sam-ba';
import { FakeAvr109 } from './fakes/fake-avr109';
import { FakeAvrBootloader } from './fakes/fake-avr-bootloader';
import type { FakeDevice, Send } from './fakes/fake-device';
import { FakeEsp } from './fakes/fake-esp';
import { FakeSamBa } from './fakes/fake-sam-ba';
import { FakeStm32 } from './fakes/fake-stm32';

/** One uploader with the fake of its board, for the contract that all uploaders keep. */
export interface UploaderCase {
  readonly name: string;
  readonly board: Board;
  readonly upload: LinkUpload;
  readonly image: readonly ImageSegment[];
  readonly tooLarge: readonly ImageSegment[];
  readonly make: (send: Send) => FakeDevice;
  readonly makeOther: (send: Send) => FakeDevice;
}

type Kind = LinkUpload['kind'];

/** A board of the catalogue that is flashed in this way. */
function boardFor<K extends Kind>(kind: K, wanted: (upload: Extract<LinkUpload, { kind: K }>) => boolean = () => true): { board: Board; upload: Extract<LinkUpload, { kind: K }> } {
  for (const board of boards) {
    if (board.connect.kind !== 'port') continue;
    const upload = board.connect.uploads.find((u): u is Extract<LinkUpload, { kind: K }> => u.kind === kind && wanted(u as Extract<LinkUpload, { kind: K }>));
    if (upload) return { board, upload };
  }
  throw new Error(`No board is flashed by ${kind}`);
}

const stk1 = boardFor('stk500v1');
const stk2 = boardFor('stk500v2');
const avr109 = boardFor('avr109');
const stm32 = boardFor('stm32-uart');
const samBa = boardFor('sam-ba', ({ target }) => target.chipId.kind === 'register');
const nano33Ble = boardFor('sam-ba', ({ target, staysOnPort }) => target.chipId.kind === 'name' && !staysOnPort);
const r4 = boardFor('sam-ba', ({ staysOnPort }) => staysOnPort === true);
const esp = boardFor('esp', ({ target }) => target.chip === 'ESP32-C3');

const bytes = (count: number, seed: number): Uint8Array => random(seed).bytes(count);

export const uploaderCases: readonly UploaderCase[] = [
  {
    name: 'STK500v1', ...stk1,
    image: [{ address: 0, bytes: bytes(500, 1) }],
    tooLarge: [{ address: 0, bytes: new Uint8Array(stk1.upload.target.applicationBytes + 1) }],
    make: (send) => new FakeAvrBootloader(send, 1, [0x1e, 0x95, 0x0f], 0x7e00, 128),
    makeOther: (send) => new FakeAvrBootloader(send, 1, [0x1e, 0x94, 0x06], 0x7e00, 128),
  },
  {
    name: 'STK500v2', ...stk2,
    image: [{ address: 0, bytes: bytes(900, 2) }],
    tooLarge: [{ address: stk2.upload.target.applicationBytes, bytes: new Uint8Array(1) }],
    make: (send) => new FakeAvrBootloader(send, 2, [0x1e, 0x98, 0x01], 0x3e000, 256),
    makeOther: (send) => new FakeAvrBootloader(send, 2, [0x1e, 0x97, 0x03], 0x3e000, 256),
  },
  {
    name: 'AVR109', ...avr109,
    image: [{ address: 0, bytes: bytes(500, 3) }],
    tooLarge: [{ address: 0, bytes: new Uint8Array(avr109.upload.target.applicationBytes + 1) }],
    make: (send) => new FakeAvr109(send),
    makeOther: (send) => new FakeAvr109(send, [0x1e, 0x95, 0x0f]),
  },
  {
    name: 'STM32 UART', ...stm32,
    image: [{ address: 0x08000000, bytes: bytes(700, 4) }],
    tooLarge: [{ address: 0x08000000 + stm32.upload.target.applicationBytes, bytes: new Uint8Array(1) }],
    make: (send) => new FakeStm32(send, stm32.upload.target.productId),
    makeOther: (send) => new FakeStm32(send, 0x410),
  },
  {
    name: 'SAM-BA', ...samBa,
    image: [{ address: 0x2000, bytes: bytes(5000, 5) }],
    tooLarge: [{ address: 0x2000 + samBa.upload.target.applicationBytes, bytes: new Uint8Array(1) }],
    make: (send) => new FakeSamBa(send),
    makeOther: (send) => new FakeSamBa(send, 0x10010003),
  },
  {
    name: 'SAM-BA of the nRF52840', ...nano33Ble,
    image: [{ address: 0x10000, bytes: bytes(9000, 7) }],
    tooLarge: [{ address: 0x10000 + nano33Ble.upload.target.applicationBytes, bytes: new Uint8Array(1) }],
    make: (send) => new FakeArduinoSamBa(send, nano33),
    makeOther: (send) => new FakeArduinoSamBa(send, { ...nano33, name: 'nRF52833-QIAA' }),
  },
  {
    name: 'SAM-BA behind a bridge', ...r4,
    image: [{ address: 0x4000, bytes: bytes(9000, 8) }],
    tooLarge: [{ address: 0x4000 + r4.upload.target.applicationBytes, bytes: new Uint8Array(1) }],
    make: (send) => new FakeArduinoSamBa(send, unoR4),
    makeOther: (send) => new FakeArduinoSamBa(send, { ...unoR4, name: 'R7FA6M5BH' }),
  },
  {
    name: 'Espressif', ...esp,
    image: [{ address: 0x10000, bytes: bytes(5000, 6) }],
    tooLarge: [{ address: (4 << 20) - 100, bytes: new Uint8Array(200) }],
    make: (send) => new FakeEsp(send, 'ESP32-C3'),
    makeOther: (send) => new FakeEsp(send, 'ESP32-S3'),
  },
];
