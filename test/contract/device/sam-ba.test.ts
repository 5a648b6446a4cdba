import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import type { LogLevel } from '../../../src/base/log';
import { ProblemError, type Problem } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import type { ByteLink } from '../../../src/device/transports/link';
import { uploadSamBa } from '../../../src/device/uploaders/sam-ba';
import { random } from '../../unit/device/random';
import { uploaderCases } from './cases';
import { FakeArduinoSamBa, nano33, unoR4, type ArduinoSamBa } from './fakes/fake-arduino-sam-ba';
import { FakeSamBa } from './fakes/fake-sam-ba';
import { FaultyLink } from './faulty-link';

const uploads = uploaderCases.flatMap(({ upload }) => (upload.kind === 'sam-ba' ? [upload] : []));
const [xiao, nano, r4] = uploads.map(({ target }) => target);
const bytes = random(3).bytes(6000);
const at = (address: number) => [{ address, bytes }];

const linkTo = (kind: ArduinoSamBa, usb?: ByteLink['usb']): FaultyLink & { usb?: ByteLink['usb'] } =>
  Object.assign(new FaultyLink('/dev/board', (send) => new FakeArduinoSamBa(send, kind)), { usb });

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => assert.fail('it succeeded'), (e: unknown) => e);
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

describe('SAM-BA without access to memory', function () {
  this.timeout(20_000);

  it('writes by addresses from the start of the application, in pages that the chip can erase', async () => {
    for (const [target, kind] of [[nano, nano33], [r4, unoR4]] as const) {
      const link = linkTo(kind, target.chipId.kind === 'name' ? target.chipId.usb[0] : undefined);
      await uploadSamBa(link, at(target.startAddress), 'the chip', target, quietTask);
      const { flash, started } = link.device;
      assert.equal(target.startAddress, kind.base);
      assert.deepEqual(bytes.map((_, i) => flash.get(kind.base + i) ?? 0xff), bytes);
      assert.equal(flash.size, 8192);
      assert.ok(started);
    }
  });

  it('a bootloader that announces check sums and has none is flashed all the same, with a warning', async () => {
    const link = linkTo({ ...unoR4, hasCheckSums: false });
    const said: [LogLevel, string][] = [];
    await uploadSamBa(link, at(r4.startAddress), 'RA4M1', r4, { ...quietTask, log: { write: (level, text) => void said.push([level, text]) } });
    assert.ok(link.device.started);
    assert.deepEqual(said.map(([level]) => level), ['warning']);
    assert.match(said[0][1], /could not be verified/);
  });

  it('a byte that the flash does not keep is found by its page', async () => {
    const problem = await problemOf(uploadSamBa(linkTo({ ...nano33, wornAt: 0x11234 }), at(nano.startAddress), 'nRF52840', nano, quietTask));
    assert.equal(problem.code, 'TINYML-UPLOAD-VERIFY');
    assert.match(problem.title, /between 0x11000 and 0x11fff/);
  });

  it('two boards whose bootloaders have one name are told apart by what they are plugged in as', async () => {
    const usb = nano.chipId.kind === 'name' ? nano.chipId.usb[0] : undefined;
    const link = linkTo(nano33, usb);
    const problem = await problemOf(uploadSamBa(link, at(r4.startAddress), 'RA4M1', r4, quietTask));
    assert.equal(problem.code, 'TINYML-UPLOAD-OTHER-CHIP');
    assert.match(problem.title, /2341:005a/);
    assert.equal(link.device.flash.size, 0);
  });

  it('one dialect where the other is expected: named or refused, nothing written', async () => {
    const other = linkTo(nano33);
    assert.match((await problemOf(uploadSamBa(other, at(xiao.startAddress), 'ATSAMD21G18', xiao, quietTask))).title, /another chip: nRF52840-QIAA/);
    const samd = new FaultyLink('/dev/board', (send) => new FakeSamBa(send));
    const refused = await problemOf(uploadSamBa(samd, at(nano.startAddress), 'nRF52840', nano, quietTask));
    assert.equal(refused.code, 'TINYML-UPLOAD-REFUSED');
    assert.match(refused.detail!, /without the extensions I, K/);
    assert.deepEqual([other.device.flash.size, samd.device.flash.size], [0, 0]);
  });

  /** A line whose buffers are full: a write is never done. */
  const stuckFrom = (write: number): FaultyLink => {
    const link = linkTo(nano33);
    const usual = link.write.bind(link);
    let writes = 0;
    return Object.assign(link, { write: (data: Uint8Array) => (++writes >= write ? new Promise<void>(() => {}) : usual(data)) });
  };

  it('a board that takes no more bytes is a problem, and cancelling does not wait for it', async () => {
    assert.equal((await problemOf(uploadSamBa(stuckFrom(5), at(nano.startAddress), 'nRF52840', nano, quietTask))).code, 'TINYML-UPLOAD-STUCK');
    const abort = new AbortController();
    const work = uploadSamBa(stuckFrom(5), at(nano.startAddress), 'nRF52840', nano, { ...quietTask, signal: abort.signal, progress: ({ stage }) => void (stage === 'Writing' && setTimeout(() => abort.abort(), 20)) });
    await assert.rejects(work, CancelledError);
  });

  it('unplugged while it takes no bytes: told at once', async () => {
    const link = stuckFrom(5);
    const work = problemOf(uploadSamBa(link, at(nano.startAddress), 'nRF52840', nano, { ...quietTask, progress: ({ stage }) => void (stage === 'Writing' && setTimeout(() => void link.close(), 20)) }));
    assert.equal((await work).code, 'TINYML-UPLOAD-UNPLUGGED');
  });
});
