import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { modelFile, node, port } from '../support/onnx-builder';
import { copySamples } from '../support/project';
import { Workbench } from '../support/workbench';

describe('a model that leaves a size open, in the editor', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copySamples();
    fs.writeFileSync(path.join(folder, 'open.onnx'), modelFile({ nodes: [node('Relu', ['x'], ['y'])], inputs: [port('x', [1, 'length'])], outputs: [port('y', [1, 'length'])] }));
    workbench = await Workbench.open(folder);
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  it('is asked for when the model is opened, remembered in tinyml.json, and counted at once', async () => {
    const project = path.join(folder, 'tinyml.json');
    const before = JSON.parse(fs.readFileSync(project, 'utf8')) as { models: object };
    await workbench.openFile('open.onnx');
    await workbench.page.locator('.quick-input-widget:visible').getByText('how large is length?').waitFor();
    await workbench.screenshot('open-size');
    await workbench.answer('48');
    await workbench.pick('Remember in tinyml.json');
    const frame = await workbench.webview('inspector');
    await frame.locator('.layer-row').getByText('1×48').first().waitFor();
    assert.deepEqual(JSON.parse(fs.readFileSync(project, 'utf8')), { ...before, models: { ...before.models, 'open.onnx': { bind: { length: 48 } } } });
  });
});
