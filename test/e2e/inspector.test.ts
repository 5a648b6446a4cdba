import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import type { CompareReport } from '../../src/engine/cost/compare-report';
import type { InspectReport } from '../../src/engine/cost/report';
import { seriousFindings } from '../support/axe';
import { modelWorkspace, type ModelWorkspace } from '../support/model-workspace';
import { root } from '../support/project';
import { Workbench, THEMES } from '../support/workbench';

const plain = (text: string): number => Number(text.replace(/[,≥ ]|peak/g, ''));

/** The views in the real editor, where VS Code's own parts take part: explorer, dialogs, git, reload, keys. */
describe('the inspector in the editor', () => {
  let space: ModelWorkspace;
  let workbench: Workbench;
  const file = (name: string): string => path.join(space.folder, name);
  const cli = <T>(...args: string[]): T => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 27 });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as T;
  };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...args], { cwd: space.folder, encoding: 'utf8' });

  before(async () => {
    space = modelWorkspace();
    // digits/digits.onnx as committed is another model than the one on disk.
    git('init', '--quiet');
    const now = fs.readFileSync(file('digits/digits.onnx'));
    fs.copyFileSync(file('digits/digits-dense.onnx'), file('digits/digits.onnx'));
    git('add', '.');
    git('commit', '--quiet', '-m', 'models');
    fs.writeFileSync(file('digits/digits.onnx'), now);
    workbench = await Workbench.open(space.folder, { extensionFolder: root, settings: { 'git.enabled': true, 'git.openRepositoryInParentFolders': 'never' } });
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    space?.remove();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  /** As a user does it: VS Code then writes down what its editors have kept. */
  async function reloadWindow(): Promise<void> {
    const loaded = workbench.page.waitForEvent('load', { timeout: 60_000 });
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  }

  async function assertShows(frame: Frame, report: InspectReport): Promise<void> {
    await frame.locator('.layer-row').nth(Math.min(9, report.layers.length - 1)).waitFor();
    assert.equal(plain(await frame.locator('.layer-total .c-macs').innerText()), report.totals.macs);
    assert.equal(plain(await frame.locator('.layer-total .c-flashBytes').innerText()), report.totals.weightBytes);
    assert.equal(plain(await frame.locator('.layer-total .c-ramBytes').innerText()), report.totals.ramBytes);
    for (const [column, key] of [['macs', 'macs'], ['flashBytes', 'weightBytes'], ['ramBytes', 'liveBytes']] as const) {
      const cells = await frame.locator(`.layer-row .c-${column} .number`).allInnerTexts();
      assert.deepEqual(cells.map(plain), report.layers.slice(0, cells.length).map((layer) => layer[key]), column);
    }
  }

  it('shows the numbers of `tinyml inspect --json`', async () => {
    for (const model of ['digits/digits.onnx', ...space.models.filter((name) => name === 'resnet8.tflite')]) {
      await workbench.openFile(model);
      const frame = await workbench.webview('inspector');
      await frame.locator('h1', { hasText: path.basename(model) }).waitFor();
      await assertShows(frame, cli<InspectReport>('inspect', file(model)));
    }
  });

  it('keeps tab, filter and selection over a reload of the window', async () => {
    await workbench.openFile('digits/digits.onnx');
    let frame = await workbench.webview('inspector');
    await frame.locator('h1', { hasText: 'digits.onnx' }).waitFor();
    await frame.locator('.filter input').fill('op:conv');
    await frame.locator('.layer-row').nth(1).click();
    await frame.locator('[data-tab="memory"]').click();
    await frame.locator('.tensor-grid').waitFor();
    await reloadWindow();
    frame = await workbench.webview('inspector');
    await frame.locator('.tensor-grid').waitFor();
    assert.equal(await frame.locator('[data-tab="memory"]').getAttribute('aria-selected'), 'true');
    await frame.locator('[data-tab="layers"]').click();
    await frame.locator('.count', { hasText: /^2 of 6/ }).waitFor();
    await frame.locator('.layer-row.selected .c-index', { hasText: '2' }).waitFor();
    await frame.locator('.filter-clear').click();
  });

  it('writes an export where the dialog says, with what the table shows', async () => {
    const frame = await workbench.webview('inspector');
    await frame.locator('.icon-button[aria-label="Export"]').click();
    await frame.locator('.menu [data-item="json"]').click();
    await workbench.page.locator('.quick-input-widget input[type="text"]').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('Written: digits-report.json');
    assert.deepEqual(JSON.parse(fs.readFileSync(file('digits/digits-report.json'), 'utf8')), cli('inspect', file('digits/digits.onnx')));
  });

  it('goes from a layer to the generated C, and says so where there is none', async () => {
    const frame = await workbench.webview('inspector');
    await frame.locator('.layer-row').nth(2).dblclick();
    await frame.locator('.cards[data-layer="2"]').waitFor();
    await frame.locator('vscode-button', { hasText: 'Generated C' }).click();
    await workbench.notification(/No line of generated C belongs to layer 2/);
    cli('codegen', file('digits/digits.onnx'));
    await frame.locator('vscode-button', { hasText: 'Generated C' }).click();
    await workbench.page.locator('.view-line', { hasText: '/* 2: Conv' }).first().waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('compares two models selected in the Explorer', async () => {
    await (await workbench.explorerRow('digits/digits-dense.onnx')).click();
    await (await workbench.explorerRow('digits/digits.onnx')).click({ modifiers: ['ControlOrMeta'] });
    await workbench.chooseInMenu('digits/digits.onnx', 'TinyML', 'Compare Models…');
    const frame = await workbench.webview('compare');
    await frame.locator('.pair-body .pair-row').first().waitFor();
    assert.match(await frame.locator('h1').innerText(), /digits-dense\.onnx → digits\.onnx/);
    const report = cli<CompareReport>('compare', file('digits/digits-dense.onnx'), file('digits/digits.onnx'));
    const total = report.totals.find(({ id }) => id === 'macs')!;
    assert.equal(plain(await frame.locator('[data-tile="macs"] .figure').innerText()), total.after);
    assert.equal(await frame.locator('.pair-body .pair-row').count(), report.layers.length);
    assert.deepEqual(await seriousFindings(frame), []);
    await workbench.screenshot('compare-editor');
    await frame.locator('vscode-button', { hasText: 'Swap' }).click();
    await frame.locator('h1', { hasText: /^digits\.onnx → digits-dense\.onnx/ }).waitFor();
    await reloadWindow();
    await (await workbench.webview('compare')).locator('h1', { hasText: 'digits-dense.onnx' }).waitFor();
  });

  it('compares with the version in git', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('digits/digits.onnx');
    await (await workbench.webview('inspector')).locator('.layer-row').first().waitFor();
    await workbench.runCommand('TinyML: Compare with Git HEAD');
    const frame = await workbench.webview('compare');
    await frame.locator('h1', { hasText: 'digits.onnx (git HEAD) → digits.onnx' }).waitFor();
    const report = cli<CompareReport>('compare', file('digits/digits-dense.onnx'), file('digits/digits.onnx'));
    assert.equal(await frame.locator('.pair-body .pair-row').count(), report.layers.length);
    await workbench.screenshot('compare-git');
  });

  it('opens both sides of a git diff, and compares from there', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.page.locator('.activitybar [aria-label^="Source Control"]').first().click();
    await workbench.page.locator('.scm-view .monaco-list-row', { hasText: 'digits.onnx' }).first().click();
    const side = async (): Promise<Frame> => {
      for (let i = 0; i < 150; i++) {
        for (const frame of workbench.page.frames()) if (await frame.locator('.pill', { hasText: /^git/ }).count().catch(() => 0)) return frame;
        await workbench.page.waitForTimeout(100);
      }
      throw new Error('no side of the diff shows a version of git');
    };
    const before = await side();
    await before.locator('.layer-row').first().waitFor();
    await workbench.screenshot('git-diff');
    await before.locator('vscode-button', { hasText: 'Compare' }).click();
    const frame = await workbench.webview('compare');
    await frame.locator('h1', { hasText: /digits\.onnx \(git .*\) → digits\.onnx/ }).waitFor();
    await workbench.page.locator('.activitybar [aria-label^="Explorer"]').first().click();
  });

  it('has no serious finding of axe in the editor, and looks right in every theme', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile(space.models.includes('resnet8.tflite') ? 'resnet8.tflite' : 'digits/digits.onnx');
    let frame = await workbench.webview('inspector');
    await frame.locator('.layer-row').first().waitFor();
    for (const tab of ['layers', 'memory', 'graph']) {
      await frame.locator(`[data-tab="${tab}"]`).click();
      await frame.locator({ layers: '.layer-row', memory: '[data-plan="apart"]:not([disabled])', graph: '.node' }[tab]!).first().waitFor();
      for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
        await workbench.useTheme(theme);
        frame = await workbench.webview('inspector');
        assert.deepEqual(await seriousFindings(frame), [], `${tab}, ${theme}`);
        await workbench.screenshot(`editor-${tab}-${theme}`);
      }
    }
  });
});
