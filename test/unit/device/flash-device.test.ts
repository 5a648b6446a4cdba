import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { flashDevice, type FlashDeviceRequest } from '../../../src/device/connect/flash-device';
import type { PortAccess } from '../../../src/device/connect/port-access';
import type { PortInfo } from '../../../src/device/transports/list-ports';
import { MemoryLink } from '../../../src/device/transports/memory-link';
import { PortBroker } from '../../../src/device/transports/port-broker';

const board = boards.find((b) => b.connect.kind === 'port' && b.connect.uploads.some((u) => u.kind === 'tool' && u.target.tool === 'avrdude'))!;
const upload = board.connect.kind === 'port' ? board.connect.uploads.find((u) => u.kind === 'tool')! : assert.fail();

describe('flashing a board that is plugged in', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-flash-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function request(broker: PortBroker, listed: readonly PortInfo[] = []): FlashDeviceRequest & { readonly opened: string[] } {
    const opened: string[] = [];
    const access: PortAccess = {
      list: () => Promise.resolve(listed),
      open: (portPath) => (opened.push(portPath), Promise.resolve(MemoryLink.pair(portPath)[0])),
      findDrives: () => Promise.resolve([]),
    };
    const program = path.join(folder, 'avrdude');
    fs.writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const environment = { platform: process.platform, pathFolders: [], programEndings: [''], variables: process.env, osRelease: '' };
    const tools: FlashDeviceRequest['tools'] = { environment, byId: new Map([['avrdude', { id: 'avrdude', path: program, version: '1' }]]) };
    return { board, upload, image: [], files: { image: program, folder, project: folder }, portPath: '/dev/by-hand', baud: 115_200, access, broker, tools, opened };
  }

  it('a monitor that does not give way keeps nobody who cancels, and gets its port back when it has', async () => {
    const broker = new PortBroker();
    const log: string[] = [];
    let giveWay!: () => void;
    broker.acquire('/dev/by-hand', 'a slow monitor', {
      pause: () => new Promise<void>((resolve) => (giveWay = resolve)),
      resume: (portPath) => Promise.resolve(void log.push(`resume ${portPath}`)),
    });
    const abort = new AbortController();
    const work = flashDevice(request(broker), { ...quietTask, signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(work, CancelledError);
    assert.deepEqual(log, []);
    giveWay();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ['resume /dev/by-hand']);
  });

  it('a flash that fails gives the port back to the monitor, with the problem of the tool', async function () {
    if (process.platform === 'win32') this.skip(); // the fake tool is a shell script
    const broker = new PortBroker();
    const log: string[] = [];
    const release = broker.acquire('/dev/by-hand', 'the monitor', {
      pause: () => Promise.resolve(void (log.push('pause'), release())),
      resume: (portPath) => Promise.resolve(void log.push(`resume ${portPath}`)),
    });
    const failing = request(broker);
    fs.writeFileSync(path.join(folder, 'avrdude'), '#!/bin/sh\necho "no device" >&2; exit 1\n', { mode: 0o755 });
    await assert.rejects(flashDevice(failing, quietTask), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-UPLOAD-TOOL' && /no device/.test(error.problem.detail!));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log, ['pause', 'resume /dev/by-hand']);
    assert.equal(broker.ownerOf('/dev/by-hand'), undefined);
    assert.deepEqual(failing.opened, []);
  });

  it('two flashes of one drive at once: the second is told, and its retry works', async () => {
    const pico = boards.find((b) => b.connect.kind === 'port' && b.connect.uploads[0].kind === 'uf2')!;
    const uf2 = pico.connect.kind === 'port' ? pico.connect.uploads[0] : assert.fail();
    const drive = fs.mkdtempSync(path.join(folder, 'drive'));
    const broker = new PortBroker();
    const boardId = uf2.kind === 'uf2' ? uf2.target.boardIds[0] : assert.fail();
    const arrive = (): void => fs.writeFileSync(path.join(drive, 'INFO_UF2.TXT'), `Board-ID: ${boardId}\n`);
    const restart = setInterval(() => fs.existsSync(path.join(drive, 'FIRMWARE.UF2')) && fs.rmSync(path.join(drive, 'INFO_UF2.TXT'), { force: true }), 20);
    try {
      const access: PortAccess = { ...request(broker).access, findDrives: () => Promise.resolve(fs.existsSync(path.join(drive, 'INFO_UF2.TXT')) ? [{ folder: drive, label: '', boardId }] : []) };
      const flash = (): Promise<unknown> => flashDevice({ ...request(broker), board: pico, upload: uf2, image: [{ address: 0x10000000, bytes: new Uint8Array(600) }], portPath: undefined, access }, quietTask);
      const first = flash();
      await assert.rejects(flash(), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-PORT-TAKEN' && error.problem.title.includes(pico.name));
      arrive();
      await first;
      fs.rmSync(path.join(drive, 'FIRMWARE.UF2'));
      arrive();
      await flash();
    } finally {
      clearInterval(restart);
    }
  });

  it('a port that the system does not list, given by hand, is not waited for after a tool has flashed it', async function () {
    if (process.platform === 'win32') this.skip(); // the fake tool is a shell script
    const flashed = request(new PortBroker());
    const link = await flashDevice(flashed, quietTask);
    assert.equal(link?.name, '/dev/by-hand');
    assert.deepEqual(flashed.opened, ['/dev/by-hand']);
  });
});
