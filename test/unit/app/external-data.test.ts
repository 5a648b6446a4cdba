import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../../../src/base/problem';
import { understand } from '../../../src/app/model-file';
import { bytesOf } from '../../../src/base/bytes';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { tensorOf } from '../../../src/engine/ir/tensor';
import { externalTensor, modelFile, node, port } from '../../support/onnx-builder';
import { temporaryFolder } from '../../support/project';

describe('tensor data in other files', () => {
  const folder = temporaryFolder('external');
  const inside = path.join(folder, 'model');
  const modelPath = path.join(inside, 'm.onnx');
  fs.mkdirSync(path.join(inside, 'data'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'secret.bin'), bytesOf(Float32Array.of(1, 2)));
  fs.writeFileSync(path.join(inside, 'data/w.bin'), bytesOf(Float32Array.of(0, 10, 20)));
  after(() => fs.rmSync(folder, { recursive: true }));

  const open = (location: string, offset = 0): ReturnType<typeof understand> =>
    understand(modelFile({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs: [port('x', [2])], outputs: [port('y', [2])], initializers: [externalTensor('w', [2], location, offset)] }), modelPath);
  const code = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof ProblemError) return error.problem.code;
      throw error;
    }
    return 'none';
  };

  it('are read where the model says, from its own folder', () => {
    const [sum] = new Interpreter(open('data/w.bin', 4).lowered).run([tensorOf({ dtype: 'float32', shape: [2] }, [1, 1])]);
    assert.deepEqual([...sum.data], [11, 21]);
  });

  it('are refused outside of it, however the way out is written', () => {
    for (const location of ['../secret.bin', 'data/../../secret.bin', path.join(folder, 'secret.bin'), '..\\secret.bin', 'C:\\secret.bin', '', 'data']) {
      assert.equal(code(() => open(location)), 'TINYML-EXTERNAL-OUTSIDE', JSON.stringify(location));
    }
  });

  it('are refused behind a link that leads outside', function () {
    const link = path.join(inside, 'link.bin');
    try {
      fs.symlinkSync(path.join(folder, 'secret.bin'), link);
    } catch {
      this.skip(); // Windows without the right to make links
    }
    assert.equal(code(() => open('link.bin')), 'TINYML-EXTERNAL-OUTSIDE');
  });

  it('are missing or cut off as a problem', () => {
    assert.equal(code(() => open('nothing.bin')), 'TINYML-EXTERNAL-MISSING');
    assert.equal(code(() => open('data/w.bin', 8)), 'TINYML-EXTERNAL-SHORT');
  });
});
