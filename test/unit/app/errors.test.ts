import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError, type Problem } from '../../../src/base/problem';
import { quietTask, type Task } from '../../../src/base/progress';
import { AbortLike } from '../../../src/base/rpc';
import { compressModel } from '../../../src/app/compress-model';
import { directEngine } from '../../../src/app/engine-direct';
import { generateCode } from '../../../src/app/generate-code';
import { inspectModel } from '../../../src/app/inspect-model';
import { runOnBoard } from '../../../src/app/run-on-board';
import { floatInfo, floatTensor, nodeProto, onnxFile } from '../../support/onnx-file';
import { root, temporaryFolder } from '../../support/project';

const digits = path.join(root, 'samples/digits/digits.onnx');

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ProblemError, `expected a problem, got ${String(error)}`);
    return [error.problem, ...error.others];
  }
  return assert.fail('expected a problem, but it went well');
}

describe('what goes wrong is a problem with a way out, and leaves no partial file', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder('errors')));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, bytes: Uint8Array | string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, bytes);
    return file;
  };
  const expect = async (work: Promise<unknown>, code: string, pattern?: RegExp): Promise<void> => {
    const [problem] = await problemsOf(work);
    assert.equal(problem.code, code, problem.title);
    assert.ok(problem.fixes[0].title.length > 5);
    if (pattern) assert.match(`${problem.title}\n${problem.detail ?? ''}`, pattern);
  };
  const files = (): string[] => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

  it('an empty file', () => expect(inspectModel({ path: write('a.onnx', '') }, quietTask), 'TINYML-FILE-EMPTY'));
  it('no file', () => expect(inspectModel({ path: path.join(folder, 'none.onnx') }, quietTask), 'TINYML-FILE-MISSING'));
  it('a Git LFS pointer', () => expect(inspectModel({ path: write('a.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n') }, quietTask), 'TINYML-FILE-LFS'));
  it('a text file', async () => {
    const [problem] = await problemsOf(inspectModel({ path: write('a.onnx', 'hello, this is no model at all\n') }, quietTask));
    assert.match(problem.code, /^TINYML-ONNX-(TRUNCATED|FORMAT)$/);
  });

  it('a file cut off anywhere', async () => {
    const bytes = fs.readFileSync(digits);
    for (let length = 1; length < bytes.length; length += 97) {
      const file = write('cut.onnx', bytes.subarray(0, length));
      try {
        await inspectModel({ path: file }, quietTask);
      } catch (error) {
        assert.ok(error instanceof ProblemError, `cut at ${length}: ${String(error)}`);
      }
    }
    await expect(inspectModel({ path: write('half.onnx', bytes.subarray(0, bytes.length >> 1)) }, quietTask), 'TINYML-ONNX-TRUNCATED', /byte \d+ of \d+/);
  });

  it('a tensor that is not as long as it says', () =>
    expect(
      inspectModel({ path: write('a.onnx', onnxFile({ node: [nodeProto('Add', ['x', 'w'], ['y'])], initializer: [floatTensor('w', [2, 3], [1, 2])], input: [floatInfo('x', [2, 3])], output: [floatInfo('y', [2, 3])] })) }, quietTask),
      'TINYML-ONNX-TENSOR', /needs 6 values.*has 2/));

  it('a cycle, and an input that nothing makes', async () => {
    const cycle = onnxFile({ node: [nodeProto('Relu', ['b'], ['a']), nodeProto('Relu', ['a'], ['b'])], output: [floatInfo('a', [1])] });
    await expect(inspectModel({ path: write('a.onnx', cycle) }, quietTask), 'TINYML-ONNX-GRAPH', /cycle/);
    const loose = onnxFile({ node: [nodeProto('Relu', ['nowhere'], ['a'])], output: [floatInfo('a', [1])] });
    await expect(inspectModel({ path: write('b.onnx', loose) }, quietTask), 'TINYML-ONNX-GRAPH', /nowhere/);
  });

  const unknownOps = (): string =>
    write('odd.onnx', onnxFile({
      node: [nodeProto('Relu', ['x'], ['a']), nodeProto('Frobnicate', ['a'], ['b'], [], 'com.example'), nodeProto('Twist', ['b'], ['y'], [], 'com.example')],
      input: [floatInfo('x', [1, 4])], output: [floatInfo('y', [1, 4])], valueInfo: [floatInfo('b', [1, 4])],
    }));

  it('unknown ops: the model opens, they are named and not counted, totals are lower bounds', async () => {
    const report = await inspectModel({ path: unknownOps() }, quietTask);
    assert.deepEqual(report.uncounted.map((u) => u.op), ['com.example:Frobnicate', 'com.example:Twist']);
    assert.equal(report.totals.lowerBound, true);
    assert.deepEqual(report.problems.map((p) => p.code), ['TINYML-OP-UNKNOWN', 'TINYML-OP-UNKNOWN']);
    assert.equal(report.layers.length, 3);
  });

  it('unknown ops: generating names all of them at once and writes nothing', async () => {
    const file = unknownOps();
    const before = files();
    const problems = await problemsOf(generateCode({ path: file }, quietTask));
    assert.deepEqual(problems.map((p) => p.code), ['TINYML-CODEGEN-OP', 'TINYML-CODEGEN-OP']);
    assert.deepEqual(problems.map((p) => p.title.includes('Frobnicate') || p.title.includes('Twist')), [true, true]);
    assert.deepEqual(files(), before);
  });

  const copyDigits = (): string => {
    fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, 'digits.npz'));
    return write('digits.onnx', fs.readFileSync(digits));
  };

  it('a quantization that is cancelled at any stage leaves no file', async () => {
    const file = copyDigits();
    const stages = new Set<string>();
    const method = ['equalize', 'reconstruct', 'tune'] as const;
    await compressModel({ path: file, quantize: 'int8', method, out: path.join(folder, 'whole.onnx') }, { ...quietTask, progress: ({ stage }) => void stages.add(stage) });
    fs.rmSync(path.join(folder, 'whole.onnx'));
    assert.ok(stages.has('Calibrating') && stages.has('Testing the smaller model'), [...stages].join());
    const before = files();
    for (const stage of stages) {
      const signal = new AbortLike();
      const task: Task = { ...quietTask, signal, progress: (progress) => void (progress.stage === stage && signal.abort()) };
      await assert.rejects(compressModel({ path: file, quantize: 'int8', method }, task), CancelledError, stage);
      assert.deepEqual(files(), before, stage);
    }
  });

  it('a quantized model is not quantized again, and an output is never overwritten', async () => {
    const file = copyDigits();
    const { out } = await compressModel({ path: file, quantize: 'int8', method: [] }, quietTask);
    assert.equal(path.basename(out), 'digits.int8.onnx');
    await expect(compressModel({ path: out, quantize: 'int8' }, quietTask), 'TINYML-QUANT-AGAIN');
    const again = await compressModel({ path: file, quantize: 'int8', method: [] }, quietTask);
    assert.equal(path.basename(again.out), 'digits.int8-2.onnx');
    await expect(compressModel({ path: file, quantize: 'int8', out }, quietTask), 'TINYML-OUT-EXISTS');
    await expect(compressModel({ path: file, quantize: 'int8', out: file, replace: true }, quietTask), 'TINYML-OUT-EXISTS');
    assert.deepEqual(fs.readFileSync(file), fs.readFileSync(digits));
    assert.deepEqual(fs.readFileSync(again.out), fs.readFileSync(out));
  });

  it('no data, and data that does not fit', async () => {
    const file = write('digits.onnx', fs.readFileSync(digits));
    await expect(compressModel({ path: file, quantize: 'int8' }, quietTask), 'TINYML-NO-DATA', /digits\.npz/);
    const other = path.join(root, 'samples/gesture/gesture.npz');
    await expect(compressModel({ path: file, quantize: 'int8', data: other }, quietTask), 'TINYML-DATA', /3×64.*1×1×8×8/);
    await expect(compressModel({ path: file, quantize: 'int8', data: write('x.npz', 'no zip') }, quietTask), 'TINYML-DATA');
    await expect(compressModel({ path: file, quantize: 'int8', data: write('x.txt', '1,2') }, quietTask), 'TINYML-DATA', /\.npz/);
    assert.deepEqual(files(), ['digits.onnx', 'x.npz', 'x.txt']);
  });

  it('a tinyml.json that is no JSON', async () => {
    const file = write('digits.onnx', fs.readFileSync(digits));
    write('tinyml.json', '{ "models": ');
    await expect(inspectModel({ path: file }, quietTask), 'TINYML-PROJECT-FILE');
  });

  it('sources of the user are not overwritten', async () => {
    const file = write('digits.onnx', fs.readFileSync(digits));
    const out = path.join(folder, 'src');
    fs.mkdirSync(out);
    write('src/digits.c', 'int mine;\n');
    await expect(generateCode({ path: file, out, replace: true }, quietTask), 'TINYML-OUT-FOREIGN');
    assert.equal(fs.readFileSync(path.join(out, 'digits.c'), 'utf8'), 'int mine;\n');
    assert.deepEqual(fs.readdirSync(out), ['digits.c']);
  });

  it('a missing compiler names the package, before anything is built', async () => {
    const file = copyDigits();
    const run = (boardId: string): Promise<unknown> =>
      runOnBoard({ path: file, boardId }, { engine: directEngine(), programs: { avrSimulator: '' }, buildRoot: path.join(folder, 'build'), env: { PATH: path.join(folder, 'empty') } }, quietTask, () => {});
    for (const boardId of ['host', 'uno-sim', 'm4-sim']) {
      const [problem] = await problemsOf(run(boardId));
      assert.match(problem.code, /^TINYML-TOOL/);
      assert.ok(problem.fixes.some((fix) => fix.shell !== undefined || fix.url !== undefined || /install/i.test(fix.title)), boardId);
    }
    assert.deepEqual(files(), ['digits.npz', 'digits.onnx']);
    await expect(run('no-such-board'), 'TINYML-CHOICE', /host/);
  });
});
