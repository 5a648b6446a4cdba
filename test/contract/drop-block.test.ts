import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { compressModel } from '../../src/app/compress-model';
import { quietTask } from '../../src/base/progress';
import { blocksOf, dropBlock } from '../../src/engine/compress/prune/drop-block';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Attributes, Model, StaticType, ValueId } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { add } from '../../src/engine/ops/add/op';
import { conv } from '../../src/engine/ops/conv/op';
import { dense } from '../../src/engine/ops/dense/op';
import { reshape } from '../../src/engine/ops/reshape/op';
import { Interpreter } from '../../src/engine/verify/interpret';
import { npyFile } from '../support/data-files';
import { temporaryFolder } from '../support/project';
import { Random } from '../support/random';
import { ModelBuilder } from '../support/random-graph';

const [SIDE, CHANNELS] = [5, 8];
const RELU: Attributes = { clampMin: 0 };

/** Two residual blocks behind a convolution; `share` is what the second adds, as a factor of its weights. */
function network(random: Random, share: number, stemClamp: Attributes, sumClamp: Attributes): Model {
  const b = new ModelBuilder(random, false);
  const layer = (from: ValueId, into: number, factor: number, clamp: Attributes): ValueId => {
    const small = (count: number): number[] => random.reals(count).map((w) => (w * factor) / 20);
    return b.layer(conv.name, [from, b.constant('float32', [CHANNELS, into, 3, 3], small(CHANNELS * into * 9)), b.constant('float32', [CHANNELS], small(CHANNELS))], { layout: 'nchw', group: 1, pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1], ...clamp });
  };
  const block = (from: ValueId, factor: number): ValueId => b.layer(add.name, [from, layer(layer(from, CHANNELS, 1, RELU), CHANNELS, factor, {})], sumClamp);
  const out = block(block(layer(b.input([1, 2, SIDE, SIDE]), 2, 1, stemClamp), 1), share);
  const flat = b.layer(reshape.name, [out], { shape: [1, CHANNELS * SIDE * SIDE] });
  return b.finish(b.layer(dense.name, [flat, ...b.weights([3, CHANNELS * SIDE * SIDE], flat)], {}));
}

function outputs(model: Model, seed: number): ArrayLike<number> {
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  return new Interpreter(model).run([tensorOf(type, new Random(seed).reals(2 * SIDE * SIDE))])[0].data;
}

describe('blocks that can be left out', () => {
  it('are those that a shortcut leads around, and pairs of layers that keep the shape', () => {
    const model = network(new Random(1), 1, RELU, RELU);
    const sums = model.graph.nodes.filter(({ op }) => op === add.name).map(({ name }) => name);
    const names = blocksOf(model).map(({ name }) => name);
    assert.deepEqual(sums.filter((name) => !names.includes(name)), []);
    for (const block of blocksOf(model)) {
      const smaller = dropBlock(model, block);
      assert.deepEqual(verifyGraph(smaller.graph), [], block.name);
      assert.ok(smaller.graph.nodes.length < model.graph.nodes.length, block.name);
    }
  });

  it('change nothing where they add nothing, what their end is limited to stays', () => {
    for (const [stem, sum] of [[RELU, RELU], [{}, RELU], [RELU, {}], [{}, { clampMin: 0, clampMax: 0.5 }]] as const) {
      const model = network(new Random(2), 0, stem, sum);
      const last = model.graph.nodes.filter(({ op }) => op === add.name)[1];
      const smaller = dropBlock(model, blocksOf(model).find(({ name }) => name === last.name)!);
      for (let seed = 1; seed <= 5; seed++) assert.deepEqual(outputs(smaller, seed), outputs(model, seed), JSON.stringify([stem, sum]));
    }
  });

  it('go where that costs least, and the report says which', async () => {
    const folder = temporaryFolder('drop');
    try {
      const random = new Random(3);
      const file = path.join(folder, 'net.onnx');
      const model = network(random, 0.001, RELU, RELU);
      fs.writeFileSync(file, writeOnnx(model).bytes);
      const data = path.join(folder, 'data.npz');
      fs.writeFileSync(data, zipSync({ 'x_calibration.npy': npyFile([40, 2, SIDE, SIDE], random.reals(40 * 2 * SIDE * SIDE)) }));
      const report = await compressModel({ path: file, data, steps: [{ kind: 'prune', measure: 'macs', share: 0.4, dropBlocks: true }], out: path.join(folder, 'small.onnx') }, quietTask);
      assert.equal(report.steps[0].dropped, model.graph.nodes.filter(({ op }) => op === add.name)[1].name);
      assert.ok(report.after.macs <= 0.6 * report.before.macs);
      assert.ok(report.steps[0].trials.filter(({ kept }) => kept).at(-1)!.divergence < 0.01);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
