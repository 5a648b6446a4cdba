import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { inspectModel } from '../../../src/app/inspect-model';
import { listArrays } from '../../../src/app/list-arrays';
import { placeOf } from '../../../src/app/model-place';
import { root, temporaryFolder } from '../../support/project';

describe('a model in a C source', () => {
  let folder: string;
  const digits = fs.readFileSync(path.join(root, 'samples/digits/digits.onnx'));
  const asArray = (name: string, bytes: Uint8Array): string => `const unsigned char ${name}[] = {${[...bytes].join(', ')}};\n`;
  before(() => (folder = temporaryFolder('arrays')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('costs what the file costs', async () => {
    const source = write('model.cc', `#include <stdint.h>\n${asArray('g_model', digits)}const int g_model_len = ${digits.length};\n`);
    const file = await inspectModel({ path: path.join(root, 'samples/digits/digits.onnx') }, quietTask);
    for (const place of [source, `${source}#g_model`]) {
      const report = await inspectModel({ path: place }, quietTask);
      assert.deepEqual(report.totals, file.totals);
      assert.deepEqual(report.layers, file.layers);
    }
  });

  it('is chosen by name where there are several, and small arrays are no models', async () => {
    const source = write('two.h', `${asArray('table', new Uint8Array(10))}${asArray('a', digits)}${asArray('b', digits)}`);
    assert.deepEqual((await listArrays({ path: source }, quietTask)).arrays.map(({ name, line }) => [name, line]), [['a', 2], ['b', 3]]);
    assert.equal((await inspectModel({ path: `${source}#b` }, quietTask)).totals.macs, 23_680);
    for (const place of [source, `${source}#c`]) {
      await assert.rejects(inspectModel({ path: place }, quietTask), (error: ProblemError) => error.problem.code === 'TINYML-ARRAY' && /a, b/.test(error.problem.detail!));
    }
  });

  it('is a problem where there is none', async () => {
    const source = write('none.c', 'int main(void) { return 0; }\n');
    await assert.rejects(inspectModel({ path: source }, quietTask), (error: ProblemError) => error.problem.code === 'TINYML-ARRAY');
  });

  it('a # in a path of another file is part of its name', () => {
    assert.deepEqual(placeOf('/c#/m.onnx'), { file: '/c#/m.onnx' });
    assert.deepEqual(placeOf('/c#/m.cc#x'), { file: '/c#/m.cc', array: 'x' });
  });
});
