import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { monitorPort } from '../../../src/app/monitor-port';
import type { RunEvent } from '../../../src/app/run-contract';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import type { UsbId } from '../../../src/device/boards/board';
import { openFollowing } from '../../../src/device/connect/follow-port';
import { systemPorts } from '../../../src/device/connect/port-access';
import { flashDevice } from '../../../src/device/connect/flash-device';
import { listPorts } from '../../../src/device/transports/list-ports';
import { PortBroker } from '../../../src/device/transports/port-broker';
import { PortWatch } from '../../../src/device/transports/port-watch';
import { openSerialLink } from '../../../src/device/transports/serial';
import { boardNodes } from '../../../src/host/views/board-nodes';
import { FakeAvr109 } from '../../contract/device/fakes/fake-avr109';
import type { Send } from '../../contract/device/fakes/fake-device';
import { random, removeTemporaryFolders, temporaryFolder } from './support/boards';
import { openPty, type Pty, type PtyEnd } from './support/pty';

const nothing: PtyEnd = { receive() {}, opened() {}, closed() {} };

/**
 * A computer that boards are plugged into: its ports are pseudo terminals, its `udevadm` tells which there are. All that is ours,
 * the serial driver with its listing among it, is the real thing.
 */
class Computer {
  private readonly folder = temporaryFolder();
  private readonly plugged = new Map<string, { readonly pty: Pty; readonly entry: string; readonly held?: number }>();
  private readonly variable = process.env.PATH;

  constructor(private readonly context: Mocha.Context) {
    if (process.platform !== 'linux') context.skip();
    fs.writeFileSync(path.join(this.folder, 'udevadm'), `#!/bin/sh\ncat '${this.folder}/entries'\n`, { mode: 0o755 });
    this.tell();
    process.env.PATH = `${this.folder}${path.delimiter}${this.variable}`;
  }

  /** `holds`: closing the port does not hang it up, as with real ones; who opens it is then not told. */
  async plug(name: string, { vendorId, productId }: UsbId, end: PtyEnd, serialNumber = 'S1', holds = false): Promise<Pty> {
    const pty = await openPty(this.context, end, name);
    const held = holds ? fs.openSync(pty.path, fs.constants.O_RDWR | fs.constants.O_NOCTTY) : undefined;
    const hex = (id: number): string => id.toString(16).padStart(4, '0');
    const values = { DEVNAME: pty.path, ID_VENDOR_ID: hex(vendorId), ID_MODEL_ID: hex(productId), ID_SERIAL_SHORT: serialNumber };
    const entry = [`P: /devices/${name}`, `N: ${name}`, ...Object.entries(values).map(([key, value]) => `E: ${key}=${value}`), ''].join('\n');
    this.plugged.set(name, { pty, entry, held });
    this.tell();
    return pty;
  }

  async unplug(name: string): Promise<void> {
    const { pty, held } = this.plugged.get(name)!;
    this.plugged.delete(name);
    this.tell();
    if (held !== undefined) fs.closeSync(held);
    await pty.close();
  }

  async close(): Promise<void> {
    process.env.PATH = this.variable;
    for (const name of [...this.plugged.keys()]) await this.unplug(name);
  }

  private tell(): void {
    const file = path.join(this.folder, 'entries');
    fs.writeFileSync(`${file}.new`, [...this.plugged.values()].map(({ entry }) => entry).join('\n'));
    fs.renameSync(`${file}.new`, file);
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1500; i++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`waited in vain for: ${what}`);
}

const uno = boards.find((board) => board.connect.kind === 'port' && board.connect.uploads[0].kind === 'stk500v1' && board.usb)!;
const leonardo = boards.find((board) => board.connect.kind === 'port' && board.connect.uploads[0].kind === 'avr109')!;

describe('boards that are plugged in and out', function () {
  this.timeout(60_000);
  let computer: Computer;
  beforeEach(function () {
    computer = new Computer(this as unknown as Mocha.Context);
  });
  afterEach(() => computer.close());
  after(removeTemporaryFolders);

  const viewOf = (watch: PortWatch, broker = new PortBroker()): string[] =>
    boardNodes({ ports: watch.ports, manualPorts: [], boards, ownerOf: (port) => broker.ownerOf(port), run: { phase: 'idle', text: '' } })
      .filter(({ portPath }) => portPath)
      .map(({ label, portPath }) => `${label} at ${path.basename(portPath!)}`);

  it('are in the boards view as they come, go and come back under another path', async () => {
    const watch = new PortWatch(30);
    let changes = 0;
    watch.onDidChange(() => changes++);
    watch.start();
    try {
      await watch.refresh();
      assert.deepEqual([viewOf(watch), changes], [[], 0]);
      await computer.plug('ttyACM0', uno.usb![0], nothing);
      await until(() => viewOf(watch).length === 1, 'the board');
      assert.deepEqual(viewOf(watch), [`${uno.name} at ttyACM0`]);
      await computer.plug('ttyACM1', leonardo.usb![0], nothing, 'S2');
      await until(() => viewOf(watch).length === 2, 'a second one');
      await computer.unplug('ttyACM0');
      await until(() => viewOf(watch).length === 1, 'the first one to go');
      assert.deepEqual(viewOf(watch), [`${leonardo.name} at ttyACM1`]);
      await computer.plug('ttyACM7', uno.usb![0], nothing);
      await until(() => viewOf(watch).includes(`${uno.name} at ttyACM7`), 'the first one under its new path');
      assert.equal(changes, 4);
    } finally {
      watch.dispose();
    }
    await computer.unplug('ttyACM1');
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(changes, 4, 'nobody looks any more');
  });

  /** A board that says which port it is at, whoever opens it. */
  function talker(name: string): { end: PtyEnd; send: { to?: Pty } } {
    const send: { to?: Pty } = {};
    return { send, end: { ...nothing, opened: () => void setTimeout(() => send.to?.send(Buffer.from(`hello from ${name}\n`)), 30) } };
  }

  async function plugTalker(name: string, usb: UsbId): Promise<Pty> {
    const { end, send } = talker(name);
    return (send.to = await computer.plug(name, usb, end));
  }

  const listen = async (broker: PortBroker, portPath: string): Promise<{ events: RunEvent[]; heard: (text: string) => boolean; stop: () => Promise<void> }> => {
    const events: RunEvent[] = [];
    const monitor = await monitorPort({ portPath, baud: 115_200, hello: false }, openFollowing(broker, 'the monitor'), (event) => events.push(event));
    return { events, heard: (text) => events.some((event) => event.kind === 'text' && event.text === text), stop: () => monitor.stop() };
  };

  it('a monitor loses a board that is pulled, and finds it again under another path', async () => {
    const broker = new PortBroker();
    const { path: portPath } = await plugTalker('ttyACM0', uno.usb![0]);
    const { events, heard, stop } = await listen(broker, portPath);
    try {
      await until(() => heard('hello from ttyACM0'), 'its first text');
      await computer.unplug('ttyACM0');
      await until(() => events.some((event) => event.kind === 'link' && event.state === 'lost'), 'the loss to be told');
      assert.equal(broker.ownerOf(portPath), undefined);
      // another board of the same kind, which the monitor must not take for its own
      await computer.plug('ttyACM1', uno.usb![0], nothing, 'S9');
      const back = await plugTalker('ttyACM2', uno.usb![0]);
      await until(() => heard('hello from ttyACM2'), 'its text from the new path');
      assert.equal(broker.ownerOf(back.path), 'the monitor');
      assert.equal(events.filter((event) => event.kind === 'link' && event.state === 'lost').length, 1);
    } finally {
      await stop();
    }
    assert.deepEqual((await listPorts()).map((port) => broker.ownerOf(port.path)), [undefined, undefined]);
  });

  it('a flash takes the port from the monitor, follows the board to its bootloader and back, and the monitor returns to where it is then', async () => {
    const broker = new PortBroker();
    const upload = leonardo.connect.kind === 'port' ? leonardo.connect.uploads[0] : assert.fail();
    const image = [{ address: 0, bytes: random(4).bytes(1000) }];
    let send: Send = () => {};
    const bootloader = new FakeAvr109((bytes) => send(bytes));
    const away = async (): Promise<void> => {
      await computer.unplug('ttyACM0');
      const pty = await computer.plug('ttyACM1', leonardo.bootUsb![0], { ...nothing, receive: (bytes) => bootloader.receive(bytes), closed: () => void (bootloader.started && back()) });
      send = (bytes) => pty.send(bytes);
    };
    const back = async (): Promise<void> => {
      await computer.unplug('ttyACM1');
      await plugTalker('ttyACM2', leonardo.usb![0]);
    };
    const { path: appPath } = await computer.plug('ttyACM0', leonardo.usb![0], nothing, 'S1', true);
    // the touch: a flash, not the monitor, has opened the firmware's port and closes it
    let touching = false;
    broker.onDidChangeOwner(({ portPath, owner }) => {
      if (portPath !== appPath) return;
      if (touching && owner === undefined) void away();
      touching = owner?.startsWith('flashing') ?? false;
    });
    const { events, heard, stop } = await listen(broker, appPath);
    try {
      const tools = { environment: { platform: process.platform, pathFolders: [], programEndings: [''], variables: {}, osRelease: '' }, byId: new Map() };
      const link = await flashDevice({ board: leonardo, upload, image, portPath: appPath, baud: 115_200, access: systemPorts(broker), broker, tools }, quietTask);
      assert.match(link!.name, /ttyACM2$/);
      assert.deepEqual(image[0].bytes.map((_, i) => bootloader.flash.get(i) ?? 0xff), image[0].bytes);
      assert.equal(events.at(-1)?.kind === 'link' && events.at(-1), events.find((event) => event.kind === 'link' && event.state === 'paused'));
      await link!.close();
      await until(() => heard('hello from ttyACM2'), 'the monitor at the new path');
      assert.equal(broker.ownerOf(link!.name), 'the monitor');
    } finally {
      await stop();
    }
  });

  it('a board that takes no bytes does not keep its port when that is closed', async () => {
    const script = 'import os, pty, sys, tty\nmaster, slave = pty.openpty()\ntty.setraw(slave)\nprint(os.ttyname(slave), flush=True)\nsys.stdin.read()';
    const board = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const broker = new PortBroker();
    try {
      const [text] = (await once(board.stdout, 'data')) as [Buffer];
      const link = await openSerialLink(text.toString().trim(), 115_200, broker, 'a test');
      let settled = false;
      const write = link.write(new Uint8Array(1 << 20)).then(() => 'written', () => 'given up').finally(() => (settled = true));
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(settled, false, 'nobody reads it');
      await link.close();
      assert.equal(await write, 'given up');
      assert.equal(broker.ownerOf(link.name), undefined);
    } finally {
      board.stdin.end();
      await once(board, 'exit');
    }
  });

  it('a port that another program has open names that program', async () => {
    const { path: portPath } = await computer.plug('ttyACM0', uno.usb![0], nothing);
    // the driver keeps others out by this lock
    const script = 'import fcntl, os, sys, termios\nfd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)\nfcntl.flock(fd, fcntl.LOCK_EX)\nprint("open", flush=True)\nsys.stdin.read()';
    const holder = spawn('python3', ['-c', script, portPath], { stdio: ['pipe', 'pipe', 'inherit'] });
    const broker = new PortBroker();
    try {
      await once(holder.stdout, 'data');
      await assert.rejects(openSerialLink(portPath, 115_200, broker, 'a test'), (error: unknown) => {
        assert.ok(error instanceof ProblemError);
        assert.equal(error.problem.code, 'TINYML-PORT-OPEN');
        assert.match(error.problem.title, new RegExp(`python3.*\\(process ${holder.pid}\\) has it open`));
        return true;
      });
      assert.equal(broker.ownerOf(portPath), undefined);
    } finally {
      holder.stdin.end();
      await once(holder, 'exit');
    }
  });
});
