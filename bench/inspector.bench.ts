// The inspector as a user meets it: a 100 MB model to a table that takes keys, the longest block of the extension host on the
// way, 10,000 layers scrolled, and activation. The host's part runs in this process with the built worker, the view in Chromium.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineClient } from '../src/app/worker/client';
import { presentingInspector, presentInspector } from '../src/host/present/inspector';
import type { InspectorContract, InspectorView } from '../src/messages/inspector';
import { activation } from '../test/support/activation';
import { inspectorHost } from '../test/support/inspector-host';
import { largeModel } from '../test/support/large-onnx';
import { deepModel } from '../test/support/model-workspace';
import { openView, startBrowser, type Browser, type ViewPage } from '../test/support/webview-page';

const RUNS = 5;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const root = process.cwd();

const request = async (engine: EngineClient, model: string): Promise<InspectorView> => presentInspector(await engine.request('inspect', { path: model }), undefined);
const startEngine = (): EngineClient => new EngineClient(path.join(root, 'dist/cli.js'), { write: () => {} });

/** From the request of an empty page to a row that a key has selected, in ms. The engine begins with the page, as in the editor. */
async function opened(browser: Browser, model: string): Promise<number> {
  const engine = startEngine();
  const start = performance.now();
  const early = request(engine, model);
  const view = await openView<InspectorContract>('inspector', { ...inspectorHost(model), inspect: () => early, plans: async () => [] }, browser);
  await view.page.locator('.layer-row').first().waitFor();
  await view.page.locator('.layer-table').focus();
  await view.page.keyboard.press('ArrowDown');
  await view.page.locator('.layer-row.selected').waitFor();
  const ms = performance.now() - start;
  await view.close();
  engine.dispose();
  return ms;
}

/** What starting the engine's thread and its first report take of the processor, in ms: other work on the machine is not in it. */
async function worked(model: string): Promise<number> {
  const engine = startEngine();
  const before = process.cpuUsage();
  await engine.request('inspect', { path: model });
  const { user, system } = process.cpuUsage(before);
  engine.dispose();
  return (user + system) / 1000;
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
  const steps = presentingInspector(report, undefined);
  for (let view: InspectorView | undefined; !view; await turn()) {
    const step = timed(() => steps.next());
    if (!step.done) continue;
    view = step.value;
    await turn();
    timed(() => JSON.stringify(view));
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  running = false;
  engine.dispose();
  return { longest, own };
}

interface Frames {
  /** Times between them in ms. */
  readonly times: readonly number[];
  /** What the page's thread worked for each, in ms. */
  readonly workMs: number;
}

/** `moves`: a function of the frame's number that is called in each of 300 frames of the page, as text. */
async function framesOf(view: ViewPage<InspectorContract>, moves: string): Promise<Frames> {
  const client = await view.page.context().newCDPSession(view.page);
  await client.send('Performance.enable');
  const worked = async (): Promise<number> => (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  const before = await worked();
  const times = await view.page.evaluate<number[]>(`new Promise((done) => {
    const move = ${moves}; const times = []; let last = performance.now();
    const frame = (now) => { times.push(now - last); last = now; move(times.length); times.length < 300 ? requestAnimationFrame(frame) : done(times.slice(2)); };
    requestAnimationFrame(frame);
  })`);
  return { times, workMs: ((await worked()) - before) / times.length };
}

/** The table of layers, scrolled by 60 px in each frame. */
async function scrolled(browser: Browser, model: string): Promise<Frames> {
  const view = await openView<InspectorContract>('inspector', { ...inspectorHost(model), plans: async () => [] }, browser);
  await view.page.locator('.layer-row').first().waitFor();
  await view.page.waitForTimeout(500);
  const frames = await framesOf(view, "() => (document.querySelector('.layers').scrollTop += 60)");
  await view.close();
  return frames;
}

/** The drawing: the whole of it zoomed to and fro, then read, panned by 20 px a frame. And how long the engine's thread takes to place it. */
async function graphed(browser: Browser, model: string): Promise<{ readonly placedMs: number; readonly nodes: number; readonly zoom: Frames; readonly whole: Frames; readonly pan: Frames }> {
  const engine = startEngine();
  await engine.request('inspect', { path: model });
  const start = performance.now();
  const { nodes } = await engine.request('graph', { path: model });
  const placedMs = performance.now() - start;
  engine.dispose();
  const view = await openView<InspectorContract>('inspector', { ...inspectorHost(model), plans: async () => [] }, browser);
  await view.page.locator('.layer-row').first().waitFor();
  await view.page.locator('#tab-graph').click();
  await view.page.locator('.node').first().waitFor();
  const wheel = (what: string): string => `((canvas) => (i) => canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 600, clientY: 500, ${what} })))(document.querySelector('.graph-canvas'))`;
  const pan = await framesOf(view, wheel('deltaY: i % 200 < 100 ? 20 : -20'));
  await view.page.getByRole('button', { name: /^Whole graph/ }).click();
  const whole = await framesOf(view, wheel('deltaY: i % 20 < 10 ? 20 : -20'));
  const zoom = await framesOf(view, wheel('ctrlKey: true, deltaY: i % 100 < 50 ? -15 : 15'));
  await view.close();
  return { placedMs, nodes: nodes.length, zoom, whole, pan };
}

const told = ({ times, workMs }: Frames): string =>
  `${times.length} frames: median ${median(times).toFixed(1)} ms, 95 % within ${quantile(times, 0.95).toFixed(1)} ms, longest ${Math.max(...times).toFixed(1)} ms; ${times.filter((ms) => ms > 1000 / 60 + 2).length} later than one of 60 a second; ${workMs.toFixed(1)} ms of work in the page a frame`;

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
      const work: number[] = [];
      for (let i = 0; i < count; i++) {
        times.push(await opened(browser, model));
        blocks.push(await blocked(model));
        work.push(await worked(model));
      }
      console.log(`${name}: table takes keys after ${Math.round(median(times))} ms (worst ${Math.round(Math.max(...times))}), the engine's part ${Math.round(median(work))} ms of the processor; longest block of the host ${median(blocks.map(({ longest }) => longest)).toFixed(1)} ms (worst ${Math.max(...blocks.map(({ longest }) => longest)).toFixed(1)}), of its own work ${median(blocks.map(({ own }) => own)).toFixed(1)} ms (worst ${Math.max(...blocks.map(({ own }) => own)).toFixed(1)})`);
    }
    console.log(`Scrolling 10,000 layers by 60 px a frame, ${told(await scrolled(browser, deep))}`);
    const graph = path.join(folder, 'graph.onnx');
    fs.writeFileSync(graph, deepModel(1000));
    const { placedMs, nodes, pan, whole, zoom } = await graphed(browser, graph);
    console.log(`Graph of ${nodes} nodes, placed by the worker in ${placedMs.toFixed(0)} ms`);
    for (const [name, frames] of [['panned, readable', pan], ['panned, all of it', whole], ['zoomed from all of it', zoom]] as const) console.log(`  ${name}, ${told(frames)}`);
    const starts = Array.from({ length: 2 * RUNS }, () => activation());
    console.log(`Activation: median ${median(starts.map(({ ms }) => ms)).toFixed(1)} ms, worst ${Math.max(...starts.map(({ ms }) => ms)).toFixed(1)} ms, of the processor ${median(starts.map(({ cpuMs }) => cpuMs)).toFixed(1)} ms; ${starts[0].files.length} files, ${(starts[0].files.reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0) / 1000).toFixed(0)} KB; native modules loaded: ${starts[0].nativeModules.length}`);
  } finally {
    await browser.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main().then(() => process.exit(0));
