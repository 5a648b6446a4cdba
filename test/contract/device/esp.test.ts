import assert from 'node:assert/strict';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Progress } from '../../../src/base/progress';
import { uploadEsp } from '../../../src/device/uploaders/esp/upload';
import { SlipDecoder } from '../../../src/device/uploaders/esp/slip';
import { FaultyLink } from './faulty-link';
import { FakeEsp } from './fakes/fake-esp';
import { random } from '../../unit/device/random';

const app = { address: 0x10000, bytes: Uint8Array.from([0xe9, 1, 2, 0x20, ...random(1).bytes(60_000), ...new Uint8Array(40_000).fill(0x55)]) };
const partitions = { address: 0x8000, bytes: random(2).bytes(3072) };

function board(chip: string, options: { lose?: number[] } = {}): { link: FaultyLink; esp: FakeEsp } {
  let esp!: FakeEsp;
  const link = new FaultyLink('/dev/esp', (send) => (esp = new FakeEsp(send, chip, options)));
  return { link, esp };
}

describe('the uploader of Espressif chips', function () {
  this.timeout(60_000);

  for (const chip of ['ESP8266', 'ESP32', 'ESP32-S2', 'ESP32-S3', 'ESP32-C3', 'ESP32-C6']) {
    it(`${chip}: through the reset circuit, loader in RAM, compressed, MD5, restart`, async () => {
      const { link, esp } = board(chip);
      const reports: Progress[] = [];
      const target = { chip, baud: 115_200, fastBaud: 460_800 };
      await uploadEsp(link, [partitions, app], chip, target, { ...quietTask, progress: (p) => reports.push(p) });
      for (const { address, bytes } of [partitions, app]) assert.deepEqual(Uint8Array.from(esp.memory.subarray(address, address + bytes.length)), bytes);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(esp.started, 'it was restarted into its firmware');
      assert.deepEqual(esp.bauds, [460_800]);
      const used = new Set(esp.operations);
      for (const operation of [0x05, 0x06, 0x07, 0x10, 0x11, 0x13]) assert.ok(used.has(operation), `operation 0x${operation.toString(16)}`);
      assert.ok(!used.has(0x03), 'nothing went uncompressed');
      assert.deepEqual(reports.at(-1), { stage: 'Verifying', done: app.bytes.length + 3072, total: app.bytes.length + 3072 });
      assert.ok(link.closed === false, 'the link is the caller\'s');
    });
  }

  it('lost replies are asked for again, whatever they answered', async () => {
    // the third is the security information, the other what it needs to start the loader
    const { link, esp } = board('ESP32-C3', { lose: [3, 20] });
    await uploadEsp(link, [partitions, app], 'ESP32-C3', { chip: 'ESP32-C3', baud: 115_200, fastBaud: 115_200 }, quietTask);
    for (const { address, bytes } of [partitions, app]) assert.deepEqual(Uint8Array.from(esp.memory.subarray(address, address + bytes.length)), bytes);
    assert.ok(esp.operations.length > 20);
  });

  for (const at of [2, 16]) {
    it(`a board that takes no more bytes at the ${at}th write is a problem, at once`, async () => {
      const { link } = board('ESP32');
      const write = link.write.bind(link);
      let writes = 0;
      const stuck = Object.assign(link, { write: (bytes: Uint8Array) => (++writes >= at ? new Promise<void>(() => {}) : write(bytes)) });
      await assert.rejects(uploadEsp(stuck, [app], 'ESP32', { chip: 'ESP32', baud: 115_200, fastBaud: 115_200 }, quietTask), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-UPLOAD-STUCK');
      assert.equal(writes, at, 'nothing was written after it');
    });
  }

  it('prints nothing to the console', async () => {
    const { log } = console;
    const lines: unknown[] = [];
    console.log = (...args) => void lines.push(args);
    try {
      await uploadEsp(board('ESP32').link, [partitions], 'ESP32', { chip: 'ESP32', baud: 115_200, fastBaud: 115_200 }, quietTask);
    } finally {
      console.log = log;
    }
    assert.deepEqual(lines, []);
  });
});

describe('SLIP', () => {
  it('finds packets among text, and undoes escapes', () => {
    const decoder = new SlipDecoder();
    const packets = decoder.push(Uint8Array.from([...Buffer.from('boot\r\n'), 0xc0, 1, 0xdb, 0xdc, 0xdb, 0xdd, 2, 0xc0, 0x21, 0xc0, 3, 0xc0]));
    assert.deepEqual(packets.map((p) => [...p]), [[1, 0xc0, 0xdb, 2], [3]]);
    assert.equal(Buffer.from(decoder.takeText()).toString(), 'boot\r\n!');
  });

  it('does not keep what never ends', () => {
    const decoder = new SlipDecoder();
    assert.deepEqual(decoder.push(Uint8Array.from([0xc0, ...new Uint8Array(1 << 20).fill(0x41), 0xc0, 7, 0xc0])).map((p) => [...p]), [[7]]);
    assert.ok(decoder.takeText().length <= 4096);
  });

  it('drops a packet with a wrong escape, and finds the next', () => {
    const decoder = new SlipDecoder();
    assert.deepEqual(decoder.push(Uint8Array.from([0xc0, 1, 0xdb, 1, 9, 0xc0, 0xc0, 2, 0xc0])).map((p) => [...p]), [[2]]);
  });
});
