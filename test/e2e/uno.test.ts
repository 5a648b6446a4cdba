import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { copySamples } from '../support/project';
import { Workbench, THEMES } from '../support/workbench';

/** WCAG 2.1, 1.4.3: contrast of text with its background. */
const READABLE = 4.5;

const styleOf = (frame: Frame, selector: string, property: string): Promise<string> =>
  frame.locator(selector).first().evaluate((element, name) => (globalThis as unknown as { getComputedStyle(e: unknown): Record<string, string> }).getComputedStyle(element)[name], property);

/** Red, green, blue and alpha from 0 to 1, of `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
function channelsOf(color: string): readonly number[] {
  const parts = /^rgba?\(([\d., ]+)\)$/.exec(color)?.[1].split(',').map(Number);
  assert.ok(parts && parts.length >= 3, `${color} is no colour that this test reads`);
  return [...parts.slice(0, 3).map((part) => part / 255), parts[3] ?? 1];
}

/** Relative luminance: WCAG 2.1. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of a text with the opaque surface that it lies on; translucent text is mixed with it first, as on the screen. */
function contrast(text: string, surface: string): number {
  const [below, above] = [channelsOf(surface), channelsOf(text)];
  assert.equal(below[3], 1, `${surface} is not opaque`);
  const mixed = above.slice(0, 3).map((c, i) => c * above[3] + below[i] * (1 - above[3]));
  const [dark, light] = [luminance(mixed), luminance(below.slice(0, 3))].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe('a simulated Arduino Uno in the editor', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copySamples();
    workbench = await Workbench.open(folder);
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('is flashed with a model that fits it, streams, and can be stopped', async () => {
    await workbench.chooseInMenu('digits/digits-dense.onnx', 'TinyML', 'Quantize to int8…');
    await workbench.notification('digits-dense.int8.onnx');
    await workbench.chooseInMenu('digits/digits-dense.int8.onnx', 'TinyML', 'Flash and Run on Board…');
    await workbench.pick(/Arduino Uno \(simulated\)/);
    const device = await workbench.webview('device');
    await device.locator('.log .line').nth(9).waitFor({ timeout: 120_000 });
    assert.match(await device.locator('.bar').innerText(), /Arduino Uno \(simulated\)[\s\S]*16 MHz/);
    const stop = device.locator('vscode-button', { hasText: 'Stop' });
    const equal = device.locator('[data-figure="equal"] .big');
    if (await stop.isVisible()) await stop.click();
    await device.locator('.phase', { hasText: /Stopped|Finished/ }).waitFor();
    const [same, all] = /(\d+) of (\d+)/.exec(await equal.innerText())!.slice(1).map(Number);
    assert.ok(all >= 10 && same === all, `${same} of ${all} equal to the host`);
  });

  it('says by how much a model is too large, before and after trying', async () => {
    await workbench.openFile('digits/digits.onnx');
    const frame = await workbench.webview('inspector');
    await frame.locator('.pill', { hasText: 'Does not fit: RAM' }).waitFor();
    await workbench.runCommand('TinyML: Flash and Run on Board…');
    await workbench.pick(/Arduino Uno \(simulated\)/);
    await workbench.notification(/does not fit/i, 120_000);
    await workbench.page.locator('.statusbar-item', { hasText: 'Arduino Uno (simulated) · Failed' }).waitFor();
  });

  it('looks right in every theme', async () => {
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await workbench.useTheme(theme);
      const frame = await workbench.webview('inspector');
      await frame.locator('.layer-row').first().waitFor();
      const surface = await styleOf(frame, 'body', 'backgroundColor');
      for (const text of ['h1', '.subtitle', '.layer-row .c-index', '.layer-row .number', '.budget .note', '.map-axis span, .sideways-map figcaption .dim']) {
        const ratio = contrast(await styleOf(frame, text, 'color'), surface);
        assert.ok(ratio >= READABLE, `${theme}: ${text} has a contrast of ${ratio.toFixed(2)}`);
      }
      await workbench.screenshot(`uno-${theme}`);
    }
  });
});
