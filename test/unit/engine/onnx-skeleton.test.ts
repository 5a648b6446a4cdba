import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readModelBytes } from '../../../src/app/model-bytes';
import { openModel, understand } from '../../../src/app/model-file';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import type { LongFile } from '../../../src/engine/formats/long-file';
import { skeletonOf } from '../../../src/engine/formats/onnx/skeleton';
import { writeOnnx } from '../../../src/engine/formats/onnx/write';
import { printModel } from '../../../src/engine/ir/print';
import { mutated } from '../../support/mutate';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';
import { floatInfo, floatTensor, nodeProto, onnxFile } from '../../support/onnx-file';
import { root, temporaryFolder } from '../../support/project';

/** A file in memory that counts what is read of it. */
function counted(bytes: Uint8Array): LongFile & { reads: number } {
  return { fileBytes: bytes.length, reads: 0, read(offset, length) { this.reads += length; return bytes.subarray(offset, Math.min(bytes.length, offset + length)); } };
}

const wave = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i)));
const raw = (rows = 200): Uint8Array => modelFile({
  nodes: [node('MatMul', ['x', 'w'], ['p']), node('Add', ['p', 'b'], ['y'])], initializers: [tensor('w', 'float32', [rows, 300], wave(300 * rows)), tensor('b', 'float32', [300], wave(300))],
  inputs: [port('x', [1, rows])], outputs: [port('y', [1, 300])],
});

describe('an ONNX file that is read by ranges', () => {
  let folder: string;
  before(() => (folder = temporaryFolder('skeleton')));
  after(() => fs.rmSync(folder, { recursive: true }));

  it('is the same model as the file read whole, of which the weights are left where they are', async () => {
    const file = path.join(folder, 'm.onnx');
    fs.writeFileSync(file, raw());
    const { bytes, long } = await readModelBytes(file, 1000);
    assert.ok(bytes.length < 4000, `${bytes.length} bytes`);
    const [whole, ranged] = [understand(raw(), file), understand(bytes, file, { long })];
    assert.equal(printModel(ranged.canonical), printModel(whole.canonical));
    assert.equal(ranged.canonical.fileBytes, raw().length);
    assert.deepEqual(writeOnnx(ranged.canonical).bytes, writeOnnx(whole.canonical).bytes, 'written with its weights inside');
  });

  it('every sample says the same from its skeleton', async () => {
    for (const sample of ['digits/digits', 'digits/digits-dense', 'gesture/gesture']) {
      const file = path.join(root, 'samples', `${sample}.onnx`);
      const { bytes, long } = await readModelBytes(file, 100);
      assert.ok(long);
      assert.equal(printModel(understand(bytes, file, { long }).canonical), printModel((await openModel(file, quietTask)).canonical));
    }
  });

  it('reads what names and shapes take, not the weights', () => {
    const layers = Array.from({ length: 4 }, (_, i) => i);
    const large = onnxFile({
      node: layers.map((i) => nodeProto('MatMul', [`x${i}`, `w${i}`], [`x${i + 1}`])), input: [floatInfo('x0', [1, 1000])], output: [floatInfo('x4', [1, 1000])],
      initializer: layers.map((i) => ({ ...floatTensor(`w${i}`, [1000, 1000], []), rawData: new Uint8Array(4e6) })),
    });
    const file = counted(large);
    assert.ok(skeletonOf(file)!.length < 2000);
    assert.ok(file.reads < 1e6, `${file.reads} of ${large.length} bytes`);
  });

  it('is no skeleton where the bytes are no protobuf message: whoever reads the file whole tells why', async () => {
    assert.equal(skeletonOf(counted(raw().subarray(0, 5000))), undefined);
    const file = path.join(folder, 'cut.onnx');
    fs.writeFileSync(file, raw().subarray(0, 5000));
    const { bytes, long } = await readModelBytes(file, 1000);
    assert.equal(long, undefined);
    assert.throws(() => understand(bytes, file), (error) => error instanceof ProblemError && error.problem.code === 'TINYML-ONNX-TRUNCATED');
  });

  it('says that the file is gone, or has become shorter, when its weights are asked for', async () => {
    const file = path.join(folder, 'gone.onnx');
    const problem = (work: () => unknown): void => assert.throws(work, (error) => error instanceof ProblemError && error.problem.code === 'TINYML-FILE-MISSING');
    fs.writeFileSync(file, raw(8000));
    const { bytes, long } = await readModelBytes(file);
    const { canonical } = understand(bytes, file, { long });
    fs.truncateSync(file, 20_000);
    problem(() => writeOnnx(canonical));
    fs.rmSync(file);
    problem(() => writeOnnx(canonical));
  });

  it('five hundred damaged files are refused or read, never more than that', () => {
    for (let seed = 0; seed < 500; seed++) {
      const bytes = mutated(raw(4), seed);
      const skeleton = skeletonOf(counted(bytes));
      if (!skeleton) continue;
      try {
        understand(skeleton, 'm.onnx', { long: counted(bytes) });
      } catch (error) {
        assert.ok(error instanceof ProblemError, `seed ${seed}: ${String(error)}`);
      }
    }
  });
});
