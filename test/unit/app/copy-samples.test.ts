import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySamples } from '../../../src/app/copy-samples';
import { root, temporaryFolder } from '../../support/project';

describe('samples to try', () => {
  it('are copied whole into a folder of their own, without what using them made; a second copy replaces nothing', async () => {
    const from = temporaryFolder('samples-from');
    const into = temporaryFolder('samples-into');
    try {
      fs.cpSync(path.join(root, 'samples'), from, { recursive: true });
      fs.writeFileSync(path.join(from, 'digits/digits.int8.onnx'), 'made by using them');
      fs.mkdirSync(path.join(from, 'digits/digits-c'), { recursive: true });
      fs.writeFileSync(path.join(from, 'digits/digits-c/digits.c'), 'generated');
      const first = await copySamples(from, into);
      assert.equal(first, path.join(into, 'tinyml-samples'));
      const named = Object.keys((JSON.parse(fs.readFileSync(path.join(first, 'tinyml.json'), 'utf8')) as { models: object }).models);
      assert.ok(named.length >= 3);
      for (const file of [...named, 'README.md', 'digits/digits.npz', 'gesture/gesture.npz']) assert.deepEqual(fs.readFileSync(path.join(first, file)), fs.readFileSync(path.join(root, 'samples', file)), file);
      assert.deepEqual(fs.readdirSync(path.join(first, 'digits')).sort(), ['digits-dense.onnx', 'digits.npz', 'digits.onnx']);
      fs.writeFileSync(path.join(first, 'README.md'), 'notes of my own');
      assert.equal(await copySamples(from, into), path.join(into, 'tinyml-samples-2'));
      assert.equal(fs.readFileSync(path.join(first, 'README.md'), 'utf8'), 'notes of my own');
    } finally {
      fs.rmSync(from, { recursive: true });
      fs.rmSync(into, { recursive: true });
    }
  });
});
