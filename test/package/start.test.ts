/** `npm start` on a machine without desktop VS Code: the printed address serves a workbench with the extension, Ctrl+C ends it. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { stopGroup } from '../../scripts/editor/process.mjs';
import { startBrowser } from '../support/browser';
import { explorerRow } from '../support/explorer';
import { waitForCommand } from '../support/palette';
import { root, temporaryFolder } from '../support/project';
import { webviewFrame } from '../support/webviews';

describe('npm start', () => {
  let data: string;
  let start: ChildProcess;
  let output = '';

  before(() => {
    data = temporaryFolder('start');
    start = spawn(process.execPath, ['scripts/start.mjs', '--browser', '--data', data], { cwd: root, detached: true });
    for (const stream of [start.stdout, start.stderr]) stream?.on('data', (text) => (output += text));
  });
  after(async () => {
    await stopGroup(start);
    fs.rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  it('builds, says what it does and prints an address that shows the samples in the inspector', async () => {
    const url = await printedUrl();
    assert.match(output, /Building the extension/);
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await waitForCommand(page, 'TinyML: Choose Board…');
      await (await explorerRow(page, 'gesture/gesture.onnx')).dblclick();
      await webviewFrame(page, 'inspector');
    } finally {
      await browser.stop();
    }
  });

  it('stops everything on Ctrl+C', async () => {
    const url = await printedUrl();
    const ended = new Promise<number | null>((resolve) => start.once('exit', resolve));
    start.kill('SIGINT');
    assert.equal(await ended, 0, output);
    await assert.rejects(fetch(url), 'the server still answers');
  });

  async function printedUrl(): Promise<string> {
    for (;;) {
      const url = /^http:\/\/127\.0\.0\.1:\d+\/\S+$/m.exec(output)?.[0];
      if (url) return url;
      if (start.exitCode !== null) throw new Error(`npm start ended with ${start.exitCode}:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});
