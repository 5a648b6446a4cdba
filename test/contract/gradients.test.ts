import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { OrtRunner } from '../../src/app/runners/ort-client';
import type { OrtTensor } from '../../src/app/runners/ort-contract';
import { openModel } from '../../src/app/model-file';
import { neverCancelled } from '../../src/base/cancel';
import { quietTask } from '../../src/base/progress';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { NoGradient } from '../../src/engine/gradient/backpropagation';
import { gradientGraph, type GradientGraph } from '../../src/engine/gradient/gradient-graph';
import { elementCount } from '../../src/engine/ir/dtype';
import { constantTensor } from '../../src/engine/ir/tensor';
import type { Model } from '../../src/engine/ir/types';
import { modelFile, node, port, tensor } from '../support/onnx-builder';
import { temporaryFolder } from '../support/project';
import { Random } from '../support/random';
import { sharedFolder } from '../support/shared-folder';

/**
 * The gradient graph against onnxruntime: its forward half makes what the exported model makes, and its gradient is that of
 * central differences of its own loss, which no rule for the way back has a part in.
 */

const BATCH = 3;
/** Elements of each parameter that are moved. */
const MOVED = 24;
/** Relative distance of both gradients over the moved elements: float32 losses and kinks leave this much. */
const NEAR = 0.02;

type Nodes = Parameters<typeof modelFile>[0]['nodes'];

/** An image of 4 channels, 7×6, through a pointwise layer, the nodes from `a` to `b`, and a dense layer. */
interface Small {
  readonly name: string;
  readonly nodes: Nodes;
  /** Shapes of the nodes' weights; floats unless integers are given. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly lists?: Readonly<Record<string, readonly number[]>>;
  /** Elements of `b` in a sample. */
  readonly size: number;
  /** Small steps: which element is the largest changes along longer ones. */
  readonly hasKinks?: true;
}

const window = (kernel: number[], more: Record<string, number | number[]> = {}): Record<string, number | number[]> => ({ kernel_shape: kernel, ...more });
const small: readonly Small[] = [
  { name: 'convolution 3×3', nodes: [node('Conv', ['a', 'w', 'v'], ['b'], window([3, 3], { pads: [1, 1, 1, 1] }))], weights: { w: [5, 4, 3, 3], v: [5] }, size: 5 * 42 },
  { name: 'convolution with a stride, uneven pads and rows left over', nodes: [node('Conv', ['a', 'w'], ['b'], window([3, 2], { strides: [3, 2], pads: [0, 1, 1, 0] }))], weights: { w: [5, 4, 3, 2] }, size: 5 * 2 * 3 },
  { name: 'convolution with gaps and wide pads', nodes: [node('Conv', ['a', 'w'], ['b'], window([2, 2], { dilations: [2, 1], pads: [3, 0, 0, 1] }))], weights: { w: [3, 4, 2, 2] }, size: 3 * 8 * 6 },
  { name: 'convolution in groups', nodes: [node('Conv', ['a', 'w'], ['b'], window([3, 3], { group: 2, pads: [1, 1, 1, 1] }))], weights: { w: [6, 2, 3, 3] }, size: 6 * 42 },
  { name: 'depthwise convolution, two results each', nodes: [node('Conv', ['a', 'w', 'v'], ['b'], window([3, 3], { group: 4, strides: [2, 2], pads: [1, 1, 1, 1] }))], weights: { w: [8, 1, 3, 3], v: [8] }, size: 8 * 4 * 3 },
  { name: '1-D convolution', nodes: [node('Reshape', ['a', 'lines'], ['l']), node('Conv', ['l', 'w'], ['b'], window([5], { strides: [2], pads: [2, 2] }))], lists: { lines: [1, 4, 42] }, weights: { w: [3, 4, 5] }, size: 63 },
  { name: 'a clamp between 0 and 6', nodes: [node('Mul', ['a', 'k'], ['m']), node('Clip', ['m', 'low', 'high'], ['b'])], weights: { k: [1], low: [], high: [] }, size: 168 },
  { name: 'maximum under overlapping windows', nodes: [node('MaxPool', ['a'], ['b'], window([3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }))], size: 4 * 4 * 3, hasKinks: true },
  { name: 'mean with padding that does not count, extents rounded up', nodes: [node('AveragePool', ['a'], ['b'], window([3, 3], { strides: [2, 2], pads: [1, 0, 1, 0], ceil_mode: 1 }))], size: 4 * 4 * 3 },
  { name: 'mean with padding that counts', nodes: [node('AveragePool', ['a'], ['b'], window([2, 3], { pads: [1, 1, 0, 1], count_include_pad: 1 }))], size: 4 * 7 * 6 },
  { name: 'global mean', nodes: [node('GlobalAveragePool', ['a'], ['b'])], size: 4 },
  { name: 'mean over rows', nodes: [node('ReduceMean', ['a'], ['b'], { axes: [2], keepdims: 0 })], size: 24 },
  { name: 'sum with a shortcut and a constant for each channel', nodes: [node('Conv', ['a', 'w'], ['c'], window([1, 1])), node('Add', ['c', 'a'], ['d']), node('Sub', ['k', 'd'], ['b'])], weights: { w: [4, 4, 1, 1], k: [1, 4, 1, 1] }, size: 168 },
  { name: 'product with a gate that is repeated', nodes: [node('GlobalAveragePool', ['a'], ['g']), node('Sigmoid', ['g'], ['s']), node('Mul', ['a', 's'], ['b'])], size: 168 },
  { name: 'tangent, transposed and joined', nodes: [node('Tanh', ['a'], ['t']), node('Transpose', ['t'], ['u'], { perm: [0, 3, 1, 2] }), node('Transpose', ['a'], ['o'], { perm: [0, 3, 1, 2] }), node('Concat', ['u', 'o'], ['b'], { axis: 2 })], size: 336 },
];

const CLASSES = 5;

function build({ nodes, weights = {}, lists = {}, size }: Small, withSoftmax: boolean): Uint8Array {
  const random = new Random(77);
  const numbers = (name: string, dims: readonly number[]): number[] => (name === 'low' ? [0] : name === 'high' ? [6] : name === 'k' ? Array.from({ length: elementCount(dims) }, () => 3) : Array.from({ length: elementCount(dims) }, () => random.real(-0.5, 0.5)));
  const float = (name: string, dims: readonly number[]): ReturnType<typeof tensor> => tensor(name, 'float32', [...dims], numbers(name, dims));
  return modelFile({
    nodes: [
      node('Conv', ['x', 'first', 'firstBias'], ['a'], window([1, 1])), ...nodes, node('Reshape', ['b', 'flat'], ['f']), node('Gemm', ['f', 'last', 'lastBias'], [withSoftmax ? 'z' : 'y'], { transB: 1 }),
      ...(withSoftmax ? [node('Softmax', ['z'], ['y'], { axis: -1 })] : []),
    ],
    inputs: [port('x', [1, 2, 7, 6])], outputs: [port('y', [1, CLASSES])],
    initializers: [
      float('first', [4, 2, 1, 1]), float('firstBias', [4]), float('last', [CLASSES, size]), float('lastBias', [CLASSES]), tensor('flat', 'int64', [2], [1, size]),
      ...Object.entries(weights).map(([name, dims]) => float(name, dims)), ...Object.entries(lists).map(([name, list]) => tensor(name, 'int64', [list.length], list)),
    ],
  });
}

describe('gradient graphs', function () {
  this.timeout(120_000);
  let runner: OrtRunner;
  let folder: string;
  before(() => {
    runner = new OrtRunner(neverCancelled);
    folder = temporaryFolder('gradients');
  });
  after(() => {
    runner.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const float = (shape: readonly number[], data: Float32Array): OrtTensor => ({ type: 'float32', shape, data });
  const open = async (file: string): Promise<Model> => (await openModel(file, quietTask)).canonical;

  async function opened(small: Small, withSoftmax: boolean): Promise<Model> {
    const file = path.join(folder, `${small.name.replace(/\W+/g, '-')}.onnx`);
    fs.writeFileSync(file, build(small, withSoftmax));
    return open(file);
  }

  const parametersOf = (model: Model, { parameters, size }: GradientGraph): Float32Array => {
    const all = new Float32Array(size);
    for (const { value, at } of parameters) all.set(Float32Array.from(constantTensor(model.graph.values.get(value)!).data), at);
    return all;
  };

  /** What the exported model makes of each sample, and a function for loss and gradient. */
  async function prepare(model: Model, random: Random): Promise<{ graph: GradientGraph; parameters: Float32Array; own: Float32Array[]; run: (parameters: Float32Array, targets: readonly Float32Array[]) => Promise<{ loss: number; gradient: Float32Array }> }> {
    const graph = gradientGraph(model, BATCH);
    const shape = model.graph.values.get(model.graph.inputs[0])!.type.shape!;
    const size = elementCount(shape);
    const samples = Float32Array.from({ length: BATCH * size }, () => random.real(-1, 1));
    const { bytes, exposed } = writeOnnx(model, { expose: graph.targets.map(({ value }) => value) });
    const plain = await runner.load(bytes);
    const own = graph.targets.map((target) => new Float32Array(elementCount(target.shape)));
    for (let s = 0; s < BATCH; s++) {
      const results = await plain.run({ [plain.inputs[0]]: float(shape, samples.slice(s * size, (s + 1) * size)) });
      exposed.forEach((name, i) => own[i].set(results[name].data as Float32Array, (s * own[i].length) / BATCH));
    }
    const loaded = await runner.load(graph.bytes);
    const run = async (parameters: Float32Array, targets: readonly Float32Array[]): Promise<{ loss: number; gradient: Float32Array }> => {
      const ports = graph.targets.flatMap(({ name, scale, shape: batch }, i) => [[name, float(batch, targets[i])], [scale, float([], Float32Array.of(1))]] as const);
      const { loss, gradient } = await loaded.run({ parameters: float([graph.size], parameters), input: float([BATCH, ...shape.slice(1)], samples), ...Object.fromEntries(ports) });
      return { loss: (loss.data as Float32Array)[0], gradient: gradient.data as Float32Array };
    };
    return { graph, parameters: parametersOf(model, graph), own, run };
  }

  /** Relative distance of the gradient from central differences, over some elements of each parameter; `step` in sizes of the parameter. */
  async function distance(model: Model, step: number): Promise<{ error: number; atRest: number }> {
    const random = new Random(5);
    const { graph, parameters, own, run } = await prepare(model, random);
    const atRest = (await run(parameters, own)).loss;
    const targets = own.map((list) => list.map((y) => y + random.real(-0.5, 0.5)));
    const { gradient } = await run(parameters, targets);
    let [off, power] = [0, 0];
    for (const { at, size } of graph.parameters) {
      const own = parameters.subarray(at, at + size);
      const reach = step * Math.max(0.02, Math.sqrt(own.reduce((sum, x) => sum + x * x, 0) / size));
      for (let i = 0; i < Math.min(MOVED, size); i++) {
        const place = at + (size <= MOVED ? i : random.int(0, size - 1));
        const moved = async (by: number): Promise<number> => (await run(parameters.map((p, j) => (j === place ? p + by : p)), targets)).loss;
        const slope = ((await moved(reach)) - (await moved(-reach))) / (2 * reach);
        off += (gradient[place] - slope) ** 2;
        power += slope ** 2;
      }
    }
    assert.ok(power > 0);
    return { error: Math.sqrt(off / power), atRest };
  }

  for (const [index, entry] of small.entries()) {
    it(entry.name, async () => {
      const { error, atRest } = await distance(await opened(entry, index % 2 === 0), entry.hasKinks ? 0.005 : 0.02);
      assert.ok(Math.abs(atRest) < 1e-5, `loss ${atRest} where nothing is to be learnt`);
      assert.ok(error < NEAR, `gradients are ${error} apart`);
    });
  }

  for (const name of ['kws_dscnn_float.onnx', 'resnet8_float.tflite', 'vww_mobilenetv1_025_float.onnx', 'ad_autoencoder_float.onnx']) {
    it(`of ${name}: the loss falls as its gradient says`, async function () {
      const model = await open(path.join(sharedFolder(this, 'models'), `mlperf_tiny_${name}`));
      const random = new Random(9);
      const { parameters, own, run } = await prepare(model, random);
      const atRest = (await run(parameters, own)).loss;
      assert.ok(Math.abs(atRest) < 1e-4, `loss ${atRest} where nothing is to be learnt`);
      const targets = own.map((list) => list.map((y) => y + random.real(-0.5, 0.5)));
      const { loss, gradient } = await run(parameters, targets);
      const square = gradient.reduce((sum, g) => sum + g * g, 0);
      // Along the gradient, by so much that the loss should fall by a hundredth.
      const reach = (0.01 * loss) / square;
      const moved = async (by: number): Promise<number> => (await run(parameters.map((p, i) => p + by * gradient[i]), targets)).loss;
      const slope = ((await moved(reach)) - (await moved(-reach))) / (2 * reach);
      assert.ok(Math.abs(slope / square - 1) < 0.05, `${slope} against ${square}`);
    });
  }

  it('says which layer has none', async () => {
    const model = await opened({ name: 'refused', nodes: [node('Elu', ['a'], ['b'])], size: 168 }, false);
    assert.throws(() => gradientGraph(model, BATCH), (error) => error instanceof NoGradient && /Elu/i.test(error.message));
  });
});
