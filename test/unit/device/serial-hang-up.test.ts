import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { endOnHangUp } from '../../../src/device/transports/serial-hang-up';

/** As much of serialport's bindings as is read through, over a pipe that is empty or has bytes. */
class Binding {
  isOpen = true;
  fd: number | null;
  asked = 0;
  private readonly waiting: ((error?: Error | null) => void)[] = [];
  readonly poller = { once: (_: 'readable', then: (error?: Error | null) => void) => (this.asked++, void this.waiting.push(then)) };
  read!: (buffer: Buffer, offset: number, length: number) => Promise<{ bytesRead: number }>;

  constructor(readonly pipe: number) {
    this.fd = pipe;
  }

  wake(error?: Error): void {
    this.waiting.splice(0).forEach((then) => then(error));
  }
}

describe('reading from a serial port', () => {
  if (process.platform === 'win32') return; // there is no poller
  let folder: string;
  let pipe: number;
  let binding: Binding;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-pipe-'));
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    pipe = fs.openSync(path.join(folder, 'pipe'), fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    binding = new Binding(pipe);
    endOnHangUp(binding);
  });
  afterEach(() => {
    fs.closeSync(pipe);
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const read = (): Promise<{ bytesRead: number }> => binding.read(Buffer.alloc(16), 0, 16);

  it('waits for bytes, and gives them', async () => {
    const work = read();
    while (binding.asked === 0) await new Promise((resolve) => setImmediate(resolve));
    fs.writeSync(pipe, 'abc');
    binding.wake();
    assert.equal((await work).bytesRead, 3);
  });

  it('a port that is closed while it reads asks the poller nothing more: that would end the process', async () => {
    const work = read();
    Object.assign(binding, { isOpen: false, fd: null });
    await assert.rejects(work, (error: Error & { canceled?: boolean }) => error.canceled === true);
    assert.equal(binding.asked, 0);
  });

  it('the end of the file is a hang-up', async () => {
    const file = path.join(folder, 'empty');
    fs.writeFileSync(file, '');
    const empty = fs.openSync(file, 'r');
    try {
      binding.fd = empty;
      await assert.rejects(read(), /hung up/);
    } finally {
      fs.closeSync(empty);
    }
  });
});
