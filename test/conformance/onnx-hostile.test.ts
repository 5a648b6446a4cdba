import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { controlFlowCases } from '../support/onnx-control-flow';
import { onnxModels } from '../support/onnx-models';
import { mutated } from '../support/onnx-mutations';
import { isaOfFile, readDamaged } from '../support/onnx-fuzz';
import { root } from '../support/project';

/** Share of the 20,000 files of scripts/fuzz-onnx.mjs that runs with every test run; TINYML_FUZZ=from:to runs another one. */
const [from, to] = (process.env.TINYML_FUZZ ?? '0:2000').split(':').map(Number);

describe('damaged and hostile ONNX files', function () {
  this.timeout(to - from > 5000 ? 3_600_000 : 400_000); // the limit that counts is each file's processor time

  it(`are read or refused, in bounded time and memory (seeds ${from} to ${to})`, () => {
    const sample = path.join(root, 'samples/gesture/gesture.onnx');
    const sources = [sample, ...onnxModels()].filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file));
    assert.ok(sources.length > 0, 'there is a model to damage');
    const wrong: string[] = [];
    for (let seed = from; seed < to; seed++) {
      const problem = readDamaged(mutated(sources[seed % sources.length], seed), `seed-${seed}`, isaOfFile(Math.floor(seed / sources.length)));
      if (problem) wrong.push(`seed ${seed}: ${problem}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('branches and loops, damaged (600 files)', () => {
    const wrong = Array.from({ length: 600 }, (_, seed) => readDamaged(mutated(controlFlowCases[seed % controlFlowCases.length].file, seed), `seed-${seed}`, isaOfFile(Math.floor(seed / controlFlowCases.length))));
    assert.deepEqual(wrong.filter(Boolean), []);
  });
});
