import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { loadDataset } from '../../../src/app/data/dataset';
import { programPath } from '../../../src/app/programs';
import { bytesOfCounts } from '../../../src/device/protocol/sense-report';
import { FakeBoard, type FakeBoardOptions } from '../../unit/device/fake-board';
import { removeTemporaryFolders, temporaryFolder } from './support/boards';
import { openPty, type Pty } from './support/pty';

interface Ended {
  readonly status: number | null;
  readonly json: { readonly [name: string]: never };
  readonly stderr: string;
}

describe('listening and recording from the command line', function () {
  this.timeout(60_000);
  let port: Pty | undefined;
  afterEach(async () => {
    await port?.close();
    port = undefined;
  });
  after(removeTemporaryFolders);

  function cli(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [programPath('cli'), ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    return new Promise((resolve) => child.on('close', (status) => resolve({ status, stderr, json: (stdout ? JSON.parse(stdout) : {}) as Ended['json'] })));
  }

  /** A board behind a pseudo terminal that says something every so often, from when the port is opened. */
  async function board(context: Mocha.Context, say: (n: number) => Uint8Array | string, options?: FakeBoardOptions): Promise<Pty> {
    const fake = options && new FakeBoard(options);
    let timer: NodeJS.Timeout | undefined;
    let n = 0;
    const pty: Pty = await openPty(context, {
      receive: (bytes) => void fake?.host.write(bytes),
      opened: () => (timer ??= setInterval(() => pty.send(Buffer.from(say(n++))), 10)),
      closed: () => (clearInterval(timer), (timer = undefined)),
    });
    fake?.host.onData((bytes) => pty.send(bytes));
    return pty;
  }

  it('tinyml monitor: what was heard, exit status 0; 1 where the board is lost; 2 without a port', async function () {
    port = await board(this, (n) => `n:${n}\n`);
    const heard = await cli('monitor', '--port', port.path, '--seconds', '2');
    assert.equal(heard.status, 0, heard.stderr);
    const texts = (heard.json.events as { kind: string; text?: string }[]).flatMap(({ kind, text }) => (kind === 'text' ? [text!] : []));
    assert.ok(texts.length > 20, texts.join(' '));
    const first = Number(texts[1].slice(2));
    assert.deepEqual(texts.slice(1), texts.slice(1).map((_, i) => `n:${first + i}`), 'every line, in order');
    const losing = cli('monitor', '--port', port.path, '--seconds', '4');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await port.close();
    port = undefined;
    assert.equal((await losing).status, 1);
    assert.equal((await cli('monitor')).status, 2);
  });

  it('tinyml record: lines of numbers into labelled samples', async function () {
    port = await board(this, (n) => `x:${n},y:${-n}\n`);
    const out = path.join(temporaryFolder(), 'moves.csv');
    const { status, json, stderr } = await cli('record', '--port', port.path, '--label', 'up', '--out', out, '--window', '8', '--seconds', '2', '--quiet');
    assert.equal(status, 0, stderr);
    assert.ok(Number(json.recorded) >= 5 && Number(json.rows) >= 8 * Number(json.recorded), JSON.stringify(json));
    const { test } = await loadDataset(out, { classNames: ['up'], whole: true });
    assert.equal(test.count, json.recorded);
    for (let i = 2; i < 16; i += 2) assert.deepEqual([test.values[i] - test.values[i - 2], test.values[i + 1]], [1, -test.values[i]]);
  });

  it('tinyml record: sound of the board\'s microphone, window by window, into .wav by label', async function () {
    const chunk = Int16Array.from({ length: 160 }, (_, i) => i * 100);
    let fake: FakeBoard | undefined;
    const pty = await openPty(this, {
      receive: (bytes) => void fake!.host.write(bytes),
      opened: () => {},
      closed: () => {},
    });
    port = pty;
    fake = new FakeBoard({ sensor: { measures: 1, channels: 1, milliHz: 16_000_000, scale: 0x38000000, window: 400, hop: 200, kind: 'microphone', unit: '' } });
    fake.host.onData((bytes) => pty.send(bytes));
    let first = 0;
    const timer = setInterval(() => {
      if (!fake!.received.includes('sense')) return;
      fake!.send('samples', 0, { first, missed: 0, bytes: bytesOfCounts(chunk) });
      first += chunk.length;
    }, 10);
    const out = path.join(temporaryFolder(), 'words');
    const { status, json, stderr } = await cli('record', '--port', pty.path, '--label', 'yes', '--out', out, '--window', '320', '--seconds', '3');
    clearInterval(timer);
    assert.equal(status, 0, stderr);
    const files = fs.readdirSync(path.join(out, 'yes'));
    assert.equal(files.length, json.samples);
    assert.ok(files.length > 10 && files[0] === 'yes-0001.wav', files.join(' '));
    const { test } = await loadDataset(out, { classNames: ['yes'], whole: true });
    assert.deepEqual([test.sampleShape, test.labels![0]], [[320], 0]);
    assert.deepEqual(Array.from(test.values).slice(0, 320), Array.from({ length: 320 }, (_, i) => ((i % 160) * 100) / 32768));
  });
});
