// Flashing a simulated Uno over a serial port: our uploader beside avrdude, same board, same image, alternating; wall time from
// start to verified. Needs avrdude and socat. The board runs in a process of its own, as a real one would.
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quietTask } from '../src/base/progress';
import { boards } from '../src/device/boards';
import { PortBroker } from '../src/device/transports/port-broker';
import { openSerialLink } from '../src/device/transports/serial';
import { writeIntelHex } from '../src/device/uploaders/intel-hex';
import { uploadStk500v1 } from '../src/device/uploaders/stk500v1';
import { boardOnPty } from '../test/firmware/device/support/pty';

const ROUNDS = 5;
const bytes = new Uint8Array(20_000).map((_, i) => (i * 2654435761) >>> 24);
bytes.set([0x0c, 0x94, 0, 0]); // jmp 0: the program that these bytes are then does nothing

/** The board's side; tells the path of its port, and lives until its parent goes. */
async function serve(): Promise<void> {
  const port = await boardOnPty({ skip: () => process.exit(3) } as unknown as Mocha.Context);
  process.send!(port.path);
  process.on('disconnect', () => void port.close().then(() => process.exit(0)));
}

function startBoard(): Promise<{ child: ChildProcess; path: string }> {
  const child = fork(process.argv[1], ['serve']);
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve({ child, path: String(port) }));
    child.once('exit', (code) => reject(new Error(`the simulated board ended with ${code}`)));
  });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main(): Promise<void> {
  if (process.argv[2] === 'serve') return serve();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
  const { child, path: port } = await startBoard();
  const target = boards.flatMap((b) => (b.connect.kind === 'avr-simulator' && b.connect.upload.kind === 'stk500v1' ? [b.connect.upload.target] : []))[0];
  const hex = path.join(folder, 'image.hex');
  fs.writeFileSync(hex, writeIntelHex([{ address: 0, bytes }]));
  const ours = async (): Promise<void> => {
    const link = await openSerialLink(port, target.baud, new PortBroker(), 'the benchmark');
    try {
      await uploadStk500v1(link, [{ address: 0, bytes }], 'ATmega328P', target, quietTask);
    } finally {
      await link.close();
    }
  };
  const theirs = (): Promise<void> => {
    execFileSync('avrdude', ['-p', 'atmega328p', '-c', 'arduino', '-P', port, '-b', '115200', '-D', '-U', `flash:w:${hex}:i`], { stdio: 'ignore' });
    return Promise.resolve();
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const start = performance.now();
    await work();
    const ms = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 300)); // the pty is made anew for the next one
    return ms;
  };
  try {
    const rounds: { ours: number; avrdude: number }[] = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push({ ours: await timed(ours), avrdude: await timed(theirs) });
    const [our, their] = [median(rounds.map((r) => r.ours)), median(rounds.map((r) => r.avrdude))];
    console.table({ ours: { ms: Math.round(our) }, avrdude: { ms: Math.round(their) } });
    console.log(`${bytes.length} bytes written and verified; ours / avrdude = ${(our / their).toFixed(2)}`);
  } finally {
    child.disconnect();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main();
