// The device panel under 2 Mbit/s: a board on a pseudo terminal, session, monitor and run manager as in the editor in this process,
// the panel's own page in Chromium. Frames that the browser draws, those of them in which the page has changed and the processor
// time of each, and delay of the host's event loop. `npm run bench -- panel-rate`; seconds may be given in TINYML_STREAM_SECONDS, 20 where absent. Needs socat and Chromium.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import type { DeviceContract } from '../src/messages/device';
import { openView, startBrowser, type Browser } from '../test/support/webview-page';
import { StreamedRun, writeStream } from './measure/streaming-board';

const seconds = Number(process.env.TINYML_STREAM_SECONDS ?? 20);
/** Words of a keyword model, and as many outputs as a model on a small board may have. */
const cases = [12, 96];
const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];

interface Drawn {
  /** Between two frames of the browser, and between two in which the page had changed, ms. */
  readonly frames: readonly number[];
  readonly changed: readonly number[];
}

/** Counts in the page for so long: a frame has changed where anything below the body did since the one before. */
const countFrames = (ms: number): string => `new Promise((done) => {
  const [frames, changed] = [[], []]; let [dirty, last, lastChanged] = [false, performance.now(), performance.now()];
  const start = last;
  const seen = new MutationObserver(() => (dirty = true));
  seen.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const frame = (now) => {
    frames.push(now - last); last = now;
    if (dirty) { changed.push(now - lastChanged); lastChanged = now; dirty = false; }
    if (now - start < ${ms}) requestAnimationFrame(frame); else { seen.disconnect(); done({ frames: frames.slice(2), changed: changed.slice(2) }); }
  };
  requestAnimationFrame(frame);
})`;

/** Until the result is called: processor time of all tasks of the page's main thread, ms. The clock on the wall counts what else runs here. */
async function traceTasks(page: Page): Promise<() => Promise<number>> {
  const client = await page.context().newCDPSession(page);
  const tasks: { readonly pid: number; readonly tid: number; readonly tdur: number }[] = [];
  const mains = new Set<string>();
  client.on('Tracing.dataCollected', ({ value }) => {
    for (const { name, pid, tid, tdur } of value as unknown as { name: string; pid: number; tid: number; tdur?: number }[]) {
      if (name.endsWith('RunTask') && tdur) tasks.push({ pid, tid, tdur });
      if (name === 'FireAnimationFrame') mains.add(`${pid} ${tid}`);
    }
  });
  await client.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'], excludedCategories: ['*'] } });
  return async () => {
    const complete = new Promise<void>((resolve) => client.once('Tracing.tracingComplete', () => resolve()));
    await client.send('Tracing.end');
    await complete;
    return tasks.filter(({ pid, tid }) => mains.has(`${pid} ${tid}`)).reduce((sum, { tdur }) => sum + tdur / 1000, 0);
  };
}

async function measure(browser: Browser, classes: number, tab: string): Promise<Record<string, string>> {
  const run = new StreamedRun(classes, Array.from({ length: classes }, (_, i) => `class ${i}`));
  const nothing = async (): Promise<null> => null;
  const view = await openView<DeviceContract>('device', {
    attach: async () => run.runs.attach(), stop: nothing, rerun: nothing, chooseBoard: nothing, showOutput: nothing, verify: nothing, calibrate: nothing, record: nothing,
    feed: nothing, send: nothing, exportCsv: nothing, requantize: nothing, fix: nothing,
  }, browser, { width: 1300, height: 900 });
  let updates = 0;
  run.runs.onDidUpdate((update) => (updates++, view.notify('update', update)));
  run.runs.onDidStart((snapshot) => view.notify('reset', snapshot));
  await run.start(__filename, seconds + 6);
  await view.page.locator('.lanes').waitFor();
  await view.page.locator(`[data-tab="${tab}"]`).evaluate((button) => (button as unknown as { click(): void }).click());
  await view.page.waitForTimeout(2000);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const tracing = await traceTasks(view.page);
  const before = { updates, at: Date.now(), predictions: run.counts.predictions };
  delay.enable();
  const { frames, changed } = await view.page.evaluate<Drawn>(countFrames(seconds * 1000));
  delay.disable();
  const took = (Date.now() - before.at) / 1000;
  const after = { updates, predictions: run.counts.predictions };
  const cpuMs = (await tracing()) / changed.length;
  const rate = (times: readonly number[]): number => (times.length * 1000) / times.reduce((sum, ms) => sum + ms, 0);
  const predictions = (after.predictions - before.predictions) / took;
  while (!run.ended) await view.page.waitForTimeout(50);
  await view.page.waitForTimeout(200);
  const whole = run.isWhole;
  await view.close();
  await run.stop();
  const p99 = delay.percentile(99) / 1e6;
  if (!whole || rate(frames) < 30 || cpuMs > 1000 / 30 || p99 >= 50) process.exitCode = 1;
  return {
    classes: String(classes), tab, 'predictions/s': predictions.toFixed(0), 'updates/s': ((after.updates - before.updates) / took).toFixed(1), 'frames/s': rate(frames).toFixed(1), 'changed/s': rate(changed).toFixed(1),
    'page, ms of CPU a change': cpuMs.toFixed(1), 'between changes p99, ms': quantile(changed, 0.99).toFixed(0), 'host p99, ms': p99.toFixed(1), 'none lost': String(whole),
  };
}

async function main(): Promise<void> {
  const browser = await startBrowser();
  const rows: Record<string, string>[] = [];
  try {
    for (const classes of cases) for (const tab of ['Log', 'Series']) rows.push(await measure(browser, classes, tab));
  } finally {
    await browser.stop();
  }
  console.table(rows);
}

if (process.argv[2] === 'write') writeStream(process.argv[3], Number(process.argv[4]), Number(process.argv[5]));
else void main();
