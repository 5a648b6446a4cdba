import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { concatBytes } from '../../src/base/bytes';
import { quietTask } from '../../src/base/progress';
import { monitorPort, type PortMonitor } from '../../src/app/monitor-port';
import { RunManager } from '../../src/host/device/run-manager';
import { openFollowing } from '../../src/device/connect/follow-port';
import { encodeFrame } from '../../src/device/protocol/framing';
import { messages } from '../../src/device/protocol/messages';
import { encodePayload } from '../../src/device/protocol/payload';
import { PortBroker } from '../../src/device/transports/port-broker';

/** 2 Mbit/s. */
const BYTES_PER_SECOND = 250_000;
const SLICE_MS = 10;

const lineOf = (number: number): string => `n:${number},wave:${(Math.sin(number / 50) * 100).toFixed(3)}`;

/** The board: a hello, then frames with text between them, numbered, as fast as the line allows; then how many it sent, in a file beside the port. */
export function writeStream(port: string, seconds: number, classes: number): void {
  const fd = fs.openSync(port, 'w');
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
  };
  const frame = (type: number, payload: Uint8Array): Uint8Array => encodeFrame({ type, sequence: 0, payload });
  put(frame(messages.helloReply.type, encodePayload('helloReply', { protocol: 1, maxPayload: 64, modelHash: 7, arenaBytes: 1, inputBytes: 1, outputBytes: classes, clockHz: 1e6, tickHz: 1e6, tickKind: 0, overruns: 0, firmware: 'stream', board: 'stream', model: 'stream' })));
  let [sent, number] = [0, 0];
  const start = Date.now();
  const timer = setInterval(() => {
    const due = ((Date.now() - start) / 1000) * BYTES_PER_SECOND;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (; sent + length < due; number++) {
      const scores = Uint8Array.from({ length: classes }, (_, i) => (number * 31 + i * 7) & 255);
      const more = [frame(messages.result.type, encodePayload('result', { status: 0, ticks: number, bytes: scores })), new TextEncoder().encode(`${lineOf(number)}\n`)];
      for (const part of more) (parts.push(part), (length += part.length));
    }
    put(concatBytes(parts));
    sent += length;
    if (Date.now() - start < seconds * 1000) return;
    clearInterval(timer);
    put(new TextEncoder().encode('end\n'));
    fs.writeFileSync(`${port}.count`, JSON.stringify({ number, sent }));
    setTimeout(() => fs.closeSync(fd), 2000);
  }, SLICE_MS);
}

export interface StreamCounts {
  predictions: number;
  lines: number;
  outOfOrder: number;
}

/** A pseudo terminal, the board at its far end as a process of its own, and at the near end what the editor has: session, monitor, run manager. */
export class StreamedRun {
  readonly counts: StreamCounts = { predictions: 0, lines: 0, outOfOrder: 0 };
  readonly runs: RunManager;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-stream-'));
  private readonly near = path.join(this.folder, 'near');
  private readonly far = path.join(this.folder, 'far');
  private readonly socat: ChildProcess;
  private writer: ChildProcess | undefined;
  private monitor: PortMonitor | undefined;
  ended = false;

  constructor(private readonly classes: number, labels: readonly string[]) {
    this.socat = spawn('socat', [`PTY,link=${this.near},raw,echo=0`, `PTY,link=${this.far},raw,echo=0`], { stdio: 'ignore' });
    // Also where this process ends by an error: whoever waits for its output would wait for theirs.
    process.once('exit', () => this.endPrograms());
    const { near, counts } = this;
    const output = { name: 'scores', dtype: 'int8' as const, shape: [1, classes], scale: 1 / 256, zeroPoint: -128 };
    let next = 0;
    this.runs = new RunManager(
      async (_request, _deps, _task, onEvent) =>
        (this.monitor = await monitorPort({ portPath: near, baud: 115_200, hello: false, model: { modelHashes: [7], labels, input: output, output } }, openFollowing(new PortBroker(), 'the benchmark'), (event) => {
          if (event.kind === 'prediction') counts.predictions++;
          if (event.kind === 'text' && event.text === 'end') this.ended = true;
          else if (event.kind === 'text' && event.text === lineOf(next)) (counts.lines++, next++);
          else if (event.kind === 'text') counts.outOfOrder++;
          onEvent(event);
        })),
      () => ({ engine: { request: () => Promise.reject(new Error('not asked')) }, programs: { avrSimulator: '' }, buildRoot: '', env: {} }),
      { write: () => {} },
    );
  }

  /** `program`: what runs as the board, given `write`, port, seconds and classes. */
  async start(program: string, seconds: number): Promise<void> {
    const { near, far } = this;
    while (!fs.existsSync(far) || !fs.existsSync(near)) await new Promise((resolve) => setTimeout(resolve, 20));
    await this.runs.start({ path: '', boardId: '', portPath: near }, { id: '', name: near, kind: 'hardware' }, quietTask);
    this.writer = spawn(process.execPath, [program, 'write', far, String(seconds), String(this.classes)], { stdio: 'inherit' });
  }

  get sent(): { readonly number: number; readonly sent: number } {
    return JSON.parse(fs.readFileSync(`${this.far}.count`, 'utf8')) as { number: number; sent: number };
  }

  get link(): { readonly frames: number; readonly broken: number } {
    const { frames = 0, broken = 0 } = this.monitor?.stats ?? {};
    return { frames, broken };
  }

  /** Every frame and line that was sent has come, in order and whole. The first frame is the hello. */
  get isWhole(): boolean {
    const { number } = this.sent;
    const { frames, broken } = this.link;
    return frames === number + 1 && this.counts.lines === number && this.counts.predictions === number && broken === 0 && this.counts.outOfOrder === 0;
  }

  private endPrograms(): void {
    this.writer?.kill();
    this.socat.kill();
  }

  async stop(): Promise<void> {
    await this.runs.stop();
    this.endPrograms();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
