import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { removeTemporaryFolders } from '../firmware/device/support/boards';
import { openPty, type Pty } from '../firmware/device/support/pty';
import { copySamples, root } from '../support/project';
import { Workbench, THEMES } from '../support/workbench';

describe('listening to a port, in the editor', () => {
  let folder: string;
  let workbench: Workbench;
  let port: Pty;
  let timer: NodeJS.Timeout;
  const received: string[] = [];

  before(async function () {
    folder = copySamples();
    port = await openPty(this, { receive: (bytes) => void received.push(Buffer.from(bytes).toString('latin1')), opened: () => {}, closed: () => {} });
    let n = 0;
    timer = setInterval(() => {
      n++;
      const part = n / 20;
      port.send(Buffer.from(`>temperature:${(21 + Math.sin(part) * 3).toFixed(2)}§°C\nax:${Math.sin(part * 3).toFixed(3)},ay:${Math.cos(part * 3).toFixed(3)},az:${(1 + 0.1 * Math.sin(part * 9)).toFixed(3)}\n${n % 25 === 0 ? 'battery 3.71 V, heap free 118 KiB\n' : ''}`));
    }, 50);
    workbench = await Workbench.open(folder, { extensionFolder: root });
    await workbench.page.setViewportSize({ width: 1400, height: 940 });
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    clearInterval(timer);
    await workbench?.close();
    await port?.close();
    removeTemporaryFolders();
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('draws every series of any sketch, and shows its text in a channel of its own', async () => {
    await workbench.runCommand('TinyML: Listen to Port…');
    await workbench.pick(/Type a path/);
    await workbench.answer(port.path);
    await workbench.pick(/115200/);
    await workbench.waitForOutput(/board: battery 3\.71 V/);
    // the first webview of a window takes long on a busy computer
    const device = await workbench.webview('device').catch(() => workbench.webview('device'));
    await device.locator('.phase', { hasText: 'a sketch without our link' }).waitFor({ timeout: 60_000 });
    await device.locator('[data-tab="Series"]').click();
    await device.locator('.series polyline').nth(3).waitFor();
    const names = await device.locator('.series text.now').allTextContents();
    for (const name of ['temperature', 'ax', 'ay', 'az']) assert.ok(names.some((text) => text.startsWith(name)), names.join(' '));
  });

  it('sends a line to the board', async () => {
    const device = await workbench.webview('device');
    await device.locator('[data-tab="Console"]').click();
    await device.locator('.console vscode-text-field').click();
    await workbench.page.keyboard.type('led on');
    await workbench.page.keyboard.press('Enter');
    await workbench.waitForOutput(/sent: led on/);
    assert.ok(received.join('').includes('led on\n'), JSON.stringify(received));
    await device.locator('[data-tab="Series"]').click();
  });

  it('looks right in every theme', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await workbench.useTheme(theme);
      const device = await workbench.webview('device');
      await device.locator('.series polyline').first().waitFor();
      await workbench.screenshot(`monitor-${theme}`);
    }
  });
});
