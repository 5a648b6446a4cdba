import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySamples } from '../support/project';
import { Workbench } from '../support/workbench';

describe('a model in a C source, in the editor', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copySamples();
    const bytes = [...fs.readFileSync(path.join(folder, 'digits/digits.onnx'))];
    fs.writeFileSync(path.join(folder, 'model_data.cc'), `// made by xxd\nalignas(16) const unsigned char g_model[] = {\n${bytes.join(', ')}\n};\n`);
    workbench = await Workbench.open(folder);
    await workbench.waitForCommand('TinyML: Open Model in Inspector');
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  it('opens in the inspector from the editor with the array', async () => {
    await workbench.openFile('model_data.cc');
    await workbench.page.locator('.monaco-editor .view-lines').first().waitFor();
    await workbench.runCommand('TinyML: Open Model in This C Array');
    const frame = await workbench.webview('inspector');
    await frame.locator('.layer-row').nth(5).waitFor();
    assert.equal(await frame.locator('h1').innerText(), 'g_model');
    assert.equal((await frame.locator('.layer-total .c-macs').innerText()).trim(), '23,680');
    await workbench.screenshot('c-array');
  });
});
