import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { writeTflite } from '../../../src/engine/formats/tflite/write';
import { printModel } from '../../../src/engine/ir/print';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { canonicalize } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { tfliteFile, type TestGraph } from '../../support/tflite-model';

const sample = (name: string): Model => canonicalize(readOnnx(new Uint8Array(fs.readFileSync(`samples/${name}`)), name).model);

function run(model: Model): number[] {
  const inputs = model.graph.inputs.map((id) => {
    const type = model.graph.values.get(id)!.type as StaticType;
    return tensorOf(type, Array.from({ length: type.shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)));
  });
  return new Interpreter(model).run(inputs).flatMap((tensor) => Array.from(tensor.data));
}

describe('writing TFLite', () => {
  for (const name of ['digits/digits.onnx', 'digits/digits-dense.onnx', 'gesture/gesture.onnx']) {
    it(`${name} keeps its outputs, labels and bytes from one writing to the next`, () => {
      const model = sample(name);
      const bytes = writeTflite(model);
      assert.deepEqual(writeTflite(model), bytes);
      const { model: again, problems } = readTflite(bytes, name);
      assert.deepEqual(problems, []);
      assert.equal(again.metadata.get('labels'), model.metadata.get('labels'));
      const wanted = run(model);
      run(again).forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-5, `${value} instead of ${wanted[i]}`));
    });
  }

  it('weights begin at multiples of 16 bytes', () => {
    const bytes = writeTflite(sample('digits/digits.onnx'));
    const { model } = readTflite(bytes, 'digits.tflite');
    const constants = [...model.graph.values.values()].flatMap((value) => (value.constant ? [value.constant.bytes()] : []));
    assert.ok(constants.length > 0);
    for (const constant of constants) assert.equal((constant.byteOffset - bytes.byteOffset) % 16, 0);
  });

  it('bounds that no fused activation has become operators of their own', () => {
    const model = sample('digits/digits.onnx');
    const nodes = model.graph.nodes.map((node) => (node.attributes.clampMin === 0 ? { ...node, attributes: { ...node.attributes, clampMax: 0.25 } } : node));
    const bounded = { ...model, graph: { ...model.graph, nodes } };
    const again = readTflite(writeTflite(bounded), 'bounded.tflite').model;
    assert.ok(again.graph.nodes.some((node) => node.op === 'min'));
    const wanted = run(bounded);
    run(again).forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-5));
  });

  it('an operator that is not understood goes back with its options', () => {
    const graph: TestGraph = {
      tensors: [{ name: 'x', shape: [2] }, { name: 'y', shape: [2] }],
      operators: [{ op: 'FAKE_QUANT', inputs: ['x'], outputs: ['y'], options: { numBits: 7 } }], inputs: ['x'], outputs: ['y'],
    };
    const { model } = readTflite(tfliteFile([graph]), 'test.tflite');
    const again = readTflite(writeTflite(model), 'test.tflite').model;
    assert.equal(model.graph.nodes[0].op, 'opaque');
    assert.equal(printModel(again), printModel(model));
    assert.equal(again.graph.nodes[0].attributes['tflite.numBits'], 7);
  });
});
