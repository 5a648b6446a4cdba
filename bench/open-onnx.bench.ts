// Time from a 100 MB ONNX file to a complete layer table, beside what onnxruntime needs to create a session for it, and the
// memory that reading adds over the size of the file. Every figure in a process of its own, three runs, medians.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspectModel } from '../src/app/inspect-model';
import { quietTask } from '../src/base/progress';
import { largeModel } from '../test/support/large-onnx';


interface Figures {
  readonly ms: number;
  readonly memoryOverFile: number;
}

async function measure(what: string, file: string): Promise<Figures> {
  global.gc?.();
  const before = process.memoryUsage().rss;
  const start = performance.now();
  if (what === 'ours') await inspectModel({ path: file }, quietTask);
  else await (await import('onnxruntime-node')).InferenceSession.create(file, { intraOpNumThreads: 2 });
  const ms = performance.now() - start;
  return { ms, memoryOverFile: (process.resourceUsage().maxRSS * 1024 - before) / fs.statSync(file).size };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main(): Promise<void> {
  const [, , what, file] = process.argv;
  if (what) return console.log(JSON.stringify(await measure(what, file)));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
  try {
    const model = path.join(folder, 'large.onnx');
    fs.writeFileSync(model, largeModel());
    const run = (kind: string): Figures => JSON.parse(execFileSync(process.execPath, ['--expose-gc', process.argv[1], kind, model], { encoding: 'utf8' })) as Figures;
    const rounds = [1, 2, 3].map(() => ({ ours: run('ours'), ort: run('ort') }));
    const ours = median(rounds.map((r) => r.ours.ms));
    const ort = median(rounds.map((r) => r.ort.ms));
    console.table({
      'layer table (ours)': { ms: Math.round(ours), 'memory / file size': Number(median(rounds.map((r) => r.ours.memoryOverFile)).toFixed(2)) },
      'InferenceSession.create': { ms: Math.round(ort), 'memory / file size': Number(median(rounds.map((r) => r.ort.memoryOverFile)).toFixed(2)) },
    });
    console.log(`${(fs.statSync(model).size / 1e6).toFixed(0)} MB; ours / onnxruntime = ${(ours / ort).toFixed(2)}`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main();
