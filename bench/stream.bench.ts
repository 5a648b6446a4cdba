// 2 Mbit/s of frames and text mixed, over a pseudo terminal, through session, monitor and run manager as in the editor: every frame
// and every line accounted for, delay of the event loop, memory, updates for the panel. `npm run bench -- stream`; seconds may
// be given in TINYML_STREAM_SECONDS, 60 where absent. Needs socat.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { concatBytes } from '../src/base/bytes';
import { quietTask } from '../src/base/progress';
import { monitorPort, openThrough, type PortMonitor } from '../src/app/monitor-port';
import { RunManager } from '../src/host/device/run-manager';
import { encodeFrame } from '../src/device/protocol/framing';
import { messages } from '../src/device/protocol/messages';
import { encodePayload } from '../src/device/protocol/payload';
import { PortBroker } from '../src/device/transports/port-broker';

const BYTES_PER_SECOND = 250_000;
const SLICE_MS = 10;

/** The board: a hello, then frames with text between them, numbered, as fast as the line allows. Prints how many it sent. */
function write(port: string, seconds: number): void {
  const fd = fs.openSync(port, 'w');
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
  };
  const frame = (type: number, payload: Uint8Array): Uint8Array => encodeFrame({ type, sequence: 0, payload });
  put(frame(messages.helloReply.type, encodePayload('helloReply', { protocol: 1, maxPayload: 64, modelHash: 7, arenaBytes: 1, inputBytes: 1, outputBytes: 96, clockHz: 1e6, tickHz: 1e6, tickKind: 0, overruns: 0, firmware: 'stream', board: 'stream', model: 'stream' })));
  let [sent, number] = [0, 0];
  const start = Date.now();
  const timer = setInterval(() => {
    const due = ((Date.now() - start) / 1000) * BYTES_PER_SECOND;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (; sent + length < due; number++) {
      const scores = Uint8Array.from({ length: 96 }, (_, i) => (number * 31 + i * 7) & 255);
      const more = [frame(messages.result.type, encodePayload('result', { status: 0, ticks: number, bytes: scores })), new TextEncoder().encode(`n:${number},wave:${(Math.sin(number / 50) * 100).toFixed(3)}\n`)];
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

async function read(): Promise<void> {
  const seconds = Number(process.env.TINYML_STREAM_SECONDS ?? 60);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-stream-'));
  const [near, far] = [path.join(folder, 'near'), path.join(folder, 'far')];
  const socat = spawn('socat', [`PTY,link=${near},raw,echo=0`, `PTY,link=${far},raw,echo=0`], { stdio: 'ignore' });
  while (!fs.existsSync(far) || !fs.existsSync(near)) await new Promise((resolve) => setTimeout(resolve, 20));
  const counts = { predictions: 0, lines: 0, outOfOrder: 0, updates: 0, drawn: 0 };
  let [next, ended] = [0, false];
  const output = { name: 'scores', dtype: 'int8' as const, shape: [1, 96], scale: 1 / 256, zeroPoint: -128 };
  let monitor: PortMonitor | undefined;
  const runs = new RunManager(
    async (_request, _deps, _task, onEvent) =>
      (monitor = await monitorPort({ portPath: near, baud: 115_200, hello: false, model: { modelHash: 7, labels: [], input: output, output } }, openThrough(new PortBroker()), (event) => {
        if (event.kind === 'prediction') counts.predictions++;
        if (event.kind === 'text' && event.text === 'end') ended = true;
        else if (event.kind === 'text' && event.text === `n:${next},wave:${(Math.sin(next / 50) * 100).toFixed(3)}`) (counts.lines++, next++);
        else if (event.kind === 'text') counts.outOfOrder++;
        onEvent(event);
      })),
    () => ({ engine: { request: () => Promise.reject(new Error('not asked')) }, programs: { avrSimulator: '' }, buildRoot: '', env: {} }),
    { write: () => {} },
  );
  runs.onDidUpdate((update) => {
    counts.updates++;
    counts.drawn += JSON.stringify(update).length; // what posting it to the panel costs
  });
  await runs.start({ path: '', boardId: '', portPath: near }, { id: '', name: near, kind: 'hardware' }, quietTask);
  const writer = spawn(process.execPath, [__filename, 'write', far, String(seconds)], { stdio: 'inherit' });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const settle = Math.min(10, seconds / 4);
  await new Promise((resolve) => setTimeout(resolve, settle * 1000));
  globalThis.gc?.();
  const before = process.memoryUsage();
  delay.enable();
  const [updatesBefore, from] = [counts.updates, Date.now()];
  while (!ended && Date.now() - from < (seconds + 30) * 1000) await new Promise((resolve) => setTimeout(resolve, 50));
  delay.disable();
  const measured = (Date.now() - from) / 1000;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const sent = JSON.parse(fs.readFileSync(`${far}.count`, 'utf8')) as { number: number; sent: number };
  const { frames = 0, broken = 0 } = monitor?.stats ?? {};
  const [p99Ms, growthMiB, updatesPerSecond] = [delay.percentile(99) / 1e6, (after.heapUsed - before.heapUsed) / 2 ** 20, (counts.updates - updatesBefore) / measured];
  console.table({
    sent: { frames: sent.number + 1, lines: sent.number, 'Mbit/s': ((sent.sent * 8) / 1e6 / seconds).toFixed(2) },
    received: { frames, lines: counts.lines, 'Mbit/s': '' },
  });
  console.log(`broken pieces ${broken}, lines out of order ${counts.outOfOrder}, predictions ${counts.predictions}`);
  console.log(`event loop delay p99 ${p99Ms.toFixed(1)} ms (max ${(delay.max / 1e6).toFixed(1)} ms); updates ${updatesPerSecond.toFixed(1)} a second; heap ${growthMiB >= 0 ? '+' : ''}${growthMiB.toFixed(2)} MiB over ${measured.toFixed(0)} s`);
  await runs.stop();
  writer.kill();
  socat.kill();
  fs.rmSync(folder, { recursive: true, force: true });
  const whole = frames === sent.number + 1 && counts.lines === sent.number && counts.predictions === sent.number && broken === 0 && counts.outOfOrder === 0;
  if (!whole || p99Ms >= 50 || growthMiB > 8) process.exitCode = 1;
}

if (process.argv[2] === 'write') write(process.argv[3], Number(process.argv[4]));
else void read();
