import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readModelBytes } from '../../../src/app/model-bytes';
import { openModel, understand } from '../../../src/app/model-file';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { tensorOf } from '../../../src/engine/ir/tensor';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { temporaryFolder } from '../../support/project';
import { floats, tfliteFile, type TestGraph } from '../../support/tflite-model';

const GIB = 2 ** 30;

/** y = x + a, with the two numbers of `a` at an offset of the file, behind the tables. */
function farAway(offset: number, size = 8): Uint8Array {
  const graph: TestGraph = {
    tensors: [{ name: 'x', shape: [2] }, { name: 'a', shape: [2], data: floats(0, 0) }, { name: 'y', shape: [2] }],
    operators: [{ op: 'ADD', inputs: ['x', 'a'], outputs: ['y'], options: {} }], inputs: ['x'], outputs: ['y'],
  };
  return tfliteFile([graph], (model) => ({ ...model, description: 'x'.repeat(5000), buffers: [{}, { offset, size }] }));
}

describe('TFLite files that are too long to be read whole', () => {
  let folder: string;
  before(() => (folder = temporaryFolder('long')));
  after(() => fs.rmSync(folder, { recursive: true }));

  /** The tables at the beginning, the numbers at the offset, a hole between. */
  function write(name: string, offset: number, tables = farAway(offset)): string {
    const file = path.join(folder, name);
    const handle = fs.openSync(file, 'w');
    fs.writeSync(handle, tables);
    fs.writeSync(handle, new Uint8Array(floats(0.5, -2).buffer), 0, 8, offset);
    fs.closeSync(handle);
    return file;
  }

  const sum = (interpreter: Interpreter): number[] => Array.from(interpreter.run([tensorOf({ dtype: 'float32', shape: [2] }, [1, 1])])[0].data);

  it('weights beyond 2 GiB are found, and only what is needed is read', async function () {
    if (process.platform === 'win32') this.skip(); // its files have no holes
    const file = write('far.tflite', 2.5 * GIB);
    const before = process.memoryUsage().arrayBuffers;
    const open = await openModel(file, quietTask);
    assert.deepEqual(open.problems, []);
    assert.deepEqual(sum(new Interpreter(open.lowered)), [1.5, -1]);
    assert.equal(open.canonical.fileBytes, 2.5 * GIB + 8);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 2 ** 20);
  });

  it('tables longer than what is read at first are read on', async () => {
    const file = write('tables.tflite', 60_000);
    const { bytes, long } = await readModelBytes(file, 1000);
    assert.equal(bytes.length, 1000);
    const open = understand(bytes, file, { long });
    assert.deepEqual(sum(new Interpreter(open.lowered)), [1.5, -1]);
  });

  it('damage is told as in short files: bytes outside of it, and tables that end too early', async () => {
    const code = (problem: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === problem;
    const beyond = await readModelBytes(write('beyond.tflite', 60_000, farAway(60_000, 16)), 1000);
    assert.throws(() => understand(beyond.bytes, 'beyond.tflite', { long: beyond.long }), code('TINYML-TFLITE-TENSOR'));
    const cut = path.join(folder, 'cut.tflite');
    fs.writeFileSync(cut, farAway(60_000).subarray(0, 5300));
    const { bytes, long } = await readModelBytes(cut, 1000);
    assert.throws(() => understand(bytes, cut, { long }), code('TINYML-TFLITE-TRUNCATED'));
  });

  it('an ONNX file beyond 2 GiB is refused with the way that ONNX has for it', async function () {
    if (process.platform === 'win32') this.skip();
    const file = path.join(folder, 'large.onnx');
    fs.closeSync(fs.openSync(file, 'w'));
    fs.truncateSync(file, 2 * GIB + 1);
    await assert.rejects(readModelBytes(file), (error) => error instanceof ProblemError && error.problem.code === 'TINYML-FILE-LARGE');
  });
});
