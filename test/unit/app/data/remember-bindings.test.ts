import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { findModelData } from '../../../../src/app/data/project-file';
import { rememberBindings } from '../../../../src/app/data/remember-bindings';
import { ProblemError } from '../../../../src/base/problem';
import { temporaryFolder } from '../../../support/project';

describe('extents that tinyml.json is to remember', () => {
  let folder: string;
  let project: string;
  const model = (): string => path.join(folder, 'models', 'kws.onnx');
  beforeEach(() => {
    folder = temporaryFolder('remember');
    project = path.join(folder, 'tinyml.json');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('makes the file where there is none, in the folder that was asked for', async () => {
    assert.equal(await rememberBindings(model(), { length: 16 }, folder), project);
    assert.deepEqual(JSON.parse(fs.readFileSync(project, 'utf8')), { models: { 'models/kws.onnx': { bind: { length: 16 } } } });
    assert.deepEqual((await findModelData(model())).bindings, { length: 16 });
  });

  it('keeps everything that stands in the file, and its indentation', async () => {
    const before = { $schema: 's', models: { 'a.onnx': { labels: ['x', 'y'] }, 'models/kws.onnx': { data: 'kws.npz', bind: { batch: 2, length: 8 }, description: 'words' } } };
    fs.writeFileSync(project, JSON.stringify(before, undefined, '\t'));
    await rememberBindings(model(), { length: 16 }, '/elsewhere');
    const after = structuredClone(before);
    after.models['models/kws.onnx'].bind.length = 16;
    assert.equal(fs.readFileSync(project, 'utf8'), JSON.stringify(after, undefined, '\t') + '\n');
  });

  it('a compressed variant writes into the entry that it inherits', async () => {
    fs.writeFileSync(project, JSON.stringify({ models: { 'models/kws.onnx': { data: 'kws.npz' } } }));
    await rememberBindings(path.join(folder, 'models', 'kws.int8.onnx'), { length: 4 }, folder);
    assert.deepEqual(JSON.parse(fs.readFileSync(project, 'utf8')), { models: { 'models/kws.onnx': { data: 'kws.npz', bind: { length: 4 } } } });
  });

  it('leaves alone a file that it cannot read', async () => {
    fs.writeFileSync(project, '{ "models": ');
    await assert.rejects(rememberBindings(model(), { length: 16 }, folder), (error) => error instanceof ProblemError && error.problem.code === 'TINYML-PROJECT-FILE');
    assert.equal(fs.readFileSync(project, 'utf8'), '{ "models": ');
    assert.deepEqual(fs.readdirSync(folder), ['tinyml.json']);
  });
});
