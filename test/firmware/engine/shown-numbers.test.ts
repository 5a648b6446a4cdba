import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { directEngine } from '../../../src/app/engine-direct';
import { sectionBytes } from '../../support/elf-sections';
import { presentInspector } from '../../../src/host/present/inspector';
import { needHostCompiler } from '../../support/host-c';
import { root, sharedFile, temporaryFolder } from '../../support/project';

const models = [
  'samples/digits/digits.onnx', 'samples/gesture/gesture.onnx',
  'models/mlperf_tiny_resnet8_int8.tflite', 'models/mlperf_tiny_vww_mobilenetv1_025_int8.tflite', 'models/mlperf_tiny_kws_dscnn_int8.tflite', 'models/ultraface_slim_320.onnx',
];

/** What the inspector shows, against the compiled C: a compiler's own sizes, not ours. */
describe('the numbers shown and the compiled C', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => (folder = temporaryFolder('shown')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const model of models) {
    it(path.basename(model), async function () {
      const compiler = needHostCompiler(this);
      const file = model.startsWith('samples') ? path.join(root, model) : sharedFile(model);
      if (!file) return this.skip();
      const engine = directEngine();
      const out = path.join(folder, path.parse(model).name);
      const report = await engine.request('inspect', { path: file });
      const made = await engine.request('generate', { path: file, out });
      const view = presentInspector(report, undefined);

      // Each constant in a section of its own: sizes without the padding between them.
      execFileSync(compiler, ['-std=c99', '-O2', '-fdata-sections', '-c', `${made.name}_weights.c`, '-o', 'weights.o'], { cwd: out });
      assert.equal(sectionBytes(path.join(out, 'weights.o'), /^\.rodata/), view.totals.weightBytes, 'weights in the object file');

      const prefix = made.name.toUpperCase();
      fs.writeFileSync(path.join(out, 'arena.c'), `#include "${made.name}.h"\nunsigned char arena[${prefix}_ARENA_BYTES];\n`);
      execFileSync(compiler, ['-std=c99', '-c', 'arena.c', '-o', 'arena.o'], { cwd: out });
      assert.equal(sectionBytes(path.join(out, 'arena.o'), /^\.bss/), view.totals.ramBytes, 'the arena in the object file');
      assert.equal(view.layers.reduce((sum, layer) => sum + (layer.flashBytes ?? 0), 0), view.totals.weightBytes);
      assert.ok(view.arena.tensors.every((tensor) => tensor.offset + tensor.bytes <= view.arena.bytes));
    });
  }
});
