import assert from 'node:assert/strict';
import { absorbBias } from '../../../src/engine/compress/absorb-bias';
import { equalize } from '../../../src/engine/compress/equalize';
import { estimateRanges } from '../../../src/engine/compress/estimate-ranges';
import { ChannelRanges, layerPairs } from '../../../src/engine/compress/layer-pairs';
import { activationsToMeasure, weightLayers, type LayerForm } from '../../../src/engine/compress/plan';
import { quantizeModel } from '../../../src/engine/compress/quantize-model';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../../src/engine/formats/onnx/write';
import { constantOf, tensorOf } from '../../../src/engine/ir/tensor';
import { GraphEditor } from '../../../src/engine/ir/edit';
import type { Model, NodeId, StaticType, ValueId } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { add } from '../../../src/engine/ops/add/op';
import { dense } from '../../../src/engine/ops/dense/op';
import { mul } from '../../../src/engine/ops/mul/op';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import type { Range } from '../../../src/engine/quant/range';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { hardModel } from '../../support/hard-model';
import { Random } from '../../support/random';

const open = (bytes: Uint8Array): Model => canonicalize(readOnnx(bytes, 'model.onnx').model);

function inputsOf(model: Model, count: number): Float32Array[] {
  const random = new Random(5);
  const { shape } = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  return Array.from({ length: count }, () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.real(-1, 1)));
}

function run(model: Model, input: Float32Array, visit?: (id: ValueId, values: ArrayLike<number>) => void): Float64Array {
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  const [output] = new Interpreter(model).run([tensorOf(type, input)], (id, tensor) => visit?.(id, tensor.data));
  return Float64Array.from(output.data);
}

function rangesOf(model: Model, inputs: readonly Float32Array[]): Map<ValueId, Range> {
  const ranges = new Map<ValueId, Range>(activationsToMeasure(model.graph).map((id) => [id, { min: Infinity, max: -Infinity }]));
  const widen = (id: ValueId, values: ArrayLike<number>): void => {
    const range = ranges.get(id);
    if (range) ranges.set(id, { min: Math.min(range.min, ...Array.from(values)), max: Math.max(range.max, ...Array.from(values)) });
  };
  for (const input of inputs) {
    widen(model.graph.inputs[0], input);
    run(model, input, widen);
  }
  return ranges;
}

const sqnr = (expected: ArrayLike<number>, actual: ArrayLike<number>): number => {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < expected.length; i++) [signal, noise] = [signal + expected[i] ** 2, noise + (expected[i] - actual[i]) ** 2];
  return 10 * Math.log10(signal / Math.max(noise, 1e-30));
};

/** Forms, and the signal to noise in dB that they must at least have on a model without pitfalls. */
const forms: readonly (LayerForm & { readonly atLeastDb: number; readonly groupSize?: number })[] = [
  { activations: 'int8', weights: 'int8', atLeastDb: 25 },
  { activations: 'int16', weights: 'int8', atLeastDb: 30 },
  { activations: 'float32', weights: 'int8', atLeastDb: 30 },
  { activations: 'int8', weights: 'int4', atLeastDb: 10 },
  { activations: 'float32', weights: 'int4', atLeastDb: 10 },
  { activations: 'int8', weights: 'int2', atLeastDb: -5 },
  { activations: 'float32', weights: 'ternary', atLeastDb: -3 },
  { activations: 'float32', weights: 'binary', atLeastDb: -6 },
  { activations: 'float32', weights: 'float16', atLeastDb: 60 },
  { activations: 'float32', weights: 'int8', groupSize: 8, atLeastDb: 35 },
  { activations: 'float32', weights: 'int4', groupSize: 16, atLeastDb: 12 },
  { activations: 'float32', weights: 'int4', groupSize: 1, atLeastDb: 15 },
  { activations: 'float32', weights: 'int2', groupSize: 7, atLeastDb: -2 },
  { activations: 'float32', weights: 'binary', groupSize: 16, atLeastDb: -6 },
];

describe('forms of quantized layers', () => {
  const model = open(hardModel({ spread: 1 }).bytes);
  const inputs = inputsOf(model, 12);
  const ranges = rangesOf(model, inputs);

  for (const { atLeastDb, groupSize, ...form } of forms) {
    it(`activations ${form.activations}, weights ${form.weights}${groupSize ? ` in groups of ${groupSize}` : ''}: well-formed, written, read back as the same, near to float`, () => {
      const { value: quantized, problems } = quantizeModel(model, { ranges, formOf: () => form, groupSize });
      assert.deepEqual([verifyGraph(quantized.graph), problems], [[], []]);
      const { bytes } = writeOnnx(quantized);
      const again = open(bytes);
      assert.deepEqual(verifyGraph(again.graph), []);
      assert.deepEqual(writeOnnx({ ...again, metadata: quantized.metadata }).bytes.length, bytes.length);
      const weightTypes = weightLayers(model.graph).map((layer) => again.graph.nodes.find((node) => node.name === layer.name)!.inputs[1]!).map((id) => again.graph.values.get(id)!.type.dtype);
      const stored = form.weights === 'ternary' || form.weights === 'binary' ? 'int2' : form.weights;
      assert.deepEqual(new Set(weightTypes), new Set([stored]), 'codes stay codes through the file');
      for (const input of inputs.slice(0, 3)) {
        const expected = run(model, input);
        const [direct, read] = [run(quantized, input), run(again, input)];
        assert.deepEqual(read, direct, 'the file means what was meant');
        assert.ok(sqnr(expected, direct) >= atLeastDb, `${sqnr(expected, direct)} dB`);
        assert.equal(verifyGraph(lower(again).graph).length, 0);
      }
    });
  }

  it('single layers can stay in float or take another form', () => {
    const [first, second] = weightLayers(model.graph);
    const int8: LayerForm = { activations: 'int8', weights: 'int8' };
    const formOf = (node: { id: NodeId }): LayerForm =>
      node.id === first.id ? { activations: 'float32', weights: 'float32' } : node.id === second.id ? { activations: 'int16', weights: 'int4' } : int8;
    const { graph } = quantizeModel(model, { ranges, formOf }).value;
    const typeOf = (id: NodeId, input: number): string => graph.values.get(graph.nodes.find((node) => node.id === id)!.inputs[input]!)!.type.dtype;
    assert.deepEqual([typeOf(first.id, 0), typeOf(first.id, 1), typeOf(second.id, 0), typeOf(second.id, 1)], ['float32', 'float32', 'int16', 'int4']);
    assert.deepEqual(verifyGraph(graph), []);
  });
});

describe('what changes a model without changing what it computes', () => {
  const model = open(hardModel({ spread: 300, bias: 2 }).bytes);
  const inputs = inputsOf(model, 8);
  const channelRanges = (of: Model): Map<NodeId, ChannelRanges> => {
    const pairs = layerPairs(of);
    const seen = new Map(pairs.map((pair) => [pair.first.id, new ChannelRanges(pair)]));
    for (const input of inputs) run(of, input, (id, values) => pairs.filter((pair) => pair.value === id).forEach((pair) => seen.get(pair.first.id)!.add(values)));
    return seen;
  };

  it('equalization: the same outputs, channels much nearer to each other', () => {
    const before = channelRanges(model);
    const { model: equal, pairs } = equalize(model, before);
    assert.ok(pairs >= 2);
    for (const input of inputs) assert.ok(sqnr(run(model, input), run(equal, input)) > 90);
    const spread = (ranges: ChannelRanges): number => {
      const all = Array.from(ranges.max, (_, c) => ranges.largest(c)).filter((x) => x > 0);
      return Math.max(...all) / Math.min(...all);
    };
    const after = channelRanges(equal);
    for (const [id, ranges] of before) if (spread(ranges) > 20) assert.ok(spread(after.get(id)!) < spread(ranges) / 3, `${spread(ranges)} to ${spread(after.get(id)!)}`);
  });

  it('bias absorption: the same outputs, smaller ranges', () => {
    const before = channelRanges(model);
    const { model: absorbed, channels } = absorbBias(model, before);
    assert.ok(channels > 0);
    for (const input of inputs) assert.ok(sqnr(run(model, input), run(absorbed, input)) > 90);
    const after = channelRanges(absorbed);
    const largest = (ranges: ReadonlyMap<NodeId, ChannelRanges>): number => [...ranges.values()].reduce((sum, range) => sum + range.max.reduce((a, b) => a + b, 0), 0);
    assert.ok(largest(after) < largest(before));
  });

  it('ranges without data hold nearly all that inputs of the stated range do, without being far too wide', () => {
    const easy = open(hardModel({ spread: 1 }).bytes);
    const seen = rangesOf(easy, inputsOf(easy, 20));
    for (const [id, estimate] of estimateRanges(easy, { min: -1, max: 1 })) {
      const real = seen.get(id);
      if (!real || easy.graph.outputs.includes(id)) continue;
      assert.ok(estimate.max >= real.max * 0.8 && estimate.min <= real.min * 0.8 + 1e-9, `${easy.graph.values.get(id)!.name}: ${JSON.stringify([estimate, real])}`);
      assert.ok(estimate.max - estimate.min < 12 * (real.max - real.min));
    }
  });

  it('ranges without data go through constants that are added, and layers behind what they do not go through stay real', () => {
    const editor = new GraphEditor('m');
    const type: StaticType = { dtype: 'float32', shape: [1, 4] };
    const input = editor.addValue('in', type);
    editor.inputs.push(input);
    const moved = editor.addValue('moved', type);
    editor.addNode({ op: add.name, name: 'move', inputs: [input, editor.addValue('shift', type, constantOf(tensorOf(type, [10, 20, 30, 40])))], outputs: [moved] });
    const unknown = editor.addValue('unknown', type);
    editor.addNode({ op: mul.name, name: 'square', inputs: [moved, moved], outputs: [unknown] });
    const weights: StaticType = { dtype: 'float32', shape: [2, 4] };
    const outputs = [moved, unknown].map((source, i) => {
      const result = editor.addValue(`out${i}`, { dtype: 'float32', shape: [1, 2] });
      editor.addNode({ op: dense.name, name: `dense${i}`, inputs: [source, editor.addValue(`w${i}`, weights, constantOf(tensorOf(weights, [1, 2, 3, 4, 5, 6, 7, 8])))], outputs: [result] });
      return result;
    });
    editor.outputs = outputs;
    const model: Model = { name: 'm', format: 'onnx', fileBytes: 0, producer: '', rounding: 'onnx-float-half-even', graph: editor.finish(), metadata: new Map(), opsets: new Map() };
    const ranges = estimateRanges(model, { min: -1, max: 1 });
    assert.ok(ranges.get(moved)!.max > 40 && ranges.get(moved)!.max < 45, JSON.stringify(ranges.get(moved)));
    const { value } = quantizeModel(model, { formOf: () => ({ weights: 'int8', activations: 'int8' }), ranges });
    assert.deepEqual(value.graph.nodes.filter((node) => node.op === dense.name).map((node) => value.graph.values.get(node.outputs[0])!.type.dtype), ['int8', 'float32']);
  });
});
