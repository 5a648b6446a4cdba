import assert from 'node:assert/strict';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Progress } from '../../../src/base/progress';
import type { DriveUpload } from '../../../src/device/boards/uploads';
import { copyToDrive } from '../../../src/device/uploaders/copy-to-drive';
import { readDrive, type FindDrives } from '../../../src/device/uploaders/drives';
import { isUf2, readUf2, writeUf2 } from '../../../src/device/uploaders/uf2';
import { random } from './random';

const FAMILY = 0xe48bff56;
const image = [{ address: 0x10000000, bytes: random(1).bytes(600) }, { address: 0x10001000, bytes: random(2).bytes(100) }];

describe('UF2 files', () => {
  it('have the layout of the specification', () => {
    const file = Buffer.from(writeUf2(image, FAMILY));
    assert.equal(file.length, 4 * 512);
    for (let block = 0; block < 4; block++) {
      const at = block * 512;
      assert.equal(file.toString('latin1', at, at + 4), 'UF2\n'); // README of microsoft/uf2: the first magic number reads so
      assert.deepEqual([1, 2, 4, 5, 6, 7].map((i) => file.readUInt32LE(at + 4 * i)), [0x9e5d5157, 0x2000, 256, block, 4, FAMILY]);
      assert.equal(file.readUInt32LE(at + 508), 0x0ab16f30);
    }
    assert.deepEqual([0, 1, 2, 3].map((i) => file.readUInt32LE(i * 512 + 12)), [0x10000000, 0x10000100, 0x10000200, 0x10001000]);
    assert.deepEqual(Uint8Array.from(file.subarray(512 + 32, 512 + 32 + 256)), image[0].bytes.subarray(256, 512));
  });

  it('come back as they were, padded to whole blocks', () => {
    const { segments, familyIds } = readUf2(writeUf2(image, FAMILY));
    assert.deepEqual(familyIds, [FAMILY]);
    assert.deepEqual(segments.map((s) => [s.address, s.bytes.length]), [[0x10000000, 768], [0x10001000, 256]]);
    assert.deepEqual(segments[0].bytes.subarray(0, 600), image[0].bytes);
    assert.ok(segments[0].bytes.subarray(600).every((byte) => byte === 0xff));
  });

  it('that are damaged are told apart', () => {
    const file = writeUf2(image, FAMILY);
    assert.ok(isUf2(file) && !isUf2(file.subarray(1)));
    assert.throws(() => readUf2(file.subarray(0, 1000)), /no whole number of blocks/);
    assert.throws(() => readUf2(file.subarray(0, 1024)), /2 of its 4 blocks are missing/);
    const broken = (at: number, value: number): Uint8Array => file.map((byte, i) => (i === at ? value : byte));
    assert.throws(() => readUf2(broken(512, 0)), /block 1: not a block/);
    assert.throws(() => readUf2(broken(512 + 17, 2)), /block 1: it says 512 bytes/);
    assert.throws(() => readUf2(broken(512 + 20, 9)), /block 1: it says it is block 9 of 4/);
  });
});

describe('copying to the drive of a board', function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-drive-'));
    fs.writeFileSync(path.join(folder, 'INFO_UF2.TXT'), 'UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const upload: DriveUpload = { kind: 'uf2', touch: false, target: { familyId: FAMILY, boardIds: ['RPI-RP2'], startAddress: 0x10000000, applicationBytes: 1 << 20 } };
  const times = { appearMs: 300, vanishMs: 500, settleMs: 150 };
  const find: FindDrives = async () => [await readDrive(folder)].filter((drive) => drive !== undefined);
  const code = (expected: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === expected && error.problem.fixes.length > 0;

  /** The ROM's side: takes the file when it is complete, and goes away. */
  function board(): { taken: () => Uint8Array | undefined; stop: () => void } {
    let taken: Uint8Array | undefined;
    const timer = setInterval(() => {
      const file = path.join(folder, 'FIRMWARE.UF2');
      if (!fs.existsSync(file)) return;
      const bytes = fs.readFileSync(file);
      if (bytes.length < 512 || bytes.length < 512 * bytes.readUInt32LE(24)) return;
      taken = bytes;
      fs.rmSync(path.join(folder, 'INFO_UF2.TXT'), { force: true });
      clearInterval(timer);
    }, 10);
    return { taken: () => taken, stop: () => clearInterval(timer) };
  }

  it('writes all blocks, and ends when the drive has gone', async () => {
    const rom = board();
    const reports: Progress[] = [];
    await copyToDrive(image, 'RP2040', upload, find, { ...quietTask, progress: (p) => reports.push(p) }, times);
    assert.deepEqual(readUf2(rom.taken()!).segments[0].bytes.subarray(0, 600), image[0].bytes);
    assert.deepEqual(reports.at(-1), { stage: 'Verifying', done: 2048, total: 2048 });
  });

  it('a drive that stays has not taken the image', async () => {
    await assert.rejects(copyToDrive(image, 'RP2040', upload, find, quietTask, times), code('TINYML-UPLOAD-DRIVE-STAYED'));
  });

  it('a full drive is a problem', async function () {
    if (process.platform !== 'linux') this.skip(); // the system's own full device stands for the drive
    fs.symlinkSync('/dev/full', path.join(folder, 'FIRMWARE.UF2'));
    await assert.rejects(copyToDrive(image, 'RP2040', upload, find, quietTask, times), code('TINYML-UPLOAD-DRIVE-FULL'));
    fs.rmSync(path.join(folder, 'FIRMWARE.UF2'));
    const rom = board();
    await copyToDrive(image, 'RP2040', upload, find, quietTask, times);
    assert.ok(rom.taken());
  });

  it('no drive, the drive of another board, or two of them: nothing is written', async () => {
    await assert.rejects(copyToDrive(image, 'RP2040', upload, () => Promise.resolve([]), quietTask, times), code('TINYML-UPLOAD-NO-DRIVE'));
    await assert.rejects(copyToDrive(image, 'RP2040', upload, async () => [...(await find()), ...(await find())], quietTask, times), code('TINYML-UPLOAD-SEVERAL-DRIVES'));
    fs.writeFileSync(path.join(folder, 'INFO_UF2.TXT'), 'Board-ID: RP2350\n');
    await assert.rejects(copyToDrive(image, 'RP2040', upload, find, quietTask, times), code('TINYML-UPLOAD-OTHER-CHIP'));
    assert.deepEqual(fs.readdirSync(folder), ['INFO_UF2.TXT']);
  });

  it('an image that is too large, or for another place, is refused', async () => {
    await assert.rejects(copyToDrive([{ address: 0x10000000, bytes: new Uint8Array((1 << 20) + 1) }], 'RP2040', upload, find, quietTask, times), code('TINYML-UPLOAD-TOO-LARGE'));
    await assert.rejects(copyToDrive([{ address: 0, bytes: new Uint8Array(10) }], 'RP2040', upload, find, quietTask, times), code('TINYML-UPLOAD-BELOW-START'));
  });

  it('unplugged while it is written: a problem', async () => {
    const gone: FindDrives = async () => {
      const drives = await find();
      fs.rmSync(folder, { recursive: true, force: true });
      return drives;
    };
    await assert.rejects(copyToDrive(image, 'RP2040', upload, gone, quietTask, times), code('TINYML-UPLOAD-DRIVE'));
  });

  it('unplugged in the midst of writing: a problem, not taken for the restart at its end; then a retry works', async () => {
    const large = [{ address: 0x10000000, bytes: random(5).bytes(40_000) }];
    const probe = await fsPromises.open(path.join(folder, 'probe'), 'w');
    const handles = Object.getPrototypeOf(probe) as fsPromises.FileHandle;
    await probe.close();
    const { datasync } = handles;
    /** What the system says when a drive was pulled: nothing at the write, which it only remembers. */
    const pullAt = async (count: number): Promise<unknown> => {
      let synced = 0;
      const gone = (): boolean => ++synced >= count;
      handles.datasync = () => (gone() ? (fs.rmSync(path.join(folder, 'INFO_UF2.TXT'), { force: true }), Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' }))) : Promise.resolve());
      try {
        return await copyToDrive(large, 'RP2040', upload, find, quietTask, times).catch((error: unknown) => error);
      } finally {
        handles.datasync = datasync;
        fs.writeFileSync(path.join(folder, 'INFO_UF2.TXT'), 'Board-ID: RPI-RP2\n');
        fs.rmSync(path.join(folder, 'FIRMWARE.UF2'), { force: true });
      }
    };
    for (const count of [1, 3]) assert.ok(code('TINYML-UPLOAD-DRIVE')(await pullAt(count)), `pulled at ${count}`);
    assert.equal(await pullAt(5), undefined, 'with the last block the board restarts');
    const rom = board();
    await copyToDrive(large, 'RP2040', upload, find, quietTask, times);
    assert.deepEqual(readUf2(rom.taken()!).segments[0].bytes.subarray(0, 40_000), large[0].bytes);
  });

  it('can be cancelled at every stage', async () => {
    for (const stage of ['Looking for the drive of the board', 'Writing', 'Verifying']) {
      const abort = new AbortController();
      const task = { ...quietTask, signal: abort.signal, progress: (p: Progress) => void (p.stage === stage && abort.abort()) };
      await assert.rejects(copyToDrive(image, 'RP2040', upload, find, task, times), CancelledError, stage);
    }
  });

  it('plain images go to the drive of a probe, which tells when it failed', async () => {
    const drive = { folder, label: 'NODE_F446RE' };
    const probe: DriveUpload = { kind: 'mass-storage', target: { labels: ['NODE_F446RE'], startAddress: 0x08000000, applicationBytes: 4096 } };
    const at = [{ address: 0x08000000, bytes: random(3).bytes(300) }];
    await copyToDrive(at, 'STM32F446', probe, () => Promise.resolve([drive]), quietTask, times);
    assert.deepEqual(Uint8Array.from(fs.readFileSync(path.join(folder, 'FIRMWARE.BIN')).subarray(0, 300)), at[0].bytes);
    // the probe says so a while after the copy
    setTimeout(() => fs.writeFileSync(path.join(folder, 'FAIL.TXT'), 'The application file format is unknown'), 60);
    await assert.rejects(copyToDrive(at, 'STM32F446', probe, () => Promise.resolve([drive]), quietTask, times), code('TINYML-UPLOAD-DRIVE-REFUSED'));
    // what it said of an earlier image is not said of this one
    await copyToDrive(at, 'STM32F446', probe, () => Promise.resolve([drive]), quietTask, times);
  });

  it('the drive of a probe that goes away and comes back, also in another folder, is believed then', async () => {
    const probe: DriveUpload = { kind: 'mass-storage', target: { labels: ['NODE_F446RE'], startAddress: 0x08000000, applicationBytes: 4096 } };
    const at = [{ address: 0x08000000, bytes: random(3).bytes(300) }];
    const away = `${folder} away`;
    const copy = (find: FindDrives): Promise<void> => copyToDrive(at, 'STM32F446', probe, find, quietTask, { appearMs: 400, vanishMs: 1, settleMs: 350 });
    const here: FindDrives = () => Promise.resolve([{ folder, label: 'NODE_F446RE' }]);
    const leave = (): void => fs.renameSync(folder, away);
    const comeBack = (failure?: string): void => {
      if (failure) fs.writeFileSync(path.join(away, 'FAIL.TXT'), failure);
      fs.renameSync(away, folder);
    };
    setTimeout(leave, 60);
    setTimeout(comeBack, 160);
    await copy(here);
    setTimeout(leave, 60);
    setTimeout(() => comeBack('flash timeout'), 160);
    await assert.rejects(copy(here), code('TINYML-UPLOAD-DRIVE-REFUSED'));
    let looks = 0;
    setTimeout(leave, 60);
    await assert.rejects(copy(() => Promise.resolve([{ folder: looks++ ? away : folder, label: 'NODE_F446RE' }])), code('TINYML-UPLOAD-DRIVE-REFUSED'));
    comeBack();
  });

  it('a drive that hangs does not keep a cancelled flash', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    await assert.rejects(copyToDrive(image, 'RP2040', upload, () => new Promise(() => {}), { ...quietTask, signal: abort.signal }, times), CancelledError);
  });
});
