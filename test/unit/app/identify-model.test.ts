import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { generateCode } from '../../../src/app/generate-code';
import { identifyModel } from '../../../src/app/identify-model';
import { quietTask } from '../../../src/base/progress';
import { isas } from '../../../src/engine/codegen/kernel';
import { root, temporaryFolder } from '../../support/project';
import { sharedFolder } from '../../support/shared-folder';

const digits = path.join(root, 'samples/digits/digits.onnx');

describe('how firmware of a model is recognised', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = temporaryFolder('identify')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const hashes = (file: string, memory?: { readonly patches: 'auto' }): Promise<number[]> =>
    Promise.all(isas.map(async (isa) => (await generateCode({ path: file, out: path.join(folder, `${isa}${memory ? '-strips' : ''}`), isa, memory }, quietTask)).modelHash));

  it('by the hash of what was generated, for every instruction set', async () => {
    const { modelHashes, labels } = await identifyModel({ path: digits }, quietTask);
    for (const hash of await hashes(digits)) assert.ok(modelHashes.includes(hash));
    assert.equal(labels.length, 10);
  });

  it('also where its first layers are run in strips, which differ by instruction set', async function () {
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_kws_dscnn_int8.tflite');
    const [{ modelHashes }, plain] = [await identifyModel({ path: file, memory: { patches: 'auto' } }, quietTask), await identifyModel({ path: file }, quietTask)];
    const made = new Set(await hashes(file, { patches: 'auto' }));
    assert.deepEqual(new Set(modelHashes), made);
    assert.ok(made.size > 1 && [...made].some((hash) => !plain.modelHashes.includes(hash)), 'strips are in effect, not the same everywhere');
  });
});
