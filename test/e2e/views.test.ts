import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { CompareContract } from '../../src/messages/compare';
import type { InspectorContract } from '../../src/messages/inspector';
import { colourFindings, seriousFindings } from '../support/axe';
import { assertSoon } from '../support/soon';
import { modelFile, node, port } from '../support/onnx-builder';
import { compareHost, inspectorHost, type Heard } from '../support/inspector-host';
import { modelWorkspace, type ModelWorkspace } from '../support/model-workspace';
import { screenshotsFolder } from '../support/project';
import { allThemes, openView, startBrowser, type Browser, type ViewPage } from '../support/webview-page';

/** The views in a plain browser page, with the real engine behind them: every interaction, three themes, axe. */
describe('the inspector as a page', () => {
  let browser: Browser;
  let space: ModelWorkspace;
  let view: ViewPage<InspectorContract>;
  const heard: Heard = { copied: [], saved: [], went: [], selected: [] };

  const open = async (model: string, board: string | null = null, size?: { width: number; height: number }, budgets?: unknown): Promise<void> => {
    await view?.close();
    view = await openView<InspectorContract>('inspector', inspectorHost(path.join(space.folder, model), heard, board, budgets), browser, size);
    view.page.on('pageerror', (error) => assert.fail(error));
    await view.page.locator('.layer-row').first().waitFor();
  };
  const picture = async (name: string): Promise<void> => {
    fs.mkdirSync(screenshotsFolder, { recursive: true });
    await view.page.screenshot({ path: path.join(screenshotsFolder, `page-${name}.png`) });
  };
  const count = (text: RegExp): Promise<void> => view.page.locator('.count', { hasText: text }).waitFor();
  const filter = (text: string): Promise<void> => view.page.locator('.filter input').fill(text);
  const cells = (column: string): Promise<string[]> => view.page.locator(`.layer-row:not(.block) .c-${column}`).allInnerTexts();

  before(async () => {
    space = modelWorkspace();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.stop();
    space?.remove();
  });

  describe('the table', () => {
    before(() => open('digits/digits.onnx'));

    it('filters by the query language, marks what it cannot read, and completes', async () => {
      await filter('op:conv macs>5k');
      await count(/^1 of 6 layers · 18\.4 k MACs \(77\.8 %\)/);
      await filter('op:conv bogus>3');
      await count(/^2 of 6/);
      assert.equal(await view.page.locator('.filter-marks u').innerText(), 'bogus>3');
      assert.match(await view.page.locator('#filter-error').innerText(), /no number bogus/);
      const input = view.page.locator('.filter input');
      await filter('');
      await input.pressSequentially('op:de');
      await view.page.locator('.offers li', { hasText: 'dense' }).waitFor();
      await view.page.keyboard.press('ArrowDown');
      await view.page.keyboard.press('Enter');
      assert.equal(await input.inputValue(), 'op:dense');
      await count(/^1 of 6/);
      await filter('macs>9M');
      assert.match(await view.page.locator('.no-match').innerText(), /No layer matches macs>9M\. The largest of the 6 has 18,432 MACs\./);
      await view.page.locator('.no-match vscode-button').click();
      await count(/^6 of 6 layers$/);
    });

    it('selects several rows, sums them, and copies them for a spreadsheet', async () => {
      const rows = view.page.locator('.layer-row');
      await rows.nth(0).click();
      await rows.nth(2).click({ modifiers: ['ControlOrMeta'] });
      assert.match(await view.page.locator('.layer-total').innerText(), /Selected[\s\S]*2 layers[\s\S]*23,040/);
      await rows.nth(4).click({ modifiers: ['Shift'] });
      await view.page.locator('.layer-table').focus();
      const before = heard.copied.length;
      await view.page.keyboard.press('ControlOrMeta+Shift+c');
      await assertSoon(() => heard.copied.length === before + 1);
      const lines = heard.copied[before].split('\n').map((line) => line.split('\t'));
      assert.equal(lines[0][0], '#');
      assert.equal(new Set(lines.map((line) => line.length)).size, 1);
      await view.page.keyboard.press('Escape');
      assert.match(await view.page.locator('.layer-total').innerText(), /^\s*Total/);
    });

    it('shows other columns, as chosen, after a reload too', async () => {
      await view.page.locator('.icon-button[aria-label="Columns"]').click();
      await view.page.locator('.menu [data-item="params"]').click();
      await view.page.locator('.menu [data-item="dead"]').click();
      await view.page.keyboard.press('Escape');
      await view.page.locator('.layer-head .c-dead').waitFor();
      assert.deepEqual((await cells('params')).map((text) => Number(text.replace(/,/g, ''))), [80, 0, 1168, 0, 650, 0]);
      await view.page.locator('.layer-row').nth(2).click();
      await assertSoon(() => (view.kept() as { selected?: number }).selected === 2);
      await view.reload();
      await view.page.locator('.layer-head .c-params').waitFor();
      await view.page.locator('.layer-row.selected .c-index', { hasText: '2' }).waitFor();
      await view.page.locator('.icon-button[aria-label="Columns"]').click();
      await view.page.locator('.menu [data-item="standard"]').click();
      await view.page.locator('.layer-head .c-params').waitFor({ state: 'detached' });
    });
  });

  describe('blocks', () => {
    before(() => open('deep300.onnx'));

    it('stand above their layers with sums, fold by keys and by click', async () => {
      await view.page.locator('.icon-button[aria-label^="Group"]').click();
      const first = view.page.locator('.layer-row.block').first();
      await first.waitFor();
      assert.match(await first.innerText(), /block0[\s\S]*layers[\s\S]*20,480/);
      await view.page.locator('.layer-table').focus();
      await view.page.keyboard.press('Home');
      await view.page.keyboard.press('ArrowLeft');
      assert.equal(await first.getAttribute('aria-expanded'), 'false');
      assert.equal(await view.page.locator('.layer-row').nth(1).locator('.c-name').innerText(), 'block1');
      await view.page.keyboard.press('ArrowRight');
      assert.equal(await first.getAttribute('aria-expanded'), 'true');
      await view.page.keyboard.press('ArrowDown');
      await view.page.keyboard.press('ArrowLeft');
      await view.page.locator('.layer-row.block.selected').first().waitFor();
      await picture('blocks');
      assert.deepEqual(await seriousFindings(view.page), []);
      await view.page.locator('.icon-button[aria-label*="without blocks"]').click();
    });
  });

  describe('a layer in detail', () => {
    before(() => open('digits/digits.onnx'));

    it('opens by Enter, walks by J and K, goes back by Escape to the same place', async () => {
      await view.page.locator('.layer-row').nth(2).click();
      await view.page.locator('.layer-table').focus();
      await view.page.keyboard.press('Enter');
      await view.page.locator('.cards[data-layer="2"]').waitFor();
      assert.equal(await view.page.locator('[data-figure="macs"] .figure').innerText().then((text) => text.split(' ')[0]), '18,432');
      await view.page.keyboard.press('j');
      await view.page.locator('.cards[data-layer="3"]').waitFor();
      await view.page.keyboard.press('k');
      await view.page.keyboard.press('k');
      await view.page.locator('.cards[data-layer="1"]').waitFor();
      await view.page.keyboard.press('F12');
      await assertSoon(() => heard.went.join() === '1');
      await view.page.keyboard.press('Escape');
      await view.page.locator('.layer-row.selected .c-index', { hasText: '1' }).waitFor();
    });
  });

  describe('the memory', () => {
    before(() => open('digits/digits.onnx', 'uno-sim'));

    it('names every tensor by keys, and shows other plans', async () => {
      await view.page.locator('[data-tab="memory"]').click();
      await view.page.locator('[data-plan="apart"]:not([disabled])').waitFor();
      const text = await view.page.locator('[data-plan="apart"]').innerText();
      assert.match(text, /Without overwriting\s+[\d,]+ B/);
      await view.page.locator('.tensor-grid [role="grid"]').focus();
      await view.page.keyboard.press('ArrowDown');
      const row = view.page.locator('.tensor-row.selected');
      assert.match(await row.innerText(), /input[\s\S]*before the first layer/);
      await view.page.locator('.block.current').waitFor({ state: 'attached' });
      await view.page.keyboard.press('End');
      assert.match(await row.innerText(), /kept after the last layer/);
      await view.page.locator('[data-plan="apart"]').click();
      assert.equal(await view.page.locator('[data-plan="apart"]').getAttribute('aria-checked'), 'true');
      await view.page.keyboard.press('ArrowRight');
      assert.equal(await view.page.locator('[data-plan="strips"]').getAttribute('aria-checked'), 'true');
      await view.page.locator('.plan-facts', { hasText: /First \d layers in \d strips, no MAC more/ }).waitFor();
      await picture('plans-dark');
      await view.page.locator('.plan-facts .link').click();
      await assertSoon(() => heard.copied.includes('plan strips'));
    });
  });

  describe('the graph', () => {
    before(() => open('deep300.onnx'));

    it('draws what is in sight, walks by keys, zooms, and opens a layer', async () => {
      await view.page.locator('[data-tab="graph"]').click();
      await view.page.locator('.node').first().waitFor();
      const drawn = await view.page.locator('.node').count();
      assert.ok(drawn < 60, `${drawn} of 300 nodes drawn`);
      await view.page.locator('.graph-focus').focus();
      for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await view.page.keyboard.press(key);
      await view.page.locator('.node.current[data-node="2"]').waitFor();
      await view.page.keyboard.press('End');
      await view.page.locator('.node.current.output').waitFor();
      await view.page.keyboard.press('0');
      await assertSoon(async () => (await view.page.locator('.node').count()) > 300);
      await view.page.keyboard.press('Home');
      await view.page.keyboard.press('ArrowDown');
      await view.page.keyboard.press('z');
      await assertSoon(async () => (await view.page.locator('.node').count()) < 60);
      await view.page.keyboard.press('Enter');
      await view.page.locator('.cards[data-layer="0"]').waitFor();
      await view.page.keyboard.press('Escape');
    });

    it('is moved, not drawn anew, by the wheel, until what has been drawn comes to its end', async () => {
      await view.page.locator('.graph-focus').focus();
      await view.page.keyboard.press('Home');
      const node = view.page.locator('.node[data-node="1"]');
      await view.page.evaluate("window.changes = []; new MutationObserver((list) => window.changes.push(...list.map(({ target, attributeName }) => attributeName ?? target.nodeName))).observe(document.querySelector('.graph-focus svg'), { subtree: true, childList: true, attributes: true })");
      const before = (await node.boundingBox())!;
      await view.page.locator('.graph-canvas').hover();
      await view.page.mouse.wheel(0, 40);
      await assertSoon(async () => Math.abs((await node.boundingBox())!.y - before.y + 40) < 1);
      assert.deepEqual([...new Set(await view.page.evaluate<string[]>('window.changes'))], ['transform']);
      for (let i = 0; i < 20; i++) await view.page.mouse.wheel(0, 400);
      await assertSoon(async () => (await node.count()) === 0);
      assert.ok((await view.page.locator('.node').count()) > 5, 'others are drawn in its place');
    });

    it('chooses and opens a layer by mouse', async () => {
      await view.page.locator('.graph-focus').focus();
      await view.page.keyboard.press('Home');
      await view.page.locator('.node[data-node="1"] text.title').click();
      await view.page.locator('.node.current[data-node="1"]').waitFor();
      await view.page.locator('.node[data-node="1"] text.title').dblclick();
      await view.page.locator('.cards[data-layer="1"]').waitFor();
      await view.page.keyboard.press('Escape');
    });
  });

  it('exports by the menu; a PNG is a PNG', async () => {
    await open('digits/digits.onnx');
    for (const kind of ['csv', 'svg', 'png']) {
      await view.page.locator('.icon-button[aria-label="Export"]').click();
      await view.page.locator(`.menu [data-item="${kind}"]`).click();
    }
    await assertSoon(() => heard.saved.length === 3);
    assert.deepEqual(heard.saved.slice(0, 2), ['csv', 'svg']);
    const png = Buffer.from(heard.saved[2], 'base64');
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(png.readUInt32BE(16) > 2000, 'drawn for print');
  });

  it('draws budgets as bars, says which are broken, and offers what brings them under, in the layer too', async () => {
    await open('digits/digits.onnx', 'm4-sim', undefined, { ram: 2200, timeUs: 100, energyUj: '1 mJ', layers: { '/conv2/Conv': { macs: 13_000 } } });
    const time = view.page.locator('[data-budget="time"]');
    assert.match(await time.innerText(), /ms of 0\.1 ms[\s\S]*over by [\d.]+ ms/);
    assert.equal(await time.locator('[role="meter"]').count(), 1);
    assert.match(await view.page.locator('.verdicts').innerText(), /^Over budget: RAM \+360 B, time \+/);
    const message = view.page.locator('.message', { hasText: 'RAM of digits.onnx is 2,560 B, over its budget of 2,200 B' });
    for (const text of [/Run the first \d layers in \d strips → 2,\d+ B/, /Quantize to int8 → [\d,]+ B/, /Prune \d+ of \d+ channels → [\d,]+ B/]) await message.locator('vscode-button', { hasText: text }).waitFor();
    await view.page.locator('.layer-table').focus();
    await view.page.keyboard.press('Control+.');
    await view.page.waitForFunction(`document.activeElement?.localName === 'vscode-button'`);
    await view.page.keyboard.press('Enter');
    await assertSoon(() => heard.copied.some((text) => text.startsWith('fix ')));
    await view.page.locator('.layer-row', { hasText: '/conv2/Conv' }).dblclick();
    await view.page.locator('.detail .message', { hasText: 'MACs of layer /conv2/Conv' }).locator('vscode-button', { hasText: /Prune \d+ of \d+ channels → [\d,]+/ }).waitFor();
    await picture('budget-layer-dark');
    await view.page.keyboard.press('Escape');
    for (const theme of allThemes) {
      await view.useTheme(theme);
      await picture(`budgets-${theme}`);
      assert.deepEqual(await colourFindings(view.page), [], theme);
    }
  });

  it('takes names of files and tensors as text, whatever they hold', async () => {
    const names = ['<img src=x onerror="document.title=1">', '\u0001\ud800 & "quoted" </svg><script>document.title=2</script>', '{{constructor}} $(alert)'];
    const nodes = names.map((name, i) => node('Relu', [i ? names[i - 1] : 'x'], [name], {}, { name }));
    fs.writeFileSync(path.join(space.folder, 'hostile.onnx'), modelFile({ nodes, inputs: [port('x', [1, 4, 8, 8])], outputs: [port(names[2], [1, 4, 8, 8])] }));
    await open('hostile.onnx');
    await view.page.locator('.layer-row', { hasText: '<img src=x' }).first().waitFor();
    for (const tab of ['memory', 'graph', 'layers']) await view.page.locator(`[data-tab="${tab}"]`).click();
    await view.page.locator('.layer-table').focus();
    await view.page.keyboard.press('Home');
    await view.page.keyboard.press('Enter');
    await view.page.locator('.cards[data-layer="0"]').waitFor();
    assert.equal(await view.page.locator('img, #root script').count(), 0);
    assert.equal(await view.page.title(), 'inspector');
    // The picture is a file of its own, which the browser has to read before it is drawn.
    await view.page.keyboard.press('Escape');
    const before = heard.saved.length;
    await view.page.locator('.menu-button button[aria-label="Export"]').click();
    await view.page.locator('[data-item="png"]').click();
    await assertSoon(() => heard.saved.length > before);
    assert.equal(Buffer.from(heard.saved[before], 'base64').subarray(1, 4).toString(), 'PNG');
    fs.rmSync(path.join(space.folder, 'hostile.onnx'));
  });

  it('has no serious finding of axe in any view and theme', async () => {
    await open('digits/digits.onnx', 'uno-sim');
    const stops: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['layers', async () => {}],
      ['filter', () => filter('op:conv x>')],
      ['menu', async () => (await filter(''), view.page.locator('.icon-button[aria-label="Columns"]').click())],
      ['memory', async () => (await view.page.keyboard.press('Escape'), await view.page.locator('[data-tab="memory"]').click(), view.page.locator('[data-plan="apart"]:not([disabled])').waitFor())],
      ['graph', async () => (await view.page.locator('[data-tab="graph"]').click(), view.page.locator('.node').first().waitFor())],
      ['detail', async () => (await view.page.locator('[data-tab="layers"]').click(), await view.page.locator('.layer-row').nth(2).dblclick(), view.page.locator('.cards[data-layer]').waitFor())],
    ];
    for (const [name, go] of stops) {
      await go();
      assert.deepEqual(await seriousFindings(view.page), [], name);
      for (const theme of allThemes) {
        await view.useTheme(theme);
        assert.deepEqual(await colourFindings(view.page), [], `${name}, ${theme}`);
      }
    }
  });

  it('stands at 200 % zoom and in a narrow pane: nothing runs out of the page, no number is cut', async () => {
    for (const width of [650, 420, 330]) {
      await open('digits/digits.onnx', 'uno-sim', { width, height: 800 });
      const cut = await view.page.evaluate<string[]>(`[...document.querySelectorAll('.number, .figure span, .toolbar button, .top vscode-button')].filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1); }).map((e) => e.outerHTML.slice(0, 120))`);
      assert.deepEqual(cut, [], `at ${width} px`);
      await picture(`narrow-${width}`);
    }
  });

  it('shows real models in every theme', async function () {
    if (!space.models.length) this.skip();
    for (const model of space.models) {
      await open(model, model === 'vww.tflite' ? 'uno-r4-wifi' : 'nano-33-ble');
      for (const theme of allThemes) {
        await view.useTheme(theme);
        await picture(`${path.parse(model).name}-${theme}`);
      }
      assert.deepEqual(await seriousFindings(view.page), [], model);
    }
  });
});

describe('the comparison as a page', () => {
  let browser: Browser;
  let space: ModelWorkspace;
  let view: ViewPage<CompareContract>;
  const heard: Pick<Heard, 'copied' | 'saved'> = { copied: [], saved: [] };

  before(async function () {
    space = modelWorkspace();
    if (!space.models.includes('vww.tflite')) return this.skip();
    browser = await startBrowser();
    const accuracy = { before: { right: 448, total: 500, low: 0.866, high: 0.92 }, after: { right: 439, total: 500, low: 0.846, high: 0.904 }, changed: { worse: 18, better: 9 }, mcnemar: 0.12,
      classes: [{ label: 'Left', total: 44, before: 39, after: 39 }, { label: 'Stop', total: 45, before: 44, after: 41 }, { label: 'Down', total: 47, before: 41, after: 42 }] };
    view = await openView<CompareContract>('compare', compareHost(path.join(space.folder, 'vww_float.tflite'), path.join(space.folder, 'vww.tflite'), accuracy, heard), browser);
    await view.page.locator('.pair-body .pair-row').first().waitFor();
  });
  after(async () => {
    await browser?.stop();
    space?.remove();
  });

  it('shows deltas, hides what is equal, walks differences by keys', async () => {
    assert.match(await view.page.locator('.pill').innerText(), /^\s*\d+ % less flash, \d+ % less RAM, 1\.8 points less accurate/);
    assert.match(await view.page.locator('[data-tile="flashBytes"]').innerText(), /was [\d,]+ · ● −\d\d\.\d %/);
    assert.match(await view.page.locator('[data-tile="accuracy"]').innerText(), /−1\.8 points · 18 lost, 9 won/);
    await view.page.locator('.pair-table').focus();
    await view.page.keyboard.press('Alt+F5');
    await view.page.keyboard.press('Alt+F5');
    await view.page.locator('#pair-1.selected').waitFor();
    await view.page.locator('.check input').check();
    assert.equal(await view.page.locator('.pair-table').getAttribute('aria-rowcount'), '32');
  });

  it('opens a layer, copies a row, swaps the sides and exports', async () => {
    const { page } = view;
    await page.locator('.check input').uncheck();
    await page.locator('.pair-table').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+c');
    await page.locator('h1 button').first().click();
    await page.locator('vscode-button', { hasText: 'Swap' }).click();
    await page.locator('.icon-button[aria-label="Export"]').click();
    await page.locator('.menu [data-item="csv"]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await assertSoon(() => heard.copied.length === 4 && heard.saved.length === 1);
    assert.equal(heard.copied[0], 'open after 1');
    assert.match(heard.copied[1], /^1\tdepthwise_conv2d\tDWConv 3×3.*\t165888\t0\t/);
    assert.deepEqual([heard.copied.slice(2), heard.saved], [['open before', 'swap'], ['markdown']]);
    await page.setViewportSize({ width: 400, height: 850 });
    const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('.pill, .figure span, .toolbar button, .top vscode-button')].filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1); }).map((e) => e.outerHTML.slice(0, 120))`);
    assert.deepEqual(cut, []);
    await page.screenshot({ path: path.join(screenshotsFolder, 'page-compare-narrow.png') });
    await page.setViewportSize({ width: 1300, height: 850 });
  });

  it('shows recall of each class, the one that lost most first', async () => {
    assert.deepEqual((await view.page.locator('.recall tbody th').allInnerTexts()).map((text) => text.trim()), ['Stop', 'Left', 'Down']);
    assert.deepEqual(await view.page.locator('.recall tbody td:last-child').allInnerTexts(), ['−6.7', '0', '+2.1']);
    assert.match(await view.page.locator('.recall tbody tr').first().innerText(), /97\.8 % before, 91\.1 % after/);
  });

  it('has no serious finding of axe in any theme', async () => {
    for (const theme of allThemes) {
      await view.useTheme(theme);
      await view.page.screenshot({ path: path.join(screenshotsFolder, `page-compare-${theme}.png`) });
      assert.deepEqual(await colourFindings(view.page), [], theme);
    }
    assert.deepEqual(await seriousFindings(view.page), []);
  });
});
