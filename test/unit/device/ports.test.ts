import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { touch, waitForFirmware } from '../../../src/device/connect/reenumerate';
import type { PortAccess } from '../../../src/device/connect/port-access';
import { listPorts, type PortInfo } from '../../../src/device/transports/list-ports';
import { MemoryLink } from '../../../src/device/transports/memory-link';
import { PortBroker } from '../../../src/device/transports/port-broker';
import { findPortHolders, groupOfPort } from '../../../src/device/transports/port-holders';
import { portNotOpened } from '../../../src/device/transports/problems';

const code = (expected: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === expected;

describe('the port broker', () => {
  it('has one owner at a time, and tells who it is and when that changes', () => {
    const broker = new PortBroker();
    const changes: unknown[] = [];
    broker.onDidChangeOwner((change) => changes.push([change.portPath, change.owner]));
    const release = broker.acquire('/dev/a', 'the monitor');
    assert.throws(() => broker.acquire('/dev/a', 'a flash'), (error: unknown) => code('TINYML-PORT-TAKEN')(error) && /the monitor/.test((error as Error).message));
    release();
    release();
    assert.equal(broker.ownerOf('/dev/a'), undefined);
    const other = broker.acquire('/dev/a', 'a flash');
    release(); // of the former owner: it must not free the port of the present one
    assert.equal(broker.ownerOf('/dev/a'), 'a flash');
    other();
    assert.deepEqual(changes, [['/dev/a', 'the monitor'], ['/dev/a', undefined], ['/dev/a', 'a flash'], ['/dev/a', undefined]]);
  });

  it('a monitor gives way, and comes back where the board then is, once', async () => {
    const broker = new PortBroker();
    const log: string[] = [];
    const monitor = (portPath: string): void => {
      const release = broker.acquire(portPath, 'the monitor', {
        pause: () => Promise.resolve(void (log.push(`pause ${portPath}`), release())),
        resume: (now) => Promise.resolve(void (log.push(`resume ${now}`), monitor(now))),
      });
    };
    monitor('/dev/a');
    const loan = await broker.borrow('/dev/a');
    broker.acquire('/dev/a', 'a flash')();
    await loan.release('/dev/b');
    await loan.release('/dev/c');
    assert.deepEqual(log, ['pause /dev/a', 'resume /dev/b']);
    assert.equal(broker.ownerOf('/dev/b'), 'the monitor');
  });

  it('who cannot be paused keeps the port; a free port needs nobody to give way', async () => {
    const broker = new PortBroker();
    await (await broker.borrow('/dev/a')).release();
    broker.acquire('/dev/a', 'a session');
    await assert.rejects(broker.borrow('/dev/a'), code('TINYML-PORT-TAKEN'));
  });
});

describe('a system without udevadm', () => {
  it('says what to install, instead of an internal error', async function () {
    if (process.platform !== 'linux') this.skip();
    const { PATH } = process.env;
    process.env.PATH = path.join(os.tmpdir(), 'no-such-folder');
    try {
      await assert.rejects(listPorts(), (error: unknown) => code('TINYML-PORT-LIST')(error) && /udev/.test((error as ProblemError).problem.fixes[0].shell ?? ''));
    } finally {
      process.env.PATH = PATH;
    }
  });
});

describe('who has a port', () => {
  it('is found, with process and name', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-port-'));
    const file = path.join(folder, 'tty');
    fs.writeFileSync(file, '');
    fs.symlinkSync(file, path.join(folder, 'link'));
    assert.deepEqual(await findPortHolders(file), []);
    const open = fs.openSync(file, 'r');
    try {
      for (const name of ['tty', 'link']) {
        const holders = await findPortHolders(path.join(folder, name));
        assert.deepEqual(holders.map((h) => h.processId), [process.pid]);
        assert.ok(holders[0].name.length > 0);
      }
    } finally {
      fs.closeSync(open);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is named in the problem; a forbidden port names group and command', async () => {
    const busy = portNotOpened('/dev/a', 'Cannot lock port', { holders: [{ processId: 12, name: 'minicom' }] });
    assert.match(busy.title, /minicom \(process 12\) has it open/);
    assert.match(busy.fixes[0].title, /minicom/);
    const forbidden = portNotOpened('/dev/a', 'Permission denied', { holders: [], group: 'uucp' });
    assert.match(forbidden.title, /only the group uucp/);
    assert.equal(forbidden.fixes[0].shell, 'sudo usermod -aG uucp "$USER"');
    assert.match(portNotOpened('/dev/a', 'No such file or directory').title, /no such port/);
  });

  it('its group is read from the system', async function () {
    if (process.platform !== 'linux') this.skip();
    assert.equal(await groupOfPort('/dev/null'), 'root');
    assert.equal(await groupOfPort('/dev/no-such-port'), undefined);
  });
});

describe('boards that leave and come back', () => {
  const board = boards.find((b) => b.connect.kind === 'port' && b.connect.uploads[0].kind === 'avr109')!;
  const times = { appearMs: 1200, staysMs: 400 };
  const app = { path: '/dev/app', ...board.usb![0], serialNumber: 'S1' };
  const boot = { path: '/dev/boot', ...board.bootUsb![0], serialNumber: 'S1' };
  const stranger = { path: '/dev/other', vendorId: 1, productId: 2 };

  /** Ports as they are seen one look after another; the last stays. */
  function computer(looks: PortInfo[][]): PortAccess & { opened: string[] } {
    const opened: string[] = [];
    return {
      opened,
      list: () => Promise.resolve(looks.length > 1 ? looks.shift()! : looks[0]),
      open: (portPath, baud) => {
        opened.push(`${portPath} ${baud}`);
        return Promise.resolve(MemoryLink.pair(portPath)[0]);
      },
      findDrives: () => Promise.resolve([]),
    };
  }

  it('are found by the ids of their bootloader, under another path', async () => {
    const access = computer([[app, stranger], [stranger], [stranger, boot]]);
    assert.equal(await touch(app.path, board, access, quietTask, times), boot.path);
    assert.deepEqual(access.opened, ['/dev/app 1200']);
  });

  it('under the same path; when already in the bootloader; when left there earlier', async () => {
    assert.equal(await touch(app.path, board, computer([[app], [], [{ ...boot, path: app.path }]]), quietTask, times), app.path);
    const waiting = computer([[{ ...boot, path: app.path }]]);
    assert.equal(await touch(app.path, board, waiting, quietTask, times), app.path);
    assert.deepEqual(waiting.opened, []);
    assert.equal(await touch(app.path, board, computer([[boot]]), quietTask, times), boot.path);
  });

  it('are not mistaken for a board that is plugged in meanwhile', async () => {
    const access = computer([[app], [stranger], [stranger, { ...stranger, path: '/dev/third' }], [stranger, boot]]);
    // one new port alone could be it, but not at once; of several it is the one with its ids
    assert.equal(await touch(app.path, board, access, quietTask, times), boot.path);
    assert.equal(await touch(app.path, board, computer([[app], [stranger]]), quietTask, times), stranger.path);
    const firmware = computer([[stranger], [stranger, { ...app, path: '/dev/app2' }]]);
    assert.equal(await waitForFirmware({ portPath: boot.path, firmwarePath: app.path, before: [boot, stranger] }, board, firmware, quietTask, times), '/dev/app2');
  });

  it('that do not come back are a problem; waiting can be cancelled', async () => {
    await assert.rejects(touch(app.path, board, computer([[app], []]), quietTask, times), code('TINYML-PORT-NOT-BACK'));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(touch(app.path, board, computer([[app], []]), { ...quietTask, signal: abort.signal }, times), CancelledError);
  });
});
