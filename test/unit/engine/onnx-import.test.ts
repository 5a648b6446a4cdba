import assert from 'node:assert/strict';
import { ProblemError } from '../../../src/base/problem';
import { readOnnx, type OnnxOptions } from '../../../src/engine/formats/onnx/read';
import { attributeType } from '../../../src/engine/formats/onnx/schema';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model } from '../../../src/engine/ir/types';
import { opaque } from '../../../src/engine/ops/opaque';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { graph, modelFile, modelFunction, node, port, tensor, type ModelParts } from '../../support/onnx-builder';

const read = (parts: ModelParts, options?: OnnxOptions): ReturnType<typeof readOnnx> => readOnnx(modelFile(parts), 'm.onnx', options);

/** Outputs for float inputs, in order. */
function run(model: Model, ...inputs: (readonly number[])[]): number[][] {
  const tensors = model.graph.inputs.map((id, i) => {
    const { type } = model.graph.values.get(id)!;
    return tensorOf({ ...type, shape: type.shape!.every((d) => d >= 0) ? type.shape! : [inputs[i].length] }, inputs[i]);
  });
  return new Interpreter(model).run(tensors).map((result) => Array.from(result.data));
}

const opaqueOps = (model: Model): unknown[] => model.graph.nodes.filter((n) => n.op === opaque.name).map((n) => n.attributes.sourceOp);

describe('reading ONNX', () => {
  it('takes functions of the model for what their bodies say, with attributes of the call', () => {
    const body = [
      node('Constant', [], ['slope'], { value_float: { reference: 'slope', type: attributeType.FLOAT } }),
      node('Mul', ['x', 'slope'], ['scaled']),
      node('Inner', ['scaled'], ['y'], {}, { domain: 'custom' }),
    ];
    const functions = [
      modelFunction('Outer', ['x'], ['y'], body, { attribute: ['slope'] }),
      modelFunction('Inner', ['x'], ['y'], [node('Add', ['x', 'x'], ['y'])]),
    ];
    const { model, problems } = read({
      nodes: [node('Outer', ['in'], ['out'], { slope: { float: 3 } }, { domain: 'custom', name: 'call' })], inputs: [port('in', [2])], outputs: [port('out', [2])], functions, domains: { custom: 1 },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(run(model, [1, 2]), [[6, 12]]);
    assert.deepEqual([...new Set(model.graph.nodes.map((n) => n.origin[0].name))], ['call'], 'all of it comes from the one call');
  });

  it('keeps functions that call each other for ever as one unknown layer', () => {
    const loop = modelFunction('Loop', ['x'], ['y'], [node('Loop', ['x'], ['y'], {}, { domain: 'custom' })]);
    const { model } = read({ nodes: [node('Loop', ['in'], ['out'], {}, { domain: 'custom' })], inputs: [port('in', [1])], outputs: [port('out', [1])], functions: [loop] });
    assert.equal(opaqueOps(model).length, 1);
  });

  it('stops at functions that double with every level', () => {
    const functions = Array.from({ length: 30 }, (_, i) => {
      const inner = i === 0 ? [node('Add', ['x', 'x'], ['y'])] : [node(`F${i - 1}`, ['x'], ['a'], {}, { domain: 'custom' }), node(`F${i - 1}`, ['a'], ['y'], {}, { domain: 'custom' })];
      return modelFunction(`F${i}`, ['x'], ['y'], inner);
    });
    const { model } = read({ nodes: [node('F29', ['in'], ['out'], {}, { domain: 'custom' })], inputs: [port('in', [1])], outputs: [port('out', [1])], functions });
    assert.ok(model.graph.nodes.length < 50_000);
    assert.ok(opaqueOps(model).length > 0);
  });

  it('follows the branch of an If whose condition is known, and both where it is not', () => {
    const branch = (op: string): ReturnType<typeof graph> => graph({ nodes: [node(op, ['x', 'outer'], ['r'])], outputs: [port('r', [2])] });
    const parts = (initializers: ModelParts['initializers'], inputs: ModelParts['inputs']): ModelParts => ({
      nodes: [node('Add', ['x', 'x'], ['outer']), node('If', ['c'], ['out'], { then_branch: branch('Mul'), else_branch: branch('Sub') })],
      inputs: [port('x', [2]), ...(inputs ?? [])], outputs: [port('out', [2])], initializers,
    });
    const known = read(parts([tensor('c', 'bool', [], [1])], []));
    assert.deepEqual(known.problems, []);
    assert.deepEqual(run(known.model, [2, 3]), [[8, 18]]);
    const varying = read(parts([], [port('c', [], 'bool')])).model;
    assert.deepEqual(varying.graph.nodes.map(({ op }) => op), ['add', 'if']);
    assert.deepEqual(run(varying, [2, 3], [1]), [[8, 18]]);
    assert.deepEqual(run(varying, [2, 3], [0]), [[-2, -3]]);
  });

  it('unrolls a Loop of known length over data that vary, and runs one of unknown length', () => {
    const body = graph({
      nodes: [node('Add', ['sum', 'x'], ['next']), node('Identity', ['next'], ['seen']), node('Identity', ['cond'], ['cond_out'])],
      inputs: [port('i', [], 'int64'), port('cond', [], 'bool'), port('sum', [2])], outputs: [port('cond_out', [], 'bool'), port('next', [2]), port('seen', [2])],
    });
    const parts = (fixed: boolean): ModelParts => ({
      nodes: [node('Loop', ['n', '', 'start'], ['last', 'all'], { body })], inputs: [port('x', [2]), ...(fixed ? [] : [port('n', [], 'int64')])], outputs: [port('last', [2]), port('all', ['n', 2])],
      initializers: [...(fixed ? [tensor('n', 'int64', [], [3])] : []), tensor('start', 'float32', [2], [0, 0])],
    });
    const unrolled = read(parts(true)).model;
    assert.deepEqual(opaqueOps(unrolled), []);
    assert.deepEqual(run(unrolled, [1, 10]), [[3, 30], [1, 10, 2, 20, 3, 30]]);
    const running = read(parts(false)).model;
    assert.deepEqual(running.graph.nodes.map(({ op }) => op), ['loop']);
    assert.deepEqual(run(running, [1, 10], [2]), [[2, 20], [1, 10, 2, 20]]);
    assert.deepEqual(run(running, [1, 10], [0])[0], [0, 0]);
  });

  it('spreads sparse initializers out', () => {
    const sparse = [{ values: tensor('w', 'float32', [2], [5, 7]), indices: tensor('', 'int64', [2, 2], [0, 1, 1, 0]), dims: [2, 2] }];
    const { model } = read({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs: [port('x', [2, 2])], outputs: [port('y', [2, 2])], sparse });
    assert.deepEqual(run(model, [0, 0, 0, 1]), [[0, 5, 7, 1]]);
  });

  it('takes an open batch for one and says so, asks for any other open size, and takes what it is given', () => {
    const parts: ModelParts = { nodes: [node('Relu', ['x'], ['y'])], inputs: [port('x', ['batch', 'length'])], outputs: [port('y', ['batch', 'length'])] };
    const open = read(parts);
    assert.deepEqual(open.problems.map(({ code, severity }) => [code, severity]), [['TINYML-ONNX-BOUND', 'info'], ['TINYML-ONNX-OPEN', 'warning']]);
    assert.match(open.problems[0].title, /batch = 1/);
    const x = open.model.graph.values.get(open.model.graph.inputs[0])!;
    assert.deepEqual([x.type.shape, x.axisNames], [[1, -1], ['batch', 'length']]);
    const bound = read(parts, { bindings: { batch: 2, 'x:1': 3 } });
    assert.deepEqual(bound.problems, []);
    assert.deepEqual(bound.model.graph.values.get(bound.model.graph.outputs[0])!.type.shape, [2, 3]);
    assert.deepEqual(run(open.model, [-1, 2]), [[0, 2]], 'the interpreter takes what comes');
  });

  it('makes a scalar input that is given a constant', () => {
    const parts: ModelParts = { nodes: [node('Mul', ['x', 'rate'], ['y'])], inputs: [port('x', [1]), port('rate', [])], outputs: [port('y', [1])] };
    const { model } = read(parts, { bindings: { rate: 4 } });
    assert.equal(model.graph.inputs.length, 1);
    assert.deepEqual(run(model, [2]), [[8]]);
  });

  it('keeps layers of other domains with their names and attributes', () => {
    const { model, problems } = read({ nodes: [node('Magic', ['x'], ['y'], { power: 9 }, { domain: 'acme' })], inputs: [port('x', [1])], outputs: [port('y', [1])], domains: { acme: 3 } });
    assert.deepEqual(opaqueOps(model), ['acme:Magic']);
    assert.equal(problems[0].code, 'TINYML-OP-UNKNOWN');
  });

  it('gives an output its name where the node behind it vanishes', () => {
    const { model } = read({ nodes: [node('Identity', ['x'], ['a']), node('Identity', ['x'], ['b']), node('Relu', ['x'], ['r']), node('Identity', ['r'], ['c'])], inputs: [port('x', [1])], outputs: [port('a', [1]), port('b', [1]), port('c', [1])] });
    assert.deepEqual(model.graph.outputs.map((id) => model.graph.values.get(id)!.name), ['a', 'b', 'c']);
    assert.equal(new Set(model.graph.outputs).size, 3);
  });
});

describe('hostile ONNX', () => {
  const bytesOf = (parts: ModelParts): number => {
    const before = process.memoryUsage().arrayBuffers;
    const { model } = read(parts);
    for (const value of model.graph.values.values()) value.constant?.bytes();
    return process.memoryUsage().arrayBuffers - before;
  };

  it('does not make gigabytes of a few bytes', () => {
    const bombs: ModelParts[] = [
      { nodes: [node('ConstantOfShape', ['s'], ['y'])], outputs: [port('y')], initializers: [tensor('s', 'int64', [3], [1000, 1000, 1000])] },
      { nodes: [node('Expand', ['v', 's'], ['y'])], outputs: [port('y')], initializers: [tensor('v', 'float32', [1], [1]), tensor('s', 'int64', [2], [100_000, 100_000])] },
      { nodes: [node('Tile', ['v', 's'], ['y'])], outputs: [port('y')], initializers: [tensor('v', 'float32', [1], [1]), tensor('s', 'int64', [1], [2 ** 40])] },
      { nodes: Array.from({ length: 40 }, (_, i) => node('Concat', [`v${i}`, `v${i}`], [`v${i + 1}`], { axis: 0 })), outputs: [port('v40')], initializers: [tensor('v0', 'float32', [64], new Array(64).fill(1))] },
      { nodes: [node('Range', ['a', 'b', 'c'], ['y'])], outputs: [port('y')], initializers: [tensor('a', 'int64', [], [0]), tensor('b', 'int64', [], [2 ** 50]), tensor('c', 'int64', [], [1])] },
    ];
    for (const [i, bomb] of bombs.entries()) assert.ok(bytesOf(bomb) < 64 * 2 ** 20, `bomb ${i}`);
  });

  it('reads constants through long chains without running out of stack', () => {
    const count = 5000;
    const nodes = Array.from({ length: count }, (_, i) => node('Neg', [`v${i}`], [`v${i + 1}`]));
    const { model } = read({ nodes, outputs: [port(`v${count}`)], initializers: [tensor('v0', 'float32', [2], [1, 2])] });
    assert.deepEqual(run(model), [[1, 2]]);
  });

  it('refuses cycles, doubled values and missing ones as problems', () => {
    const wrong: ModelParts[] = [
      { nodes: [node('Add', ['a', 'x'], ['b']), node('Add', ['b', 'x'], ['a'])], inputs: [port('x', [1])], outputs: [port('a', [1])] },
      { nodes: [node('Relu', ['x'], ['y']), node('Relu', ['x'], ['y'])], inputs: [port('x', [1])], outputs: [port('y', [1])] },
      { nodes: [node('Relu', ['nowhere'], ['y'])], outputs: [port('y', [1])] },
      { nodes: [node('Relu', ['x'], ['y'])], inputs: [port('x', [1])], outputs: [port('z', [1])] },
      { nodes: [], outputs: [], initializers: [{ ...tensor('w', 'float32', [1], [1]), dims: [1_000_000_000] }] },
      { nodes: [], outputs: [], initializers: [{ ...tensor('w', 'float32', [1], [1]), dims: [-4] }] },
    ];
    for (const parts of wrong) assert.throws(() => read(parts), ProblemError);
  });

  it('sorts nodes that come out of order', () => {
    const { model } = read({ nodes: [node('Relu', ['b'], ['y']), node('Neg', ['x'], ['b'])], inputs: [port('x', [2])], outputs: [port('y', [2])] });
    assert.deepEqual(run(model, [1, -1]), [[0, 1]]);
  });
});
