import assert from 'node:assert/strict';
import path from 'node:path';
import { inspectModel } from '../../../../src/app/inspect-model';
import { openModel } from '../../../../src/app/model-file';
import { readGeneratedHeader, readGeneratedSource } from '../../../../src/app/sources/generated-c';
import { quietTask } from '../../../../src/base/progress';
import { emitModel } from '../../../../src/engine/codegen/emit';
import { planProgram } from '../../../../src/engine/codegen/program';
import { root } from '../../../support/project';

describe('what generated C says of itself', () => {
  const file = path.join(root, 'samples/digits/digits.onnx');

  it('is its model by name and hash, and the calls of each layer', async () => {
    for (const isa of ['c99', 'dsp'] as const) {
      const program = planProgram((await openModel(file, quietTask)).lowered, isa);
      const emitted = emitModel(program, 'digits');
      const text = emitted.files.find((each) => each.path === 'digits.c')!.text;
      const source = readGeneratedSource(text)!;
      const { model } = await inspectModel({ path: file, isa, withHash: true }, quietTask);
      assert.deepEqual([source.name, source.from, source.isa, source.hash], ['digits', 'digits.onnx', isa, emitted.modelHash]);
      assert.equal(model.hash, source.hash);
      assert.deepEqual(source.layers.map(({ index }) => index), program.steps.map(({ index }) => index));
      const lines = text.split('\n');
      for (const { firstLine, lastLine, commentLine, index } of source.layers) {
        assert.ok(commentLine < firstLine && firstLine <= lastLine);
        assert.match(lines[firstLine], /^ {2}tml_\w+\(/);
        assert.match(lines[lastLine + 1], new RegExp(`TML_LAYER_END\\(${index},`));
      }
    }
  });

  it('is, in the header, inputs with scale and zero point', async () => {
    const program = planProgram((await openModel(file, quietTask)).lowered, 'c99');
    const header = readGeneratedHeader(emitModel(program, 'digits').files.find((each) => each.path === 'digits.h')!.text);
    assert.deepEqual(header, { name: 'digits', inputs: [{ index: 0, type: 'float', scale: undefined, zeroPoint: undefined }] });
  });

  it('is nothing where a file is someone else\'s', () => {
    assert.equal(readGeneratedSource('int main(void) { return 0; }\n'), undefined);
    assert.equal(readGeneratedHeader('#define SMALL_INPUT_0_SCALE 0.5f\n'), undefined);
  });
});
