import assert from 'node:assert/strict';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { modelProto, type ModelProto } from '../../../src/engine/formats/onnx/schema';
import { decodeMessage } from '../../../src/engine/formats/onnx/wire';
import { CannotWrite } from '../../../src/engine/formats/onnx/mapping';
import { writeOnnx } from '../../../src/engine/formats/onnx/write';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { canonicalize } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { graph, modelFile, node, port, tensor, type ModelParts } from '../../support/onnx-builder';
import { Random } from '../../support/random';
import { randomBranches } from '../../support/random-branches';
import { randomInput } from '../../support/random-graph';

const read = (parts: ModelParts): Model => readOnnx(modelFile(parts), 'm.onnx').model;
const written = (model: Model): ModelProto => decodeMessage<ModelProto>(modelProto, writeOnnx(model).bytes);
const text = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes ?? []));

describe('writing ONNX', () => {
  it('keeps documentation, metadata, and attributes that nobody knows', () => {
    const proto = written(read({
      nodes: [node('Relu', ['x'], ['y'], { vendor_hint: 'fast' }, { name: 'first', docString: 'clips' })], inputs: [port('x', [1])], outputs: [port('y', [1])], doc: 'about this model', metadata: { labels: '["a"]' },
    }));
    assert.equal(proto.docString, 'about this model');
    assert.equal(proto.graph!.docString, 'about this model');
    assert.deepEqual(proto.metadataProps.map(({ key, value }) => [key, value]), [['labels', '["a"]']]);
    const [relu] = proto.graph!.node;
    assert.deepEqual([relu.name, relu.docString, relu.attribute.map((a) => [a.name, text(a.s)])], ['first', 'clips', [['vendor_hint', 'fast']]]);
  });

  it('writes layers that it does not understand as they came, under the operator set of their domain', () => {
    const proto = written(read({
      nodes: [node('Relu', ['x'], ['a']), node('Magic', ['a', '', 'w'], ['y', ''], { power: 9, mode: 'deep', table: tensor('', 'float32', [2], [1, 2]) }, { domain: 'acme' })],
      inputs: [port('x', [1])], outputs: [port('y', [1])], initializers: [tensor('w', 'float32', [1], [3])], domains: { acme: 3 },
    }));
    const magic = proto.graph!.node.find((n) => n.opType === 'Magic')!;
    assert.deepEqual([magic.domain, magic.input, magic.output], ['acme', ['a', '', 'w'], ['y', '']]);
    assert.deepEqual(magic.attribute.map((a) => [a.name, a.i, text(a.s), a.t?.dims]), [['power', 9, '', undefined], ['mode', undefined, 'deep', undefined], ['table', undefined, '', [2]]]);
    assert.ok(proto.opsetImport.some((set) => set.domain === 'acme' && set.version === 3));
  });

  it('writes branches with the names that outer values have now', () => {
    const branch = (op: string): ReturnType<typeof graph> => graph({ nodes: [node(op, ['outer', 'outer'], ['r'])], outputs: [port('r', [2])] });
    const model = canonicalize(read({
      nodes: [node('Identity', ['x'], ['outer']), node('If', ['c'], ['y'], { then_branch: branch('Mul'), else_branch: branch('Sub') })],
      inputs: [port('x', [2]), port('c', [], 'bool')], outputs: [port('y', [2])],
    }));
    const again = readOnnx(writeOnnx(model).bytes, 'm.onnx').model;
    const [result] = new Interpreter(again).run([tensorOf({ dtype: 'float32', shape: [2] }, [3, 4]), tensorOf({ dtype: 'bool', shape: [] }, [1])]);
    assert.deepEqual([...result.data], [9, 16]);
  });

  it('refuses to write a node under an operator set in which it means something else', () => {
    const model = read({ nodes: [node('Unsqueeze', ['x'], ['y'], { axes: [0] }), node('Squeeze', ['open'], ['z'], { axes: [0] })], inputs: [port('x', [2]), { name: 'open' }], outputs: [port('y', [1, 2]), port('z', ['n'])], opset: 11 });
    assert.throws(() => writeOnnx(model), CannotWrite);
  });

  it('turns images with channels last: the file computes what the model does', () => {
    let turned = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const model = randomBranches(new Random(seed));
      if (model.graph.nodes.every(({ attributes }) => attributes.layout !== 'nhwc')) continue;
      turned++;
      const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
      const input = tensorOf(type, randomInput(new Random(seed), type));
      const [want, got] = [model, canonicalize(readOnnx(writeOnnx(model).bytes, 'm.onnx').model)].map((m) => new Interpreter(m).run([input])[0]);
      assert.deepEqual(got.type.shape, want.type.shape);
      want.data.forEach((x, i) => assert.ok(Math.abs(x - got.data[i]) <= 1e-4 * (1 + Math.abs(x)), `seed ${seed}: ${x} ${got.data[i]}`));
    }
    assert.ok(turned > 20);
  });

  it('writes the same bytes for the same model', () => {
    const model = read({ nodes: [node('Conv', ['x', 'w'], ['y'])], inputs: [port('x', [1, 1, 3, 3])], outputs: [port('y', [1, 1, 1, 1])], initializers: [tensor('w', 'float32', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])] });
    assert.deepEqual(writeOnnx(model).bytes, writeOnnx(model).bytes);
  });
});
