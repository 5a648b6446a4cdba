import assert from 'node:assert/strict';
import { understand, type OpenModel } from '../../../src/app/model-file';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';

const wave = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.fround(Math.sin(1 + 0.37 * i)));

function model(pads: readonly number[], attributes: Record<string, string | number | number[]> = {}, value = 0, more: ReturnType<typeof node>[] = [], outputs = [port('y')]): Uint8Array {
  return modelFile({
    nodes: [node('Pad', ['x', 'pads', 'value'], ['p'], attributes), node('Conv', ['p', 'w'], ['y'], { pads: [1, 0, 0, 1], strides: [2, 1] }), ...more],
    initializers: [tensor('w', 'float32', [3, 2, 3, 2], wave(36)), tensor('pads', 'int64', [8], [...pads]), tensor('value', 'float32', [], [value])],
    inputs: [port('x', [1, 2, 6, 5])], outputs,
  });
}
const ops = (open: OpenModel): string[] => open.canonical.graph.nodes.map((n) => n.op);
const run = (form: Model): number[] => Array.from(new Interpreter(form).run([tensorOf(form.graph.values.get(form.graph.inputs[0])!.type as StaticType, wave(60))])[0].data);

describe('padding before a convolution', () => {
  it('becomes part of it: the same numbers, one layer', () => {
    const bytes = model([0, 0, 1, 2, 0, 0, 3, 0]);
    const open = understand(bytes, 'm.onnx');
    assert.deepEqual(ops(open), ['conv']);
    assert.deepEqual(open.canonical.graph.nodes[0].attributes.pads, [2, 2, 3, 1]);
    assert.deepEqual(open.canonical.graph.nodes[0].origin.map((origin) => origin.op), ['Pad', 'Conv']);
    assert.deepEqual(run(open.canonical), run(readOnnx(bytes, 'm.onnx').model));
  });

  it('stays where it is no padding of a convolution: other numbers, channels, mirrors, less than nothing, another reader', () => {
    for (const bytes of [
      model([0, 0, 1, 1, 0, 0, 1, 1], {}, 0.5), model([0, 0, 1, 1, 0, 0, 1, 1], { mode: 'reflect' }), model([0, 0, -1, 1, 0, 0, 1, 1]),
      model([0, 0, 1, 1, 0, 0, 1, 1], {}, 0, [node('Relu', ['p'], ['z'])], [port('y'), port('z')]),
    ]) assert.equal(ops(understand(bytes, 'm.onnx'))[0], 'pad');
    const channels = modelFile({
      nodes: [node('Pad', ['x', 'pads'], ['p']), node('Conv', ['p', 'w'], ['y'])], initializers: [tensor('w', 'float32', [3, 3, 1, 1], wave(9)), tensor('pads', 'int64', [8], [0, 1, 0, 0, 0, 0, 0, 0])],
      inputs: [port('x', [1, 2, 4, 4])], outputs: [port('y')],
    });
    assert.deepEqual(ops(understand(channels, 'm.onnx')), ['pad', 'conv']);
  });
});
