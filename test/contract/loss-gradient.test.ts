import assert from 'node:assert/strict';
import { layerWeights, withWeights } from '../../src/engine/compress/layer-weights';
import { LossGradient } from '../../src/engine/compress/prune/loss-gradient';
import { rankUnits } from '../../src/engine/compress/prune/importance';
import { sitesOf } from '../../src/engine/compress/prune/units';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { Model, NodeId, StaticType, ValueId } from '../../src/engine/ir/types';
import { add } from '../../src/engine/ops/add/op';
import { averagePool } from '../../src/engine/ops/average-pool/op';
import { conv } from '../../src/engine/ops/conv/op';
import { dense } from '../../src/engine/ops/dense/op';
import { maxPool } from '../../src/engine/ops/max-pool/op';
import { reshape } from '../../src/engine/ops/reshape/op';
import { softmax } from '../../src/engine/ops/softmax/op';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { neverCancelled } from '../../src/base/cancel';
import { Interpreter } from '../../src/engine/verify/interpret';
import { Random } from '../support/random';
import { ModelBuilder } from '../support/random-graph';

const [CHANNELS, INNER] = [5, 4];
const BATCH = 2;

/** Convolution, residual block with a depthwise layer, pooling, dense: channels go through sums and windows. */
function network(random: Random): Model {
  const b = new ModelBuilder(random, false);
  const layer = (from: ValueId, channels: number, into: number, kernel: number, clamp: boolean, group = 1): ValueId => {
    const input = from;
    const [weights, bias] = b.weights([channels, kernel, kernel, into / group], input);
    return b.layer(conv.name, [input, weights, bias], { layout: 'nhwc', group, pads: [0, 0, 0, 0].map(() => (kernel - 1) / 2), strides: [1, 1], dilations: [1, 1], ...(clamp ? { clampMin: 0 } : {}) });
  };
  const first = layer(b.input([1, 6, 6, 2]), CHANNELS, 2, 3, true);
  const inner = layer(layer(first, INNER, CHANNELS, 3, true), INNER, INNER, 3, true, INNER);
  const second = layer(inner, CHANNELS, INNER, 1, false);
  const sum = b.layer(add.name, [first, second], { clampMin: 0 });
  const window = { layout: 'nhwc', kernel: [2, 2], strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0] };
  const pooled = b.layer(averagePool.name, [b.layer(maxPool.name, [sum], window)], window);
  const flat = b.layer(reshape.name, [pooled], { shape: [1, CHANNELS] });
  // Small ones: classes that nobody doubts have no slope to measure.
  const [weights, bias] = [b.constant('float32', [3, CHANNELS], random.reals(3 * CHANNELS).map((w) => w / 200)), b.constant('float32', [3], [0, 0, 0])];
  return b.finish(b.layer(softmax.name, [b.layer(dense.name, [flat, weights, bias], {})], { axis: -1 }));
}

function loss(model: Model, input: readonly number[], label: number): number {
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  return -Math.log(new Interpreter(model).run([tensorOf(type, input)])[0].data[label]);
}

/** With the output channels `channel` of some layers a little larger: ReLU keeps the factor. */
function scaled(model: Model, layers: readonly NodeId[], channel: number, factor: number): Model {
  return withWeights(model, new Map(layers.map((id) => {
    const { weights, bias } = layerWeights(model, id);
    const depth = weights.length / bias.length;
    return [id, { weights: Float64Array.from(weights, (w, i) => (Math.floor(i / depth) === channel ? w * factor : w)), bias: Float64Array.from(bias, (x, o) => (o === channel ? x * factor : x)) }];
  })));
}

describe('channels ranked by the gradient of the loss', () => {
  let runner: OrtRunner;
  before(() => (runner = new OrtRunner(neverCancelled)));
  after(() => runner.close());

  it('have the square of what the loss changes by when they change by a factor', async () => {
    let compared = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const random = new Random(seed);
      const model = network(random);
      const sites = sitesOf(model);
      const input = random.reals(72);
      const gradient = new LossGradient(model, sites, BATCH);
      const loaded = await runner.load(gradient.graph.bytes);
      // Another sample behind it, which is not counted.
      const results = await loaded.run({
        input: { type: 'float32', shape: [BATCH, 6, 6, 2], data: Float32Array.from([...input, ...random.reals(72)]) }, labels: { type: 'float32', shape: [BATCH, 3], data: Float32Array.of(0, 1, 0, 1, 0, 0) },
      });
      gradient.add(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array])), 1);
      const step = 1e-3;
      for (const site of sites) {
        site.units.forEach((unit, u) => {
          // Makers scale what they make; one that scales what it reads and what it makes would count twice.
          const makers = site.makers.filter((id) => model.graph.nodes.find((node) => node.id === id)!.attributes.group !== INNER);
          if (makers.length !== site.makers.length) return;
          const channel = unit.places.find(({ value, axis }) => axis === 0 && value === model.graph.nodes.find((node) => node.id === makers[0])!.inputs[1])!.entry;
          const slope = (loss(scaled(model, makers, channel, 1 + step), input, 1) - loss(scaled(model, makers, channel, 1 - step), input, 1)) / (2 * step);
          compared++;
          const score = Math.sqrt(gradient.scores(site)?.[u] ?? 0);
          assert.ok(Math.abs(score - Math.abs(slope)) <= 0.02 * Math.abs(slope) + 2e-4, `seed ${seed}, ${site.name} ${channel}: ${score}, by differences ${slope}`);
        });
      }
    }
    assert.equal(compared, 10 * CHANNELS);
  });

  it('go in the order of these', () => {
    const model = network(new Random(3));
    const [site] = sitesOf(model);
    const order = rankUnits(model, site, 'loss', new Map(), [3, 1, 2, 5, 4]);
    assert.deepEqual(order.map((unit) => site.units.indexOf(unit)), [1, 2, 0, 4, 3]);
  });
});
