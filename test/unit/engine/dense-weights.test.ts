import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { understand, type OpenModel } from '../../../src/app/model-file';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { planProgram } from '../../../src/engine/codegen/program';
import { realValues, tensorOf } from '../../../src/engine/ir/tensor';
import type { StaticType } from '../../../src/engine/ir/types';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';
import { temporaryFolder } from '../../support/project';

const wave = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.fround(Math.sin(1 + 0.37 * i)));
const ops = (open: OpenModel): string[] => open.lowered.graph.nodes.map((n) => n.op);
const read = (nodes: ReturnType<typeof node>[], initializers: ReturnType<typeof tensor>[]): OpenModel =>
  understand(modelFile({ nodes, initializers, inputs: [port('x', [1, 5, 8])], outputs: [port('y', [1, 5, 4])] }), 'm.onnx');
const run = (open: OpenModel, x: readonly number[]): number[] => {
  const { graph } = open.canonical;
  return Array.from(realValues(new Interpreter(open.canonical).run([tensorOf(graph.values.get(graph.inputs[0])!.type as StaticType, x)])[0]));
};

/** x, w and y under scales, as onnxruntime's quantizer writes a product: `stored` is the part that gives w. */
const qdq = (stored: ReturnType<typeof node>[]): ReturnType<typeof node>[] => [
  node('QuantizeLinear', ['x', 'sx', 'z'], ['xc']), node('DequantizeLinear', ['xc', 'sx', 'z'], ['xr']), ...stored,
  node('MatMul', ['xr', 'wr'], ['p']), node('QuantizeLinear', ['p', 'sy', 'z'], ['yc']), node('DequantizeLinear', ['yc', 'sy', 'z'], ['y']),
];
const scales = [tensor('sx', 'float32', [], [1 / 127]), tensor('sy', 'float32', [], [0.05]), tensor('z', 'int8', [], [0]), tensor('sw', 'float32', [4], [0.01, 0.011, 0.012, 0.013]), tensor('zw', 'int8', [4], [0, 0, 0, 0])];
const codes = wave(32).map((w) => Math.round(90 * w));

describe('products with known weights', () => {
  it('a row of MatMul and Add is one dense layer with a bias, also where the rows have two axes', () => {
    const open = read([node('MatMul', ['x', 'w'], ['p']), node('Add', ['b', 'p'], ['y'])], [tensor('w', 'float32', [8, 4], wave(32)), tensor('b', 'float32', [1, 1, 4], [1, 2, 3, 4])]);
    assert.deepEqual(ops(open), ['dense']);
    assert.deepEqual(open.lowered.graph.nodes[0].origin.map((origin) => origin.op), ['MatMul', 'Add']);
    assert.deepEqual(planProgram(open.lowered, 'c99').refusals, []);
  });

  it('an addend that is no bias stays an addition: other shapes, another reader, a product that is an output', () => {
    const w = tensor('w', 'float32', [8, 4], wave(32));
    const sum = [node('MatMul', ['x', 'w'], ['p']), node('Add', ['p', 'b'], ['y'])];
    assert.deepEqual(ops(read(sum, [w, tensor('b', 'float32', [5, 1], wave(5))])), ['dense', 'add']);
    assert.deepEqual(ops(read(sum, [w, tensor('b', 'float32', [1, 5, 4], wave(20))])), ['dense', 'add']);
    const twice = [node('MatMul', ['x', 'w'], ['p']), node('Add', ['p', 'b'], ['q']), node('Mul', ['q', 'p'], ['y'])];
    assert.deepEqual(ops(read(twice, [w, tensor('b', 'float32', [4], wave(4))])), ['dense', 'add', 'mul']);
  });

  it('stored codes, turned before or after they are made real, give one int8 layer, whose numbers are those of the nodes', () => {
    const direct = read(qdq([node('DequantizeLinear', ['w', 'sw', 'zw'], ['wr'], { axis: 1 })]), [...scales, tensor('w', 'int8', [8, 4], codes)]);
    const rows = Array.from({ length: 32 }, (_, i) => codes[(i % 8) * 4 + Math.floor(i / 8)]);
    const turned = read(qdq([node('DequantizeLinear', ['w', 'sw', 'zw'], ['wt'], { axis: 0 }), node('Transpose', ['wt'], ['wr'], { perm: [1, 0] })]), [...scales, tensor('w', 'int8', [4, 8], rows)]);
    const x = wave(40);
    const weights = codes.map((code, i) => code * [0.01, 0.011, 0.012, 0.013][i % 4]);
    const want = Array.from({ length: 20 }, (_, i) => {
      const sum = Array.from({ length: 8 }, (__, k) => (Math.round(127 * x[Math.floor(i / 4) * 8 + k]) / 127) * weights[k * 4 + (i % 4)]).reduce((a, b) => a + b);
      return Math.round(sum / 0.05) * 0.05;
    });
    for (const open of [direct, turned]) {
      assert.deepEqual(ops(open), ['dense']);
      assert.deepEqual(planProgram(open.lowered, 'c99').refusals, []);
      run(open, x).forEach((value, i) => assert.ok(Math.abs(value - want[i]) < 0.0501, `${i}: ${value}, ${want[i]}`));
    }
    assert.deepEqual(run(direct, x), run(turned, x));
  });

  it('quantized and written by us, the layer comes back as one int8 layer with its bias', async () => {
    const folder = temporaryFolder('dense-weights');
    try {
      const source = path.join(folder, 'm.onnx');
      fs.writeFileSync(source, modelFile({
        nodes: [node('MatMul', ['x', 'w'], ['p']), node('Add', ['p', 'b'], ['y'])], initializers: [tensor('w', 'float32', [8, 4], wave(32)), tensor('b', 'float32', [4], [1, 2, 3, 4])],
        inputs: [port('x', [1, 5, 8])], outputs: [port('y', [1, 5, 4])],
      }));
      const out = path.join(folder, 'm.int8.onnx');
      await compressModel({ path: source, quantize: 'int8', method: [], dataFree: { min: -1, max: 1 }, out }, quietTask);
      const open = understand(new Uint8Array(fs.readFileSync(out)), out);
      assert.deepEqual(ops(open), ['dense']);
      assert.equal(open.lowered.graph.values.get(open.lowered.graph.outputs[0])!.type.dtype, 'int8');
      assert.equal(open.lowered.graph.nodes[0].inputs.length, 3);
      assert.deepEqual(planProgram(open.lowered, 'c99').refusals, []);
      const float = understand(new Uint8Array(fs.readFileSync(source)), source);
      const [want, got] = [float, open].map((model) => run(model, wave(40)));
      const step = open.lowered.graph.values.get(open.lowered.graph.outputs[0])!.type.quantization!.scale[0];
      got.forEach((value, i) => assert.ok(Math.abs(value - want[i]) <= 2 * step, `${i}: ${value}, ${want[i]}`));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('with an input of open size nothing is quantized, and the problem says how to set it', async () => {
    const folder = temporaryFolder('open-size');
    try {
      const source = path.join(folder, 'm.onnx');
      fs.writeFileSync(source, modelFile({ nodes: [node('MatMul', ['x', 'w'], ['y'])], initializers: [tensor('w', 'float32', [8, 4], wave(32))], inputs: [port('x', ['length', 8])], outputs: [port('y', ['length', 4])] }));
      const refused = (error: unknown): boolean => error instanceof ProblemError && error.problem.code === 'TINYML-QUANT-OPEN-SIZE';
      await assert.rejects(compressModel({ path: source, quantize: 'int8', dataFree: { min: -1, max: 1 }, out: path.join(folder, 'out.onnx') }, quietTask), refused);
      assert.deepEqual(fs.readdirSync(folder), ['m.onnx']);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
