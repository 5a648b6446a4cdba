import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../src/app/compress-model';
import type { CompressReport } from '../../src/app/engine-contract';
import { inspectModel } from '../../src/app/inspect-model';
import { quietTask } from '../../src/base/progress';
import { reportView } from '../../src/host/present/report';
import { copySamples, root, temporaryFolder } from '../support/project';
import { seriousFindings } from '../support/axe';
import { Workbench, THEMES } from '../support/workbench';

describe('report of a compression, in the editor', function () {
  this.timeout(240_000);
  let folder: string;
  let elsewhere: string;
  let workbench: Workbench;
  let report: CompressReport;

  before(async () => {
    folder = copySamples();
    elsewhere = temporaryFolder('report');
    // What the command line prints with --json.
    report = await compressModel({ path: path.join(folder, 'gesture/gesture.onnx'), quantize: 'int8', out: path.join(elsewhere, 'gesture.int8.onnx') }, quietTask);
    workbench = await Workbench.open(folder, { extensionFolder: root });
    await workbench.page.setViewportSize({ width: 1500, height: 1400 });
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    for (const made of [path.dirname(folder), elsewhere]) fs.rmSync(made, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('a kind is chosen from the menu; the panel says what the JSON report says', async () => {
    await workbench.chooseInMenu('gesture/gesture.onnx', 'TinyML', 'Quantize As…');
    const offered = await workbench.choices();
    for (const kind of ['int8', 'auto', 'int16x8', 'mixed', 'float16 weights', 'int4 weights', 'binary weights']) assert.ok(offered.some((row) => row.includes(kind)), `${kind} in ${offered.join('\n')}`);
    await workbench.pick(/weights and activations: smallest RAM/);
    await workbench.notification('gesture.int8.onnx', 120_000);
    await workbench.pressInNotification('gesture.int8.onnx', 'Show Report');
    const panel = await workbench.webview('report');
    await panel.locator('h1', { hasText: 'gesture.int8.onnx' }).waitFor();

    const view = reportView(report);
    const texts = async (selector: string): Promise<string[]> => (await panel.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    const facts = await texts('.fact');
    for (const { value, unit, name } of view.facts) assert.ok(facts.some((text) => text.includes(value) && text.includes(unit.split(' ')[0])), `${name} ${value} ${unit} in ${facts.join(' | ')}`);
    assert.equal(await panel.locator('.matrices table').count(), 2, 'confusion before and after');
    const wrong = (name: 0 | 1): number => view.confusion!.matrices[name].counts.flatMap((row, truth) => row.filter((count, said) => said !== truth && count > 0)).length;
    for (const which of [0, 1] as const) assert.equal(await panel.locator('.matrices table').nth(which).locator('td.wrong').count(), wrong(which));
    const rows = await texts('table tbody tr');
    for (const layer of view.layers) assert.ok(rows.some((row) => row.startsWith(layer.name) && row.includes(layer.sqnrDb.toFixed(1)) && row.includes(layer.cosine) && row.includes(layer.saturated)), `${layer.name} in ${rows.join(' | ')}`);
    assert.equal(await panel.locator('svg.histogram').count(), view.layers.reduce((sum, layer) => sum + Number(layer.activations.length > 0) + Number(layer.weights.length > 0), 0));
    assert.ok(view.layers.some((layer) => layer.saturated !== ''), 'saturation is counted');
    await workbench.screenshot('report');
  });

  it('one click applies a remedy, into a new file that costs what was said', async () => {
    const panel = await workbench.webview('report');
    const file = (name: string): string => path.join(folder, 'gesture', name);
    const [original, first] = ['gesture.onnx', 'gesture.int8.onnx'].map((name) => fs.readFileSync(file(name)));
    const [{ layer, form }] = reportView(report).remedies;
    const remedy = report.worst.find(({ name }) => name === layer)!.remedies.find((found) => form.includes(found.form.activations))!;
    await panel.locator('.remedy').first().locator('vscode-button').click();
    await workbench.notification('gesture.int8-2.onnx', 120_000);
    const { totals } = await inspectModel({ path: file('gesture.int8-2.onnx') }, quietTask);
    assert.deepEqual([totals.flashBytes, totals.ramBytes], [remedy.flashBytes, remedy.ramBytes]);
    assert.deepEqual([fs.readFileSync(file('gesture.onnx')), fs.readFileSync(file('gesture.int8.onnx'))], [original, first], 'nothing is overwritten');
  });

  it('has no serious finding of axe, and looks right in every theme', async () => {
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await workbench.useTheme(theme);
      const panel = await workbench.webview('report');
      await panel.locator('.fact').first().waitFor();
      assert.deepEqual(await seriousFindings(panel), [], theme);
      await workbench.screenshot(`report-${theme}`);
    }
  });
});
