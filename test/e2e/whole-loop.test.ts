import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { inspectModel } from '../../src/app/inspect-model';
import { quietTask } from '../../src/base/progress';
import { formatCount } from '../../src/base/units';
import type { InspectReport } from '../../src/engine/cost/report';
import { budgetsOf } from '../../src/host/present/budgets';
import { copySamples } from '../support/project';
import { Workbench } from '../support/workbench';

/** Text of an element with its white space joined, as it reads. */
const textOf = async (frame: Frame, selector: string): Promise<string> => (await frame.locator(selector).innerText()).replace(/\s+/g, ' ').trim();

const cellsOf = (frame: Frame, column: string): Promise<string[]> => frame.locator(`.layer-row .c-${column}`).evaluateAll((cells) => cells.map((cell) => (cell.textContent ?? '').trim()));

/** Opens a model and compares everything the inspector shows with the engine's own report. */
async function assertInspectorShows(workbench: Workbench, report: InspectReport, frame: Frame): Promise<void> {
  await frame.locator('.layer-row').nth(report.layers.length - 1).waitFor();
  assert.equal(await textOf(frame, 'h1'), report.model.name);
  for (const budget of budgetsOf(report, undefined)) {
    assert.equal(await textOf(frame, `[data-budget="${budget.id}"] .figure span`), budget.value, budget.id);
    assert.equal(await textOf(frame, `[data-budget="${budget.id}"] .basis`), budget.basis, budget.id);
  }
  assert.deepEqual(await cellsOf(frame, 'name'), report.layers.map((layer) => layer.name));
  assert.deepEqual(await cellsOf(frame, 'op'), report.layers.map((layer) => layer.label));
  assert.deepEqual(await cellsOf(frame, 'macs'), report.layers.map((layer) => formatCount(layer.macs)));
  assert.deepEqual(await cellsOf(frame, 'flashBytes'), report.layers.map((layer) => formatCount(layer.weightBytes)));
  assert.deepEqual(await cellsOf(frame, 'ramBytes'), report.layers.map((layer) => formatCount(layer.liveBytes)));
  assert.equal(await textOf(frame, '.layer-total .c-macs'), formatCount(report.totals.macs));
  assert.equal(await textOf(frame, '.layer-total .c-ramBytes'), `peak ${formatCount(report.totals.ramBytes)}`);
  assert.deepEqual(await workbench.page.locator('.notification-list-item .codicon-error').count(), 0);
}

describe('the whole loop in the editor', () => {
  let folder: string;
  let workbench: Workbench;
  const file = (name: string): string => path.join(folder, name);

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

  it('shows in the inspector what the engine reports', async () => {
    await workbench.openFile('digits/digits.onnx');
    const frame = await workbench.webview('inspector');
    await assertInspectorShows(workbench, await inspectModel({ path: file('digits/digits.onnx') }, quietTask), frame);
    await workbench.screenshot('inspector-dark');
  });

  it('works by keyboard: filter, clear, move, sort', async () => {
    const frame = await workbench.webview('inspector');
    const { keyboard } = workbench.page;
    await frame.locator('.layer-table').focus();
    await keyboard.press('/');
    await keyboard.type('conv');
    await frame.locator('.count', { hasText: /^2 of 6/ }).waitFor();
    await keyboard.press('Escape');
    await frame.locator('.count', { hasText: /^6 of 6/ }).waitFor();
    await keyboard.press('Escape');
    await keyboard.press('End');
    await frame.locator('.layer-row.selected .c-index', { hasText: '5' }).waitFor();
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await frame.locator('.layer-row.selected .c-index', { hasText: '1' }).waitFor();
    // Keys that users can change come back from the editor: detail, two layers on, one back.
    await keyboard.press('Enter');
    await frame.locator('.detail-head h2', { hasText: /^1\s/ }).waitFor();
    // The editor has to hear first that the detail is in front: a key before that means nothing.
    const second = frame.locator('.detail-head h2', { hasText: /^2\s/ });
    for (let i = 0; i < 20 && !(await second.isVisible()); i++) {
      await keyboard.press('j');
      await second.waitFor({ timeout: 1000 }).catch(() => {});
    }
    await second.waitFor();
    await keyboard.press('k');
    await frame.locator('.detail-head h2', { hasText: /^1\s/ }).waitFor();
    await keyboard.press('Escape');
    await frame.locator('.layer-head .c-macs button').click();
    const macs = (await cellsOf(frame, 'macs')).map((text) => Number(text.replace(/,/g, '')));
    assert.deepEqual(macs, [...macs].sort((a, b) => b - a));
    await frame.locator('.layer-head .c-macs button').click();
    await frame.locator('.layer-head .c-macs button').click();
    assert.deepEqual(await cellsOf(frame, 'index'), ['0', '1', '2', '3', '4', '5']);
  });

  it('says whether the model fits the chosen board', async () => {
    const frame = await workbench.webview('inspector');
    await frame.locator('vscode-dropdown').click();
    await frame.locator('vscode-option', { hasText: 'Arduino Uno (simulated)' }).click();
    await frame.locator('.pill', { hasText: 'Does not fit: RAM' }).waitFor();
    assert.match(await textOf(frame, '[data-budget="ram"] .figure'), /of 2\.0 KiB$/);
    await workbench.page.locator('#tinyml-workbench\\.tinyml-workbench\\.tinyml\\.board', { hasText: 'Arduino Uno (simulated)' }).waitFor();
    await workbench.screenshot('inspector-over-limit');
    await frame.locator('vscode-dropdown').click();
    await frame.locator('vscode-option', { hasText: 'No board' }).click();
    await frame.locator('.hint', { hasText: 'Choose a board' }).waitFor();
  });

  it('quantizes from the context menu and says what it cost', async () => {
    assert.deepEqual(await workbench.menuLabels('digits/digits.onnx', 'TinyML'), [
      'Open Model in Inspector', 'Compare Models…', 'Set Open Sizes…', 'Set RAM Budget…', 'Quantize to int8…', 'Quantize As…', 'Prune…', 'Factorize…', 'Pack Weights…', 'Generate C Sources', 'Flash and Run on Board…', 'Verify on Board…',
      'Feed Data to Board…', 'Run with a Sensor of the Board…',
    ]);
    await workbench.chooseInMenu('digits/digits.onnx', 'TinyML', 'Quantize to int8…');
    const text = await (await workbench.notification('digits.int8.onnx')).innerText();
    assert.match(text, /digits\.int8\.onnx: \d\d\.\d % \(\d+ of 360\), was \d\d\.\d %; flash [\d.]+ → [\d.]+ KiB/);
    const before = await inspectModel({ path: file('digits/digits.onnx') }, quietTask);
    const after = await inspectModel({ path: file('digits/digits.int8.onnx') }, quietTask);
    assert.ok(after.totals.flashBytes < before.totals.flashBytes);
    assert.ok(text.includes(`${(before.totals.flashBytes / 1024).toFixed(1)} → ${(after.totals.flashBytes / 1024).toFixed(1)} KiB`), text);
    // Nothing but the inspector of the model was open: its comparison with the result takes the place.
    await workbench.page.locator('.tab.active', { hasText: 'digits.onnx ↔ digits.int8.onnx' }).waitFor();
    const comparison = await workbench.webview('compare');
    await comparison.locator('.recall tbody tr').nth(9).waitFor();
    assert.match(await textOf(comparison, '[data-tile="flashBytes"]'), /was [\d,]+/);
    await workbench.screenshot('compare-after-quantize');
    await workbench.pressInNotification('digits.int8.onnx', 'Open');
    await workbench.page.locator('.tab.active', { hasText: 'digits.int8.onnx' }).waitFor();
    const frame = await workbench.webview('inspector');
    await frame.locator('h1', { hasText: 'digits.int8.onnx' }).waitFor();
    await assertInspectorShows(workbench, after, frame);
    await workbench.screenshot('inspector-int8');
  });

  it('generates C sources and opens them', async () => {
    await workbench.runCommand('TinyML: Generate C Sources');
    await workbench.page.locator('.tab.active', { hasText: /\.c$/ }).waitFor();
    const [source] = fs.readdirSync(file('digits/digits.int8-c')).filter((name) => name.endsWith('.c') && !name.endsWith('_weights.c'));
    await workbench.page.locator('.tab.active', { hasText: source }).waitFor();
    await workbench.page.locator('.view-lines', { hasText: '#include' }).first().waitFor();
  });

  it('flashes, runs, and streams predictions that equal the host\'s', async () => {
    await workbench.openFile('digits/digits.int8.onnx');
    await workbench.runCommand('TinyML: Flash and Run on Board…');
    const offered = await workbench.choices();
    assert.ok(['This computer', 'Arduino Uno (simulated)', 'Cortex-M4F (simulated)'].every((name) => offered.some((row) => row.includes(name))), offered.join('\n'));
    await workbench.pick(/This computer/);
    const summary = await (await workbench.notification(/equal to the host/, 120_000)).innerText();
    assert.match(summary, /digits\.int8\.onnx on This computer: \d+ of 360 right \(9\d\.\d %\), 360 of 360 equal to the host, median/);
    const device = await workbench.webview('device');
    await device.locator('.phase', { hasText: 'Finished' }).waitFor();
    assert.equal(await textOf(device, '[data-figure="equal"] .big'), '360 of 360');
    const right = /(\d+) of 360 right/.exec(summary)![1];
    assert.equal(await textOf(device, '[data-figure="right"] .big'), `${right} of 360`);
    assert.match(await textOf(device, '[data-testid="label"]'), /^\d$/);
    assert.equal(await device.locator('.log .line .differs').count(), 0);
    await workbench.screenshot('device-host');
    await workbench.runCommand('TinyML: Show Output');
    const shown = await workbench.waitForOutput(/360 of 360 equal to/);
    assert.match(shown, /#359 +\d +[\d.]+ [█░]{10} +[\d.]+ (µs|ms) +truth \d.* = host/);
    await workbench.screenshot('output-host');
  });

  it('tells why a file cannot be read, in its place, with ways out', async () => {
    fs.writeFileSync(file('broken.onnx'), fs.readFileSync(file('digits/digits.onnx')).subarray(0, 4000));
    await workbench.openFile('broken.onnx');
    await workbench.page.locator('.tab.active', { hasText: 'broken.onnx' }).waitFor();
    const frame = await workbench.webview('inspector');
    const problem = frame.locator('.state[role="alert"]');
    await problem.waitFor();
    assert.match(await problem.innerText(), /TINYML-/);
    assert.ok((await problem.locator('vscode-button').count()) >= 2);
    await workbench.screenshot('inspector-broken');
    fs.copyFileSync(file('digits/digits.onnx'), file('broken.onnx'));
    await frame.locator('.layer-row').first().waitFor();
    fs.rmSync(file('broken.onnx'));
  });
});
