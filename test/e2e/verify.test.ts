import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { faultyCompiler } from '../support/faulty-compiler';
import { copySamples, root } from '../support/project';
import { seriousFindings } from '../support/axe';
import { Workbench, THEMES } from '../support/workbench';

describe('verify on a board, in the editor', () => {
  let folder: string;
  let compiler: string;
  let workbench: Workbench;

  before(async () => {
    folder = copySamples();
    compiler = faultyCompiler();
    workbench = await Workbench.open(folder, { extensionFolder: root, machineSettings: { 'tinyml.toolchains': { 'host-cc': compiler } } });
    await workbench.page.setViewportSize({ width: 1500, height: 940 });
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    for (const made of [path.dirname(folder), compiler]) fs.rmSync(made, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('a board with another weight is shown at its layer, with the cause', async () => {
    await workbench.chooseInMenu('digits/digits.onnx', 'TinyML', 'Quantize to int8…');
    await workbench.notification('digits.int8.onnx');
    await workbench.chooseInMenu('digits/digits.int8.onnx', 'TinyML', 'Verify on Board…');
    await workbench.pick(/This computer/);
    const view = await workbench.webview('verify');
    await view.locator('.verdict h2', { hasText: /first differ at layer 2, \/conv2\/Conv/ }).waitFor({ timeout: 120_000 });
    assert.equal(await view.locator('.grid .line').count(), 6);
    assert.equal(await view.locator('.grid .line.selected').getAttribute('data-layer'), '2');
    await view.locator('[data-cause="weights"]', { hasText: 'Different weights' }).waitFor();
    assert.match(await view.locator('.detail .title').innerText(), /Layer 2, channel \d+/);
    const tiles = await view.locator('.tile').allInnerTexts();
    assert.equal(tiles.length, 4, tiles.join(' | '));
    assert.match(tiles[3], /2\s+of 6/);
    await workbench.page.keyboard.press('Escape');
  });

  it('layers are walked with the keyboard', async () => {
    const view = await workbench.webview('verify');
    await view.locator('.grid .line').last().click(); // makes it the active editor: keys of a comparison beside it are its own
    await workbench.page.keyboard.press('Home');
    await view.locator('.grid .line.selected[data-layer="0"]').waitFor();
    await view.locator('.detail', { hasText: 'Every byte of its result is the same' }).waitFor();
    // VS Code takes a moment to tell which of two panels is in front; the key is about that one.
    await workbench.page.locator('.editor-group-container.active .tab.active', { hasText: 'TinyML Verify' }).waitFor();
    const first = view.locator('.grid .line.selected[data-layer="0"]');
    for (let attempt = 0; attempt < 10 && (await first.count()); attempt++) {
      await workbench.page.keyboard.press('Alt+F5');
      await first.waitFor({ state: 'detached', timeout: 1000 }).catch(() => undefined);
    }
    await view.locator('.grid .line.selected[data-layer="2"]').waitFor();
  });

  it('has no serious finding of axe, and looks right in every theme', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await workbench.useTheme(theme);
      const view = await workbench.webview('verify');
      await view.locator('.plane').first().waitFor();
      assert.deepEqual(await seriousFindings(view), [], theme);
      await workbench.screenshot(`verify-${theme}`);
    }
  });
});
