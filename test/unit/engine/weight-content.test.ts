import assert from 'node:assert/strict';
import { planProgram } from '../../../src/engine/codegen/program';
import { GraphEditor } from '../../../src/engine/ir/edit';
import type { Model, TensorType } from '../../../src/engine/ir/types';
import { dense } from '../../../src/engine/ops/dense/op';

const WIDTH = 1000;

/** Dense layers of 1000 × 1000 weights of which one in `every` is not zero; counts how often weights are read. */
function model(layers: number, every: number): { model: Model; reads: () => number } {
  const editor = new GraphEditor('m');
  const row: TensorType = { dtype: 'float32', shape: [1, WIDTH] };
  const bytes = new Uint8Array(Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => (i % every ? 0 : 1 + i / 7)).buffer);
  let reads = 0;
  let last = editor.addValue('x', row);
  editor.inputs = [last];
  for (let i = 0; i < layers; i++) {
    const weights = editor.addValue(`w${i}`, { dtype: 'float32', shape: [WIDTH, WIDTH] }, { byteLength: bytes.length, bytes: () => (reads++, bytes) });
    const output = editor.addValue(`y${i}`, row);
    editor.addNode({ op: dense.name, name: `dense${i}`, inputs: [last, weights], outputs: [output] });
    last = output;
  }
  editor.outputs = [last];
  return { model: { name: 'm', format: 'onnx', fileBytes: 0, producer: '', rounding: 'onnx-float-half-even', graph: editor.finish(), metadata: new Map(), opsets: new Map() }, reads: () => reads };
}

const kernelFiles = (made: Model): string[] => [...new Set(planProgram(made, 'c99').steps.map(({ kernel }) => kernel?.header.file ?? 'none'))];

describe('weights that decide which kernel is chosen', () => {
  it('are skipped where most blocks of them are zero, and only there', () => {
    assert.deepEqual(kernelFiles(model(2, 16).model), ['tml_sparse.h']);
    // Half of them are zero, but no four in a row.
    assert.equal(kernelFiles(model(1, 2).model).includes('tml_sparse.h'), false);
    assert.equal(kernelFiles(model(1, 1).model).includes('tml_sparse.h'), false);
  });

  it('are read once each, and not at all where there are more than any microcontroller has: the file may be long', () => {
    const small = model(3, 16);
    kernelFiles(small.model);
    assert.equal(small.reads(), 3);
    const large = model(18, 16); // 72 MB
    assert.equal(kernelFiles(large.model).includes('tml_sparse.h'), false);
    assert.equal(large.reads(), 0);
  });
});
