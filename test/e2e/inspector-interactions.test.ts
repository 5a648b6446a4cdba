import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { InspectorContract } from '../../src/messages/inspector';
import { seriousFindings } from '../support/axe';
import { modelFile, node, port, tensor } from '../support/onnx-builder';
import { inspectorHost, type Heard } from '../support/inspector-host';
import { modelWorkspace, type ModelWorkspace } from '../support/model-workspace';
import { assertSoon } from '../support/soon';
import { openView, startBrowser, type Browser, type ViewPage } from '../support/webview-page';

/** What the views do together: one selection, keys alone, what is drawn, what crosses to the page. */
describe('the inspector\'s views together', () => {
  let browser: Browser;
  let space: ModelWorkspace;
  let view: ViewPage<InspectorContract>;
  let heard: Heard;

  const open = async (model: string, board: string | null = null, size?: { width: number; height: number }): Promise<void> => {
    await view?.close();
    heard = { copied: [], saved: [], went: [], selected: [] };
    view = await openView<InspectorContract>('inspector', inspectorHost(path.join(space.folder, model), heard, board), browser, size);
    view.page.on('pageerror', (error) => assert.fail(error));
    await view.page.locator('.layer-row').first().waitFor();
  };
  const row = (index: number) => view.page.locator('.layer-row.selected .c-index', { hasText: new RegExp(`^${index}$`) });
  const tab = async (name: 'layers' | 'memory' | 'graph'): Promise<void> => view.page.locator(`[data-tab="${name}"]`).click();
  const column = async (name: string): Promise<number[]> => (await view.page.locator(`.layer-row .c-${name} .number`).allInnerTexts()).map((text) => Number(text.replace(/,/g, '')));
  /** The page writes down what it keeps in its own time. */
  const kept = (text: string): Promise<void> => assertSoon(() => JSON.stringify(view.kept() ?? {}).includes(text));
  const focused = (): Promise<string> => view.page.evaluate<string>(`document.activeElement.closest('[class]').className + ' ' + (document.activeElement.textContent ?? '').trim().slice(0, 20)`);

  before(async () => {
    space = modelWorkspace();
    fs.writeFileSync(path.join(space.folder, 'branches.onnx'), branches());
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.stop();
    space?.remove();
  });

  it('sorts by a click and by keys: descending, ascending, as it runs; the map then lies on its side', async () => {
    await open('digits/digits.onnx', 'uno-sim');
    const head = view.page.locator('.layer-head .c-macs');
    const inOrder = await column('macs');
    await head.locator('button').click();
    assert.deepEqual(await column('macs'), [...inOrder].sort((a, b) => b - a));
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await view.page.locator('.map-column .sideways-map').waitFor();
    await view.page.keyboard.press('Enter');
    assert.deepEqual(await column('macs'), [...inOrder].sort((a, b) => a - b));
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    await view.page.keyboard.press('ArrowRight');
    assert.match(await focused(), /c-flashBytes Flash B/);
    await view.page.keyboard.press(' ');
    assert.equal(await view.page.locator('.layer-head .c-flashBytes').getAttribute('aria-sort'), 'descending');
    await view.page.keyboard.press('ArrowDown');
    assert.match(await focused(), /layer-table/);
    await kept('"column":"flashBytes"');
    await view.reload();
    await view.page.locator('.layer-head .c-flashBytes[aria-sort="descending"]').waitFor();
    for (let i = 0; i < 2; i++) await view.page.locator('.layer-head .c-flashBytes button').click();
    assert.deepEqual(await column('macs'), inOrder);
    await view.page.locator('.map-column .memory-map').waitFor();
  });

  it('shares one selection: table, map, memory, graph, detail and the editor', async () => {
    await open('digits/digits.onnx', 'uno-sim');
    await view.page.locator('.layer-row').nth(2).click();
    await view.page.locator('.map-selected').waitFor({ state: 'attached' });
    await assertSoon(() => heard.selected.join() === '2');
    await tab('graph');
    await view.page.locator('.node.current[data-node="2"]').waitFor();
    await view.page.locator('.node[data-node="0"]').click();
    await tab('memory');
    await view.page.locator('.map-selected').waitFor({ state: 'attached' });
    await view.page.locator('.tensor-row .cell:nth-child(5)', { hasText: '2 /conv2/Conv' }).first().click();
    await tab('layers');
    await row(2).waitFor();
    await assertSoon(() => heard.selected.join() === '2,0,2');
    // A cursor in the generated C: the row follows, the filter stays, and the editor is not told what it has said.
    await view.page.locator('.filter input').fill('op:conv');
    view.notify('select', { index: 0, follows: true });
    await row(0).waitFor();
    assert.equal(await view.page.locator('.filter input').inputValue(), 'op:conv');
    // Asked for by a lens: shown whatever the filter leaves.
    view.notify('select', { index: 4 });
    await row(4).waitFor();
    assert.equal(await view.page.locator('.filter input').inputValue(), '');
    assert.deepEqual(heard.selected, [2, 0, 2]);
    await view.page.locator('.map-drawing .block').last().click();
    await assertSoon(() => heard.selected.length === 4);
    await view.page.locator('.layer-table').focus();
    await view.page.keyboard.press('Enter');
    await view.page.locator(`.cards[data-layer="${heard.selected[3]}"]`).waitFor();
  });

  it('names every tensor under the pointer, and draws peak, bound and limit', async () => {
    await open('digits/digits.onnx', 'uno-sim');
    const titles = await view.page.locator('.map-drawing .block title').allTextContents();
    assert.match(titles.join('|'), /image \(input\)\n256 B at [\d,]+\nstep 0\|.*Relu_output_0 \(activation\)\n2,048 B at [\d,]+\nsteps 0 to 1/);
    await view.page.locator('.bound line').waitFor({ state: 'attached' });
    assert.match(await view.page.locator('.bound title').first().textContent() ?? '', /No plan of this order needs less than [\d,]+ B/);
    assert.ok(await view.page.locator('.peak rect').count());
    // The row under the pointer is previewed in the map, after a moment.
    await view.page.locator('.layer-row').nth(3).hover();
    await view.page.locator('.map-preview').waitFor({ state: 'attached' });
    await view.page.mouse.move(5, 5);
    await view.page.locator('.map-preview').waitFor({ state: 'detached' });
  });

  it('answers what another order would need', async () => {
    await open('branches.onnx');
    await tab('memory');
    const plan = view.page.locator('[data-plan="file-order"]:not([disabled])');
    await plan.waitFor();
    const bytes = async (id: string): Promise<number> => Number(/([\d,]+) B/.exec(await view.page.locator(`[data-plan="${id}"]`).innerText())![1].replace(/,/g, ''));
    assert.ok((await bytes('file-order')) > (await bytes('generated')), 'the order of the file needs more');
    await plan.click();
    await view.page.locator('.plan-facts', { hasText: `Arena of ${(await bytes('file-order')).toLocaleString('en')} B` }).waitFor();
    const made = (await view.page.locator('.tensor-row .cell:nth-child(5)').allInnerTexts()).filter((text) => /^\d/.test(text)).map((text) => Number.parseInt(text, 10));
    assert.notDeepEqual(made, [...made].sort((a, b) => a - b), 'layers run in another order than that of the table');
    await kept('"plan":"file-order"');
    await view.reload();
    await view.page.locator('[data-plan="file-order"][aria-checked="true"]').waitFor();
  });

  it('colours the graph by any cost, and lets it be dragged and zoomed', async () => {
    await open('branches.onnx');
    await tab('graph');
    const first = view.page.locator('.node.layer').first();
    await first.waitFor();
    const text = await first.locator('.sub').textContent();
    await view.page.locator('.graph-tools .kit-dropdown').click();
    await view.page.locator('.graph-tools vscode-option', { hasText: 'RAM' }).click();
    await assertSoon(async () => (await first.locator('.sub').textContent()) !== text);
    const place = async (): Promise<string> => (await view.page.locator('.graph-canvas svg > g').getAttribute('transform')) ?? '';
    const before = await place();
    await view.page.mouse.move(200, 600);
    await view.page.mouse.down();
    await view.page.mouse.move(260, 640, { steps: 3 });
    await view.page.mouse.up();
    await assertSoon(async () => (await place()) !== before);
    const dragged = await place();
    await view.page.locator('.icon-button[aria-label^="Zoom in"]').click();
    assert.notEqual(await place(), dragged);
    // Where it stands survives a reload.
    const zoomed = await place();
    const scale = /scale\(([^)]+)\)/.exec(zoomed)![1];
    await kept(`"scale":${scale}`);
    await view.reload();
    await first.waitFor();
    assert.equal(await place(), zoomed);
    assert.notEqual(await first.locator('.sub').textContent(), text);
  });

  it('draws an edge from each of the layers whose results lie side by side, without a copy, for the next', async function () {
    if (!space.models.includes('ultraface.onnx')) return this.skip();
    await open('ultraface.onnx');
    await tab('graph');
    await view.page.locator('.graph-focus').focus();
    await view.page.keyboard.press('0');
    await assertSoon(async () => (await view.page.locator('.node').count()) > 40);
    const counts = new Map<string, number>();
    for (const label of await view.page.locator('.edge title').allTextContents()) counts.set(label, (counts.get(label) ?? 0) + 1);
    // Scores and boxes are joined of four scales each.
    assert.equal([...counts].filter(([label, count]) => count === 4 && label.includes('1×4420×')).length, 2, JSON.stringify([...counts]));
  });

  it('tells of a quantized layer its scales, zeros, parts of its time and kernel', async function () {
    if (!space.models.includes('vww.tflite')) return this.skip();
    await open('vww.tflite', 'uno-r4-wifi');
    await view.page.locator('.layer-row').nth(14).dblclick();
    await view.page.locator('.cards[data-layer="14"]').waitFor();
    const card = (title: string) => view.page.locator('.card', { has: view.page.locator('h3', { hasText: title }) });
    assert.equal(await card('Weight scale per output channel').locator('rect').count(), 128);
    assert.equal(await card('Weight scale per output channel').locator('.bar-hollow').count(), 71, 'channels without weights');
    assert.match(await card('Weight scale').locator('svg').getAttribute('aria-label') ?? '', /57 in use, widest to narrowest 5\.2 : 1\. Hollow: 71/);
    assert.match(await card('Weight histogram').innerText(), /5,944 of 16,384 weights are not zero/);
    assert.match(await card('Weight histogram').locator('.zero-mark text').textContent() ?? '', /10,440 \(63\.7 %\)/);
    const parts = (await card('Where the time goes').locator('tr').allInnerTexts()).map((text) => Number(text.replace(/\d[\d.,]* %/, '').trim().split(/\s/).pop()!.replace(/,/g, '')));
    assert.equal(parts.slice(0, -1).reduce((a, b) => a + b, 0), parts[parts.length - 1], 'the parts are the whole');
    assert.match(await card('Values').innerText(), /Input[\s\S]*scale 0\.029\d+ · zero −128[\s\S]*128 scales[\s\S]*Origin/);
    assert.match(await card('Generated C').innerText(), /Function\s+tml_/);
  });

  it('says at once what it waits for, lets that be cancelled, and reads when asked to', async () => {
    await view?.close();
    const host = inspectorHost(path.join(space.folder, 'digits/digits.onnx'));
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow: typeof host = {
      ...host,
      inspect: async (params, context) => {
        context.progress({ stage: 'Planning the arena', done: 2, total: 3 });
        await gate;
        return host.inspect(params, context);
      },
    };
    view = await openView<InspectorContract>('inspector', slow, browser);
    await view.page.locator('h1', { hasText: 'digits.onnx' }).waitFor();
    await view.page.locator('.loading', { hasText: 'Planning the arena… 2 of 3' }).waitFor();
    assert.ok(await view.page.locator('.skeleton-rows').count());
    assert.deepEqual(await seriousFindings(view.page), []);
    await view.page.locator('.loading vscode-button').click();
    await view.page.locator('.state', { hasText: 'Reading was cancelled' }).waitFor();
    assert.equal(await view.page.locator('.layer-row').count(), 0);
    release();
    await view.page.locator('.state vscode-button').click();
    await view.page.locator('.layer-row').first().waitFor();
  });

  it('exports every form that the menu names', async () => {
    await open('digits/digits.onnx');
    for (const kind of ['markdown', 'json']) {
      await view.page.locator('.icon-button[aria-label="Export"]').click();
      await view.page.keyboard.press('Home');
      await view.page.locator(`.menu [data-item="${kind}"]`).focus();
      await view.page.keyboard.press('Enter');
    }
    await assertSoon(() => heard.saved.length === 2);
    assert.deepEqual(heard.saved, ['markdown', 'json']);
  });

  it('is told nothing of the weights: what crosses to the page does not grow with them', async () => {
    for (const [name, channels] of [['thin.onnx', 16], ['fat.onnx', 1024]] as const) fs.writeFileSync(path.join(space.folder, name), dense(channels));
    const crossed: number[] = [];
    for (const name of ['thin.onnx', 'fat.onnx']) {
      await open(name);
      await view.page.evaluate(`globalThis.crossed = 0; addEventListener('message', ({ data }) => { globalThis.crossed += JSON.stringify(data).length; globalThis.binary = globalThis.binary || JSON.stringify(data).includes('"type":"Buffer"') || Object.values(data).some((part) => part instanceof ArrayBuffer || ArrayBuffer.isView(part)); })`);
      for (const id of ['memory', 'graph', 'layers'] as const) await tab(id);
      await view.page.locator('.layer-row').first().dblclick();
      await view.page.locator('.cards[data-layer="0"]').waitFor();
      crossed.push(await view.page.evaluate<number>('globalThis.crossed'));
      assert.ok(!(await view.page.evaluate<boolean>('Boolean(globalThis.binary)')), 'bytes have crossed');
    }
    const weights = 1024 * 1024 * 4;
    assert.ok(crossed[0] > 500, 'something was heard');
    // A number a channel is shown in the detail; all weights would be a thousand for each.
    assert.ok(crossed[1] < weights / 50, `${crossed[1]} characters for ${weights} bytes of weights`);
  });

  it('keeps menus, messages and numbers inside of a narrow pane', async function () {
    if (!space.models.includes('vww.tflite')) return this.skip();
    for (const width of [400, 330]) {
      await open('vww.tflite', 'uno-r4-wifi', { width, height: 700 });
      for (const stop of ['layers', 'menu', 'memory', 'graph', 'detail']) {
        if (stop === 'menu') await view.page.locator('.icon-button[aria-label="Columns"]').click();
        if (stop === 'memory' || stop === 'graph') await tab(stop);
        if (stop === 'memory') await view.page.keyboard.press('Escape');
        if (stop === 'graph') await view.page.locator('.node').first().waitFor();
        if (stop === 'detail') {
          await tab('layers');
          await view.page.locator('.layer-row').nth(2).dblclick();
          await view.page.locator('.cards[data-layer="2"]').waitFor();
        }
        const cut = await view.page.evaluate<string[]>(`[...document.querySelectorAll('.number, .figure span, .toolbar button, .top vscode-button, .menu, .graph-tools button, .card, .card-head span, .zero-mark text, .pill, .message')].filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1); }).map((e) => e.outerHTML.slice(0, 120))`);
        assert.deepEqual(cut, [], `${stop} at ${width} px`);
        if (stop === 'menu') {
          const box = (await view.page.locator('.menu').boundingBox())!;
          assert.ok(box.y >= 0 && box.y + box.height <= 700, 'all of the menu is in sight');
          await view.page.keyboard.press('Escape');
        }
      }
      assert.deepEqual(await seriousFindings(view.page), [], `${width} px`);
    }
  });

  /** Two branches of which the file runs all wide parts first; their results are joined without a copy. */
  function branches(): Uint8Array {
    const weights = (name: string, outputs: number, inputs: number) => tensor(name, 'float32', [outputs, inputs, 1, 1], Array.from({ length: outputs * inputs }, (_, i) => ((i * 7) % 11) / 11 - 0.4));
    const conv = (index: number, from: string, weight: string, to: string) => node('Conv', [from, weight], [to], {}, { name: `layer${index}` });
    return modelFile({
      nodes: [conv(0, 'x', 'wide0', 'a'), conv(1, 'x', 'wide1', 'b'), conv(2, 'a', 'narrow0', 'c'), conv(3, 'b', 'narrow1', 'd'), node('Concat', ['c', 'd'], ['joined'], { axis: 2 }, { name: 'layer4' }), node('Relu', ['joined'], ['y'], {}, { name: 'layer5' })],
      inputs: [port('x', [1, 2, 8, 8])], outputs: [port('y', [1, 2, 16, 8])],
      initializers: [weights('wide0', 32, 2), weights('wide1', 32, 2), weights('narrow0', 2, 32), weights('narrow1', 2, 32)],
    });
  }

  /** One dense layer of `channels` by `channels` weights. */
  function dense(channels: number): Uint8Array {
    const values = Array.from({ length: channels * channels }, (_, i) => ((i * 2654435761) % 2003) / 1001 - 1);
    return modelFile({ nodes: [node('MatMul', ['x', 'w'], ['y'], {}, { name: 'dense' })], inputs: [port('x', [1, channels])], outputs: [port('y', [1, channels])], initializers: [tensor('w', 'float32', [channels, channels], values)] });
  }
});
