// The inspector as a user meets it: a 100 MB model to a table that takes keys, the longest block of the extension host on the
// way, 10,000 layers scrolled, and activation. The host's part runs in this process with the built worker, the view in Chromium.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineClient } from '../src/app/worker/client';
import { presentInspector } from '../src/host/present/inspector';
import type { InspectorContract, InspectorView } from '../src/messages/inspector';
import { activation } from '../test/support/activation';
import { inspectorHost } from '../test/support/inspector-host';
import { largeModel } from '../test/support/large-onnx';
import { deepModel } from '../test/support/model-workspace';
import { openView, startBrowser, type Browser } from '../test/support/webview-page';

const RUNS = 5;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const root = process.cwd();

const request = async (engine: EngineClient, model: string): Promise<InspectorView> => presentInspector(await engine.request('inspect', { path: model }), undefined);
const startEngine = (): EngineClient => new EngineClient(path.join(root, 'dist/cli.js'), { write: () => {} });

/** From the request of an empty page to a row that a key has selected, in ms. */
async function opened(browser: Browser, model: string): Promise<number> {
  const engine = startEngine();
  const start = performance.now();
  const view = await openView<InspectorContract>('inspector', { ...inspectorHost(model), inspect: () => request(engine, model), plans: async () => [] }, browser);
  await view.page.locator('.layer-row').first().waitFor();
  await view.page.locator('.layer-table').focus();
  await view.page.keyboard.press('ArrowDown');
  await view.page.locator('.layer-row.selected').waitFor();
  const ms = performance.now() - start;
  await view.close();
  engine.dispose();
  return ms;
}

interface Blocked {
  /** Longest time without an answer: what the machine gave to others meanwhile is in it. */
  readonly longest: number;
  /** Longest step of our own: asking, making the view, writing it down. Each is a turn of the event loop. */
  readonly own: number;
}

/** What the extension host does for it, alone: start the engine, ask, make the view, write it down for the webview. In ms. */
async function blocked(model: string): Promise<Blocked> {
  const engine = startEngine();
  let [longest, last, running] = [0, performance.now(), true];
  const tick = (): void => {
    const now = performance.now();
    [longest, last] = [Math.max(longest, now - last), now];
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  let own = 0;
  const timed = <T>(step: () => T): T => {
    const start = performance.now();
    const result = step();
    own = Math.max(own, performance.now() - start);
    return result;
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const report = await timed(() => engine.request('inspect', { path: model }));
  await turn();
  const view = timed(() => presentInspector(report, undefined));
  await turn();
  timed(() => JSON.stringify(view));
  await new Promise((resolve) => setTimeout(resolve, 5));
  running = false;
  engine.dispose();
  return { longest, own };
}

/** Frames while the table is scrolled by 60 px in each: times between them in ms. */
async function scrolled(browser: Browser, model: string): Promise<{ readonly times: readonly number[]; readonly workMs: number }> {
  const view = await openView<InspectorContract>('inspector', { ...inspectorHost(model), plans: async () => [] }, browser);
  await view.page.locator('.layer-row').first().waitFor();
  await view.page.waitForTimeout(500);
  const client = await view.page.context().newCDPSession(view.page);
  await client.send('Performance.enable');
  const worked = async (): Promise<number> => (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  const before = await worked();
  const times = await view.page.evaluate<number[]>(`new Promise((done) => {
    const box = document.querySelector('.layers'); const times = []; let last = performance.now();
    const frame = (now) => { times.push(now - last); last = now; box.scrollTop += 60; times.length < 300 ? requestAnimationFrame(frame) : done(times.slice(2)); };
    requestAnimationFrame(frame);
  })`);
  const workMs = ((await worked()) - before) / times.length;
  await view.close();
  return { times, workMs };
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
  const browser = await startBrowser();
  try {
    const large = path.join(folder, 'large.onnx');
    const deep = path.join(folder, 'deep.onnx');
    fs.writeFileSync(large, largeModel());
    fs.writeFileSync(deep, deepModel(10_000));
    for (const [name, model, count] of [[`${(fs.statSync(large).size / 1e6).toFixed(0)} MB, 26 dense layers`, large, RUNS], ['10,000 layers', deep, 3]] as const) {
      const times: number[] = [];
      const blocks: Blocked[] = [];
      for (let i = 0; i < count; i++) {
        times.push(await opened(browser, model));
        blocks.push(await blocked(model));
      }
      console.log(`${name}: table takes keys after ${Math.round(median(times))} ms (worst ${Math.round(Math.max(...times))}); longest block of the host ${median(blocks.map(({ longest }) => longest)).toFixed(1)} ms (worst ${Math.max(...blocks.map(({ longest }) => longest)).toFixed(1)}), of its own work ${median(blocks.map(({ own }) => own)).toFixed(1)} ms (worst ${Math.max(...blocks.map(({ own }) => own)).toFixed(1)})`);
    }
    const { times: frames, workMs } = await scrolled(browser, deep);
    const late = frames.filter((ms) => ms > 1000 / 60 + 2).length;
    console.log(`Scrolling 10,000 layers, ${frames.length} frames of 60 px: median ${median(frames).toFixed(1)} ms, 95 % within ${quantile(frames, 0.95).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(1)} ms; ${late} later than one of 60 a second; ${workMs.toFixed(1)} ms of work in the page a frame`);
    const starts = Array.from({ length: 2 * RUNS }, () => activation());
    console.log(`Activation: median ${median(starts.map(({ ms }) => ms)).toFixed(1)} ms, worst ${Math.max(...starts.map(({ ms }) => ms)).toFixed(1)} ms, of the processor ${median(starts.map(({ cpuMs }) => cpuMs)).toFixed(1)} ms; ${starts[0].files.length} files, ${(starts[0].files.reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0) / 1000).toFixed(0)} KB; native modules loaded: ${starts[0].nativeModules.length}`);
  } finally {
    await browser.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main().then(() => process.exit(0));
