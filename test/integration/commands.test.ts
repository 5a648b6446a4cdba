import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompressReport, GenerateReport } from '../../src/app/engine-contract';
import type { RunSummary } from '../../src/app/run-contract';
import type { VerifyReport } from '../../src/app/verify/verify-contract';
import { EngineClient } from '../../src/app/worker/client';
import { CancelledError } from '../../src/base/cancel';
import { silentLog } from '../../src/base/log';
import type { DoctorReport } from '../../src/host/commands/doctor';
import { closeAll, filesIn, readSample, sample, workspaceFolder } from './editor';

const run = <T>(id: string, ...args: readonly unknown[]): Promise<T | undefined> => Promise.resolve(vscode.commands.executeCommand<T | undefined>(id, ...args));

/** The labelled test samples of the digits data set: y_test of samples/digits/digits.npz. */
const DIGITS_TEST_SAMPLES = 360;

describe('commands', () => {
  afterEach(closeAll);

  it('quantize writes an int8 model beside the float one, measured before and after', async () => {
    const source = readSample('digits/digits.onnx');
    const report = await run<CompressReport>('tinyml.quantize', sample('digits/digits.onnx'));
    assert.ok(report);
    assert.equal(report.out, sample('digits/digits.int8.onnx').fsPath);
    assert.equal(report.before.accuracy?.total, DIGITS_TEST_SAMPLES);
    assert.equal(report.after.accuracy?.total, DIGITS_TEST_SAMPLES);
    assert.ok(report.after.accuracy.right > DIGITS_TEST_SAMPLES * 0.9);
    assert.ok(report.after.flashBytes < report.before.flashBytes);
    assert.deepEqual(readSample('digits/digits.onnx'), source, 'the model itself is never touched');
  });

  it('quantize again keeps both, or replaces when told to', async () => {
    const first = readSample('digits/digits.int8.onnx');
    const kept = await run<CompressReport>('tinyml.quantize', sample('digits/digits.onnx'), { existing: 'keep-both' });
    assert.ok(kept && kept.out !== sample('digits/digits.int8.onnx').fsPath);
    assert.deepEqual(fs.readFileSync(kept.out), first, 'same input, same options, same bytes');
    fs.rmSync(kept.out);
    fs.writeFileSync(sample('digits/digits.int8.onnx').fsPath, 'old');
    const replaced = await run<CompressReport>('tinyml.quantize', sample('digits/digits.onnx'), { existing: 'replace' });
    assert.equal(replaced?.out, sample('digits/digits.int8.onnx').fsPath);
    assert.deepEqual(readSample('digits/digits.int8.onnx'), first);
  });

  it('generate writes C sources and opens header and source', async () => {
    const report = await run<GenerateReport>('tinyml.generateC', sample('digits/digits.int8.onnx'));
    assert.ok(report);
    assert.equal(report.directory, sample('digits/digits.int8-c').fsPath);
    assert.deepEqual(filesIn(report.directory), report.files.map((file) => file.path).sort());
    const open = vscode.workspace.textDocuments.map((document) => path.basename(document.fileName));
    assert.ok(open.includes(`${report.name}.h`) && open.includes(`${report.name}.c`), open.join());
    assert.equal(path.basename(vscode.window.activeTextEditor!.document.fileName), `${report.name}.c`);
  });

  it('generate replaces what it wrote, and no file of the user', async () => {
    const folder = sample('digits/digits.int8-c').fsPath;
    const own = path.join(folder, 'main.c');
    fs.writeFileSync(own, 'int main(void) { return 0; }\n');
    const report = await run<GenerateReport>('tinyml.generateC', sample('digits/digits.int8.onnx'), { replace: true });
    assert.ok(report);
    assert.equal(fs.readFileSync(own, 'utf8'), 'int main(void) { return 0; }\n');
  });

  it('a corrupt model gives a problem and leaves no partial file', async () => {
    fs.writeFileSync(sample('corrupt.onnx').fsPath, readSample('digits/digits.onnx').subarray(0, 5000));
    fs.writeFileSync(sample('empty.onnx').fsPath, '');
    const before = filesIn(workspaceFolder());
    for (const file of ['corrupt.onnx', 'empty.onnx']) {
      for (const command of ['tinyml.quantize', 'tinyml.generateC']) assert.equal(await run(command, sample(file), { data: sample('digits/digits.npz').fsPath }), undefined, `${command} ${file}`);
      assert.equal(await run('tinyml.flash', sample(file), { board: 'host' }), undefined);
    }
    assert.deepEqual(filesIn(workspaceFolder()), before);
  });

  it('flash runs the model on this computer: every output equals the host\'s', async function () {
    this.timeout(120_000);
    const summary = await run<RunSummary>('tinyml.flash', sample('digits/digits.int8.onnx'), { board: 'host', limit: 40 });
    assert.ok(summary);
    assert.deepEqual({ samples: summary.samples, labelled: summary.labelled, equal: summary.equal }, { samples: 40, labelled: 40, equal: 40 });
    assert.ok(summary.right >= 36);
  });

  it('a recording played in the place of a sensor runs through the window on the board: every output equals the host\'s', async function () {
    this.timeout(120_000);
    const summary = await run<RunSummary>('tinyml.sense', sample('gesture/gesture.onnx'), { board: 'host', data: sample('gesture/gesture.npz').fsPath, sensor: { id: 'accelerometer', flatOut: true } });
    assert.ok(summary && summary.samples > 100);
    assert.deepEqual([summary.compared, summary.equal], [summary.samples, summary.samples]);
  });

  it('verify compares float host, int8 host and this computer as a board, down to the layers', async function () {
    this.timeout(120_000);
    const report = await run<VerifyReport>('tinyml.verify', sample('digits/digits.int8.onnx'), { board: 'host', limit: 20 });
    assert.ok(report);
    assert.deepEqual([report.equal, report.bytes, report.labels.hostAndFloat?.of], [true, { equal: 20, of: 20 }, 20]);
    assert.equal(report.traced?.equal, report.layers.length);
  });

  it('doctor names the tools of every board, or how to get them', async () => {
    const report = await run<DoctorReport>('tinyml.doctor');
    assert.ok(report && report.boards.length >= 3);
    for (const { id, tools, problems } of report.boards) {
      assert.ok(tools.length + problems.length > 0, id);
      for (const problem of problems) assert.ok(problem.fixes.some((fix) => fix.shell ?? fix.url), id);
    }
  });
});

describe('a cancelled request to the engine', () => {
  it('ends as cancelled at every stage and leaves no file', async () => {
    const engine = new EngineClient(path.join(process.env.TINYML_ROOT!, 'dist', 'cli.js'), silentLog);
    const before = filesIn(workspaceFolder());
    const out = sample('digits/cancelled.int8.onnx').fsPath;
    try {
      const stages: string[] = [];
      for (let wanted = 0; wanted < 3; wanted++) {
        const abort = new AbortController();
        let reports = 0;
        const progress = ({ stage }: { stage: string }): void => {
          if (reports++ === wanted) (stages.push(stage), abort.abort());
        };
        const work = engine.request('compress', { path: sample('digits/digits.onnx').fsPath, quantize: 'int8', out }, { signal: abort.signal, progress });
        await assert.rejects(work, CancelledError);
      }
      assert.equal(stages.length, 3);
      assert.deepEqual(filesIn(workspaceFolder()), before);
    } finally {
      engine.dispose();
    }
  });
});
