import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySamples, root } from '../support/project';
import { seriousFindings } from '../support/axe';
import { Workbench, THEMES } from '../support/workbench';

describe('the device panel, in the editor', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copySamples();
    workbench = await Workbench.open(folder, { extensionFolder: root });
    await workbench.page.setViewportSize({ width: 1560, height: 1000 });
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('shows layers, memory and latency that the board measured, and the same predictions as the output', async () => {
    await workbench.chooseInMenu('digits/digits.onnx', 'TinyML', 'Quantize to int8…');
    await workbench.notification('digits.int8.onnx');
    await workbench.chooseInMenu('digits/digits.int8.onnx', 'TinyML', 'Flash and Run on Board…');
    await workbench.pick(/Cortex-M4F \(simulated\)/);
    const device = await workbench.webview('device');
    await device.locator('.phase', { hasText: 'Finished' }).waitFor({ timeout: 120_000 });
    assert.equal(await device.locator('.times > [role="row"]').count(), 8, 'six layers, heading and total');
    assert.match(await device.locator('.layer-times').innerText(), /Cortex-M4F \(simulated\).*-mcpu=cortex-m4/);
    assert.match(await device.locator('.memory').innerText(), /Stack, high water\s+[\d,]+ B\s+of [\d,]+/);
    assert.match(await device.locator('.latency svg').getAttribute('aria-label') ?? '', /median .* 99th percentile/);
    assert.match(await device.locator('[data-figure="equal"] .big').innerText(), /^360 of 360$/);
    await workbench.runCommand('TinyML: Show Output');
    const shown = await device.locator('.log .line').last().locator('.class-name').innerText();
    assert.match((await workbench.waitForOutput(/#359 .*/)), new RegExp(`#359\\s+${shown}\\s`));
  });

  it('has the ranges of the layers, a console, and a cursor over the columns', async () => {
    const device = await workbench.webview('device');
    await device.locator('[data-tab="Saturation"]').click();
    assert.equal(await device.locator('.saturation > [role="row"]').count(), 7);
    await device.locator('[data-tab="Console"]').click();
    await device.locator('.console', { hasText: 'The board has printed nothing yet' }).waitFor();
    await device.locator('.lanes .columns').focus();
    await workbench.page.keyboard.press('ArrowLeft');
    await device.locator('.prediction h3', { hasText: /Prediction 359,/ }).waitFor();
    await workbench.page.keyboard.press('End');
    await device.locator('.prediction h3', { hasText: 'Last prediction' }).waitFor();
    await device.locator('[data-tab="Log"]').click();
  });

  it('has no serious finding of axe, and looks right in every theme', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await workbench.useTheme(theme);
      const device = await workbench.webview('device');
      await device.locator('.times').waitFor();
      assert.deepEqual(await seriousFindings(device), [], theme);
      await workbench.screenshot(`device-panel-${theme}`);
    }
  });
});
