import assert from 'node:assert/strict';
import { ProblemError } from '../../../src/base/problem';
import { optionsOf, operatorNames } from '../../../src/engine/formats/tflite/operators';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { schema } from '../../../src/engine/formats/tflite/schema';
import { constantTensor, tensorOf, type Tensor } from '../../../src/engine/ir/tensor';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { floats, ints, tfliteFile, type TestGraph, type TestTensor } from '../../support/tflite-model';

/** Outputs of a one-operator model for one float input. */
function evaluate(graph: TestGraph, input: readonly number[], more: readonly TestGraph[] = []): number[][] {
  const { model, problems } = readTflite(tfliteFile([graph, ...more]), 'test.tflite');
  assert.deepEqual(problems, []);
  assert.deepEqual(verifyGraph(model.graph), []);
  const type = model.graph.values.get(model.graph.inputs[0])!.type;
  return new Interpreter(model).run([tensorOf(type as Tensor['type'], input)]).map((tensor) => Array.from(tensor.data));
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const x = (...shape: number[]): TestTensor => ({ name: 'x', shape });
const y = (...shape: number[]): TestTensor => ({ name: 'y', shape });
const numbers = (name: string, ...values: number[]): TestTensor => ({ name, type: 'int32', shape: [values.length], data: ints(...values) });

describe('TFLite operators', () => {
  it('knows the options table of every operator that has one', () => {
    assert.equal(operatorNames[147], 'BUCKETIZE');
    for (const op of ['CONV_2D', 'SPLIT_V', 'RESIZE_NEAREST_NEIGHBOR', 'MEAN', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'PADV2', 'TOPK_V2', 'L2_POOL_2D', 'SELECT_V2']) {
      assert.ok(schema.tables.has(optionsOf(op)), `${op}: ${optionsOf(op)}`);
    }
  });

  it('codes in blocks have a scheme of their own: the layer is opaque, the file is read', () => {
    const weights: TestTensor = {
      name: 'w', type: 'int8', shape: [1, 4], data: Int8Array.of(1, 2, 3, 4),
      extra: { quantization: { scale: [1], zeroPoint: [0], details: { member: 2, table: { scales: 0, zeroPoints: -1, blockSize: 2 } } } },
    };
    const graph = { tensors: [x(1, 4), weights, y(1, 1)], operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w'], outputs: ['y'], options: {} }], inputs: ['x'], outputs: ['y'] };
    const { model, problems } = readTflite(tfliteFile([graph]), 'test.tflite');
    assert.deepEqual(problems.map((problem) => problem.detail), ['an input that holds no numbers']);
    assert.deepEqual(model.graph.nodes.map((node) => node.op), ['opaque']);
  });

  it('STRIDED_SLICE: masks, negative steps, new and dropped axes', () => {
    const slice = (shape: number[], begin: number[], end: number[], strides: number[], options: Record<string, number>, result: number[]): number[] =>
      evaluate(
        {
          tensors: [x(...shape), numbers('begin', ...begin), numbers('end', ...end), numbers('strides', ...strides), y(...result)],
          operators: [{ op: 'STRIDED_SLICE', inputs: ['x', 'begin', 'end', 'strides'], outputs: ['y'], options }], inputs: ['x'], outputs: ['y'],
        },
        count(shape.reduce((a, b) => a * b)),
      )[0];
    assert.deepEqual(slice([2, 3], [0, 1], [2, 3], [1, 1], {}, [2, 2]), [1, 2, 4, 5]);
    assert.deepEqual(slice([2, 3], [0, 0], [0, 0], [1, -1], { beginMask: 3, endMask: 3 }, [2, 3]), [2, 1, 0, 5, 4, 3]);
    assert.deepEqual(slice([2, 3], [1, 0], [2, 3], [1, 1], { shrinkAxisMask: 1 }, [3]), [3, 4, 5]);
    assert.deepEqual(slice([2, 2, 2], [0, -1], [0, 0], [1, 1], { ellipsisMask: 1, shrinkAxisMask: 2 }, [2, 2]), [1, 3, 5, 7]);
    assert.deepEqual(slice([4], [0, 1], [0, 3], [1, 1], { newAxisMask: 1 }, [1, 2]), [1, 2]);
    assert.deepEqual(slice([5], [-4], [-1], [2], {}, [2]), [1, 3]);
    assert.deepEqual(slice([5], [1], [3], [1], { offset: 1 }, [3]), [1, 2, 3]);
  });

  it('SPLIT_V with a rest, PACK, UNPACK, EXPAND_DIMS', () => {
    const parts = { tensors: [x(2, 3), numbers('sizes', 1, -1), numbers('axis', 1), { name: 'a', shape: [2, 1] }, { name: 'b', shape: [2, 2] }], inputs: ['x'], outputs: ['a', 'b'] };
    assert.deepEqual(evaluate({ ...parts, operators: [{ op: 'SPLIT_V', inputs: ['x', 'sizes', 'axis'], outputs: ['a', 'b'], options: { numSplits: 2 } }] }, count(6)), [[0, 3], [1, 2, 4, 5]]);
    const rows = { tensors: [x(2, 2), { name: 'a', shape: [2] }, { name: 'b', shape: [2] }, y(2, 2)], inputs: ['x'], outputs: ['y'] };
    const operators = [
      { op: 'UNPACK', inputs: ['x'], outputs: ['a', 'b'], options: { num: 2, axis: 0 } },
      { op: 'PACK', inputs: ['b', 'a'], outputs: ['y'], options: { valuesCount: 2, axis: 1 } },
    ];
    assert.deepEqual(evaluate({ ...rows, operators }, count(4))[0], [2, 0, 3, 1]);
  });

  it('TRANSPOSE_CONV with SAME padding adds the kernel at every stride', () => {
    const weights: TestTensor = { name: 'w', shape: [1, 2, 2, 1], data: floats(1, 2, 3, 4) };
    const graph = {
      tensors: [x(1, 2, 2, 1), weights, numbers('shape', 1, 4, 4, 1), y(1, 4, 4, 1)], inputs: ['x'], outputs: ['y'],
      operators: [{ op: 'TRANSPOSE_CONV', inputs: ['shape', 'w', 'x'], outputs: ['y'], options: { padding: 0, strideH: 2, strideW: 2 } }],
    };
    assert.deepEqual(evaluate(graph, [1, 10, 100, 1000])[0], [1, 2, 10, 20, 3, 4, 30, 40, 100, 200, 1000, 2000, 300, 400, 3000, 4000]);
  });

  it('DEPTHWISE_CONV_2D with a multiplier keeps channels apart', () => {
    const graph = {
      tensors: [x(1, 1, 1, 2), { name: 'w', shape: [1, 1, 1, 4], data: floats(1, 2, 3, 4) }, y(1, 1, 1, 4)], inputs: ['x'], outputs: ['y'],
      operators: [{ op: 'DEPTHWISE_CONV_2D', inputs: ['x', 'w'], outputs: ['y'], options: { padding: 1, strideH: 1, strideW: 1, depthMultiplier: 2 } }],
    };
    assert.deepEqual(evaluate(graph, [10, 100])[0], [10, 20, 300, 400]);
  });

  it('PADV2 and MIRROR_PAD, RESIZE_NEAREST_NEIGHBOR, MEAN without its axes', () => {
    const pads: TestTensor = { name: 'pads', type: 'int32', shape: [1, 2], data: ints(1, 2) };
    const pad = (op: string, extra: string[], options: Record<string, number> | undefined, tensors: TestTensor[]): number[] =>
      evaluate({ tensors: [x(3), pads, y(6), ...tensors], operators: [{ op, inputs: ['x', 'pads', ...extra], outputs: ['y'], options }], inputs: ['x'], outputs: ['y'] }, [1, 2, 3])[0];
    assert.deepEqual(pad('PADV2', ['v'], undefined, [{ name: 'v', shape: [1], data: floats(7) }]), [7, 1, 2, 3, 7, 7]);
    assert.deepEqual(pad('MIRROR_PAD', [], { mode: 0 }, []), [2, 1, 2, 3, 2, 1]);
    assert.deepEqual(pad('MIRROR_PAD', [], { mode: 1 }, []), [1, 1, 2, 3, 3, 2]);
    const resize = { tensors: [x(1, 1, 2, 1), numbers('size', 1, 4), y(1, 1, 4, 1)], operators: [{ op: 'RESIZE_NEAREST_NEIGHBOR', inputs: ['x', 'size'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] };
    assert.deepEqual(evaluate(resize, [1, 2])[0], [1, 1, 2, 2]);
    const mean = { tensors: [x(2, 2), numbers('axes', -1), y(2)], operators: [{ op: 'MEAN', inputs: ['x', 'axes'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] };
    assert.deepEqual(evaluate(mean, [1, 3, 5, 9])[0], [2, 7]);
  });

  it('an activation that the op cannot take in becomes a node of its own', () => {
    const graph = { tensors: [x(1, 2, 2, 1), y(1, 1, 1, 1)], operators: [{ op: 'MAX_POOL_2D', inputs: ['x'], outputs: ['y'], options: { padding: 1, strideH: 2, strideW: 2, filterHeight: 2, filterWidth: 2, fusedActivationFunction: 1 } }], inputs: ['x'], outputs: ['y'] };
    assert.deepEqual(evaluate(graph, [-4, -3, -2, -1])[0], [0]);
  });
});

describe('TFLite tensors', () => {
  const fill = (tensor: TestTensor): Float64Array | number[] => {
    const graph = { tensors: [tensor, x(...tensor.shape), y(...tensor.shape)], operators: [{ op: 'ADD', inputs: ['x', tensor.name], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] };
    const { model } = readTflite(tfliteFile([graph]), 'test.tflite');
    const value = [...model.graph.values.values()].find((v) => v.name === tensor.name)!;
    return Array.from(constantTensor(value).data);
  };

  it('int4 pairs, half precision', () => {
    assert.deepEqual(fill({ name: 'w', type: 'int4', shape: [3], data: Uint8Array.of(0xf1, 0x08) }), [1, -1, -8]);
    assert.deepEqual(fill({ name: 'w', type: 'float16', shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x0001) }), [1, -2, 2 ** -24]);
  });

  it('sparse rows and blocks', () => {
    const csr = (segments: number[], indices: number[]): object => ({ format: 1, denseSize: 0, arraySegments: { member: 1, table: { values: segments } }, arrayIndices: { member: 3, table: { values: Uint8Array.from(indices) } } });
    const dense = (denseSize: number): object => ({ format: 0, denseSize });
    const rows = { traversalOrder: [0, 1], dimMetadata: [dense(2), csr([0, 1, 3], [2, 0, 3])] };
    assert.deepEqual(fill({ name: 'w', shape: [2, 4], data: floats(5, 6, 7), extra: { sparsity: rows } as never }), [0, 0, 5, 0, 6, 0, 0, 7]);
    const blocks = { traversalOrder: [0, 1, 2, 3], blockMap: [0, 1], dimMetadata: [dense(1), csr([0, 1], [1]), dense(2), dense(2)] };
    assert.deepEqual(fill({ name: 'w', shape: [2, 4], data: floats(1, 2, 3, 4), extra: { sparsity: blocks } as never }), [0, 0, 1, 2, 0, 0, 3, 4]);
  });

  it('weights stay views into the file', () => {
    const file = tfliteFile([{ tensors: [x(1, 4), { name: 'w', shape: [2, 4], data: floats(1, 2, 3, 4, 5, 6, 7, 8) }, y(1, 2)], operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] }]);
    const { model } = readTflite(file, 'test.tflite');
    const weights = [...model.graph.values.values()].find((value) => value.name === 'w')!;
    assert.equal(weights.constant!.bytes().buffer, file.buffer);
  });
});

describe('variables of TFLite models', () => {
  const handle: TestTensor = { name: 'handle', type: 'resource', shape: [] };
  const named = { op: 'VAR_HANDLE', inputs: [], outputs: ['handle'], options: { sharedName: 'total' } };
  const main: TestGraph = {
    tensors: [x(1), handle, { name: 'before', shape: [1] }, { name: 'after', shape: [1] }],
    operators: [
      { op: 'CALL_ONCE', inputs: [], outputs: [], options: { initSubgraphIndex: 1 } }, named,
      { op: 'READ_VARIABLE', inputs: ['handle'], outputs: ['before'] },
      { op: 'ADD', inputs: ['x', 'before'], outputs: ['after'] },
      { op: 'ASSIGN_VARIABLE', inputs: ['handle', 'after'], outputs: [] },
    ],
    inputs: ['x'], outputs: ['after'],
  };
  const initial: TestGraph = { tensors: [handle, { name: 'start', shape: [1], data: floats(100) }], operators: [named, { op: 'ASSIGN_VARIABLE', inputs: ['handle', 'start'], outputs: [] }], inputs: [], outputs: [] };

  it('keep their content between runs and start with what CALL_ONCE gives them', () => {
    const { model, problems } = readTflite(tfliteFile([main, initial]), 'test.tflite');
    assert.deepEqual(problems, []);
    assert.deepEqual(model.graph.states.map((state) => state.name), ['total']);
    const interpreter = new Interpreter(model);
    const run = (value: number): number => interpreter.run([tensorOf({ dtype: 'float32', shape: [1] }, [value])])[0].data[0];
    assert.deepEqual([run(1), run(2), run(3)], [101, 103, 106]);
    interpreter.reset();
    assert.equal(run(1), 101);
  });

  it('a graph that is to be called but is not there is said so', () => {
    assert.throws(() => readTflite(tfliteFile([main]), 'test.tflite'), (error) => error instanceof ProblemError && error.problem.code === 'TINYML-TFLITE-GRAPH');
  });
});

describe('what is not understood in a TFLite model', () => {
  it('an unknown operator becomes an opaque layer with its options, and is reported', () => {
    const graph = { tensors: [x(2), y(2)], operators: [{ op: 'CUMSUM', inputs: ['x'], outputs: ['y'], options: { exclusive: 1 } }], inputs: ['x'], outputs: ['y'] };
    const { model, problems } = readTflite(tfliteFile([graph]), 'test.tflite');
    assert.deepEqual(problems.map((p) => [p.code, p.where?.layer, p.severity]), [['TINYML-OP-UNKNOWN', 'y', 'warning']]);
    assert.equal(model.graph.nodes[0].op, 'opaque');
    assert.equal(model.graph.nodes[0].attributes['tflite.exclusive'], 1);
    assert.deepEqual(verifyGraph(model.graph), []);
  });
});
