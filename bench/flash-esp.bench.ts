// Flashing a fake ESP32: our transport under esptool-js beside esptool-js's own (its stream loop), same chip model, same image,
// alternating; wall time from reset to verified.
import { createHash } from 'node:crypto';
import { ESPLoader, HardReset, Transport } from 'esptool-js';
import { quietTask } from '../src/base/progress';
import { uploadEsp } from '../src/device/uploaders/esp/upload';
import { FaultyLink } from '../test/contract/device/faulty-link';
import { FakeEsp } from '../test/contract/device/fakes/fake-esp';

const ROUNDS = 5;
const BAUD = 115_200;
// half of it random, so that compression has something to leave
const bytes = new Uint8Array(200_000).map((_, i) => (i % 2 ? (i * 2654435761) >>> 24 : 0x55));

const board = (): FaultyLink => new FaultyLink('/dev/esp', (send) => new FakeEsp(send, 'ESP32'));

/** A WebSerial port over the same link, as esptool-js asks for it. */
function webSerial(link: FaultyLink): ConstructorParameters<typeof Transport>[0] {
  let lines = { dtr: false, rts: false };
  const port = {
    readable: null as ReadableStream<Uint8Array> | null,
    writable: null as WritableStream<Uint8Array> | null,
    getInfo: () => ({}),
    open: () => {
      port.readable = new ReadableStream({ start: (controller) => void link.onData((data) => controller.enqueue(data)) });
      port.writable = new WritableStream({ write: (data) => link.write(data) });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    setBaudRate: () => Promise.resolve(),
    setSignals: (s: { dataTerminalReady?: boolean; requestToSend?: boolean }) => {
      lines = { dtr: s.dataTerminalReady ?? lines.dtr, rts: s.requestToSend ?? lines.rts };
      return link.setSignals(lines);
    },
  };
  return port as unknown as ConstructorParameters<typeof Transport>[0];
}

/** Its own only releases RTS, which resets nothing: the same reset for both. */
async function hardReset(transport: Transport): Promise<void> {
  await transport.setSignals(false, true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await transport.setSignals(false, false);
}

async function theirs(): Promise<void> {
  const transport = new Transport(webSerial(board()), false);
  transport.trace = () => {};
  const loader = new ESPLoader({
    transport, baudrate: BAUD, romBaudrate: BAUD, terminal: { clean() {}, write() {}, writeLine() {} },
    resetConstructors: { hardReset: (t) => Object.assign(new HardReset(t), { reset: () => hardReset(t) }) },
  });
  await loader.main('default_reset');
  await loader.writeFlash({ fileArray: [{ data: bytes, address: 0x10000 }], flashMode: 'keep', flashFreq: 'keep', flashSize: 'keep', eraseAll: false, compress: true, calculateMD5Hash: (image) => createHash('md5').update(image).digest('hex') });
  await loader.after('hard_reset');
}

const ours = (): Promise<void> => uploadEsp(board(), [{ address: 0x10000, bytes }], 'ESP32', { chip: 'ESP32', baud: BAUD, fastBaud: BAUD }, quietTask);
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function main(): Promise<void> {
  const rounds: { ours: number; theirs: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push({ ours: await timed(ours), theirs: await timed(theirs) });
  const [our, their] = [median(rounds.map((r) => r.ours)), median(rounds.map((r) => r.theirs))];
  console.table({ ours: { ms: Math.round(our) }, 'esptool-js alone': { ms: Math.round(their) } });
  console.log(`${bytes.length} bytes written and verified; ours / esptool-js = ${(our / their).toFixed(2)}`);
  process.exit(0); // its read loop waits for ever
}

void main();
