// 2 Mbit/s of frames and text mixed, over a pseudo terminal, through session, monitor and run manager as in the editor: every frame
// and every line accounted for, delay of the event loop, memory over time, updates for the panel. `npm run bench -- stream`; seconds
// may be given in TINYML_STREAM_SECONDS, 60 where absent. TINYML_STREAM_UNTIMED judges what is accounted for and memory alone. Needs socat.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { StreamedRun, writeStream } from './measure/streaming-board';

const CLASSES = 96;
/** Memory in use after a collection: the later half of the run may have so much more than the earlier one. */
const FLAT_MIB = 4;

const inUseMiB = (): { readonly heap: number; readonly all: number } => {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, all: rss / 2 ** 20 };
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function read(): Promise<void> {
  const seconds = Number(process.env.TINYML_STREAM_SECONDS ?? 60);
  const run = new StreamedRun(CLASSES, []);
  const counts = { updates: 0, drawn: 0 };
  run.runs.onDidUpdate((update) => {
    counts.updates++;
    counts.drawn += JSON.stringify(update).length; // what posting it to the panel costs
  });
  await run.start(__filename, seconds);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(Math.min(10, seconds / 4) * 1000);
  const memory = [inUseMiB()];
  await wait(50);
  delay.enable();
  const [updatesBefore, from] = [counts.updates, Date.now()];
  const every = Math.min(30, seconds / 8) * 1000;
  let next = from + every;
  while (!run.ended && Date.now() - from < (seconds + 30) * 1000) {
    await wait(50);
    if (Date.now() < next) continue;
    next += every;
    delay.disable(); // a whole collection is ours, not the program's
    memory.push(inUseMiB());
    await wait(10);
    delay.enable();
  }
  delay.disable();
  const measured = (Date.now() - from) / 1000;
  const { number, sent } = run.sent;
  const { frames, broken } = run.link;
  const [p99Ms, updatesPerSecond] = [delay.percentile(99) / 1e6, (counts.updates - updatesBefore) / measured];
  const half = Math.floor(memory.length / 2);
  const growthMiB = median(memory.slice(half).map(({ heap }) => heap)) - median(memory.slice(0, half).map(({ heap }) => heap));
  console.table({
    sent: { frames: number + 1, lines: number, 'Mbit/s': ((sent * 8) / 1e6 / seconds).toFixed(2) },
    received: { frames, lines: run.counts.lines, 'Mbit/s': '' },
  });
  const range = (pick: (one: { heap: number; all: number }) => number): string => `${Math.min(...memory.map(pick)).toFixed(1)} to ${Math.max(...memory.map(pick)).toFixed(1)}`;
  console.log(`broken pieces ${broken}, lines out of order ${run.counts.outOfOrder}, predictions ${run.counts.predictions}`);
  console.log(`event loop delay p99 ${p99Ms.toFixed(1)} ms (max ${(delay.max / 1e6).toFixed(1)} ms); updates ${updatesPerSecond.toFixed(1)} a second, over ${measured.toFixed(0)} s`);
  console.log(`memory after collection ${range(({ heap }) => heap)} MiB in ${memory.length} looks, later half ${growthMiB >= 0 ? '+' : ''}${growthMiB.toFixed(2)} MiB; resident ${range(({ all }) => all)} MiB`);
  const isWhole = run.isWhole;
  await run.stop();
  const isTimely = process.env.TINYML_STREAM_UNTIMED !== undefined || p99Ms < 50;
  if (!isWhole || !isTimely || growthMiB > FLAT_MIB) process.exitCode = 1;
}

if (process.argv[2] === 'write') writeStream(process.argv[3], Number(process.argv[4]), Number(process.argv[5]));
else void read();
