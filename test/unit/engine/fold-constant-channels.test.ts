import assert from 'node:assert/strict';
import { bytesOf } from '../../../src/base/bytes';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { averagePool } from '../../../src/engine/ops/average-pool/op';
import { conv } from '../../../src/engine/ops/conv/op';
import { dense } from '../../../src/engine/ops/dense/op';
import { reshape } from '../../../src/engine/ops/reshape/op';
import { foldConstantChannels } from '../../../src/engine/passes/fold-constant-channels';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { Random } from '../../support/random';
import { ModelBuilder, randomInput } from '../../support/random-graph';

/** Pointwise, depthwise, pointwise, pool, dense; a share of the channels has no weights, and a bias below zero or above. */
function network(random: Random, dead: number): Model {
  const b = new ModelBuilder(random, true, 'tflite-double-round');
  const relu = { scale: [0.04], zeroPoint: [-128] };
  const layer = (input: number, channels: number, kernel: readonly number[], perGroup: number, attributes: Record<string, number | string | number[]>): number => {
    const depth = kernel[0] * kernel[1] * perGroup;
    const isDead = Array.from({ length: channels }, () => random.real(0, 1) < dead);
    const codes = isDead.flatMap((d) => random.codes(depth, -127, 127).map((w) => (d ? 0 : w)));
    const biases = isDead.map((d) => (d ? random.int(-4000, 2000) : random.int(-2000, 2000)));
    const weights = b.constant('int8', [channels, ...kernel, perGroup], codes, { scale: isDead.map(() => 0.01), zeroPoint: isDead.map(() => 0), axis: 0 });
    return b.layer(conv.name, [input, weights, b.constant('int32', [channels], biases)], { layout: 'nhwc', clampMin: 0, ...attributes }, relu);
  };
  const first = layer(b.input([1, 6, 5, 3], relu), 20, [1, 1], 3, {});
  const second = layer(first, 20, [3, 3], 1, { group: 20, pads: [1, 1, 1, 1] });
  const third = layer(second, 16, [1, 1], 20, {});
  const pooled = b.layer(averagePool.name, [third], { layout: 'nhwc', kernel: [6, 5], strides: [1, 1] }, relu);
  const flat = b.layer(reshape.name, [pooled], { shape: [1, 16] }, relu);
  const [weights, bias] = b.weights([4, 16], flat, true);
  return b.finish(b.layer(dense.name, [flat, weights, bias], {}, { scale: [0.1], zeroPoint: [3] }));
}

const channelsOf = ({ graph }: Model): number[] => graph.nodes.map((node) => graph.values.get(node.outputs[0])!.type.shape!.at(-1)!);

describe('folding constant channels', () => {
  it('leaves out channels and changes no bit', () => {
    let dropped = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const model = network(random, random.real(0.2, 0.9));
      const folded = foldConstantChannels.run(model);
      assert.deepEqual(verifyGraph(folded.graph), []);
      const channels = (m: Model): number => channelsOf(m).reduce((a, b) => a + b, 0);
      dropped += channels(model) - channels(folded);
      const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
      for (let run = 0; run < 4; run++) {
        const input = tensorOf(type, randomInput(random, type));
        const [want, got] = [model, folded].map((m) => Buffer.from(bytesOf(new Interpreter(m).run([input])[0].data)));
        assert.deepEqual(got, want, `seed ${seed}`);
      }
    }
    assert.ok(dropped > 500, `${dropped} channels left out`);
  });

  it('keeps a graph without constant channels as it is', () => {
    const model = network(new Random(7), 0);
    const shapes = ({ graph }: Model): string[] => graph.nodes.map((node) => graph.values.get(node.outputs[0])!.type.shape!.join('x'));
    assert.deepEqual(shapes(foldConstantChannels.run(model)), shapes(model));
  });

  /** Two pointwise layers around a padded depthwise one, in float32; a share of the channels of the first two is all but dead. */
  function realNetwork(random: Random, bias: () => number): Model {
    const b = new ModelBuilder(random, false, 'onnx-float-half-even');
    const layer = (input: number, channels: number, kernel: readonly number[], perGroup: number, dead: number, attributes: Record<string, number | string | number[]>): number => {
      const isDead = Array.from({ length: channels }, () => random.real(0, 1) < dead);
      const weights = isDead.flatMap((d) => Array.from({ length: kernel[0] * kernel[1] * perGroup }, () => random.real(-1, 1) * (d ? 1e-30 : 1)));
      const biases = isDead.map((d) => (d ? bias() : random.real(-1, 1)));
      return b.layer(conv.name, [input, b.constant('float32', [channels, ...kernel, perGroup], weights), b.constant('float32', [channels], biases)], { layout: 'nhwc', clampMin: 0, ...attributes });
    };
    const first = layer(b.input([1, 6, 5, 3]), 20, [1, 1], 3, 0.6, {});
    const second = layer(first, 20, [3, 3], 1, 0, { group: 20, pads: [1, 1, 1, 1] });
    return b.finish(layer(second, 8, [1, 1], 20, 0, {}));
  }

  it('leaves out real channels that a ReLU keeps shut, and none whose padding shows', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const agree = (model: Model): Model => {
        const folded = foldConstantChannels.run(model);
        assert.deepEqual(verifyGraph(folded.graph), []);
        const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
        const input = tensorOf(type, randomInput(random, type));
        const [want, got] = [model, folded].map((m) => Array.from(new Interpreter(m).run([input])[0].data as Float32Array));
        const largest = Math.max(...want.map(Math.abs));
        want.forEach((value, i) => assert.ok(Math.abs(value - got[i]) <= 1e-6 * largest, `seed ${seed}: ${got[i]}, expected ${value}`));
        return folded;
      };
      const shut = channelsOf(agree(realNetwork(random, () => random.real(-1, -0.01))));
      assert.ok(shut[0] < 20 && shut[1] < 20, shut.join());
      // At the image's border a padded window sees less of a constant that is not 0.
      agree(realNetwork(random, () => random.real(0.01, 1)));
    }
  });

  it('keeps real channels that large inputs can open', () => {
    const b = new ModelBuilder(new Random(1), false, 'onnx-float-half-even');
    // Opened by inputs beyond 1e4, which are still inputs.
    const weights = b.constant('float32', [8, 1, 1, 1], new Array(8).fill(1e-4));
    const first = b.layer(conv.name, [b.input([1, 2, 2, 1]), weights, b.constant('float32', [8], new Array(8).fill(-1))], { layout: 'nhwc', clampMin: 0 });
    const second = b.constant('float32', [4, 1, 1, 8], new Array(32).fill(1));
    const model = b.finish(b.layer(conv.name, [first, second], { layout: 'nhwc' }));
    assert.deepEqual(channelsOf(foldConstantChannels.run(model)), [8, 4]);
  });
});
