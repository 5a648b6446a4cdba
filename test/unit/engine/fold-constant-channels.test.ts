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

describe('folding constant channels', () => {
  it('leaves out channels and changes no bit', () => {
    let dropped = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const model = network(random, random.real(0.2, 0.9));
      const folded = foldConstantChannels.run(model);
      assert.deepEqual(verifyGraph(folded.graph), []);
      const channels = ({ graph }: Model): number => graph.nodes.reduce((sum, node) => sum + graph.values.get(node.outputs[0])!.type.shape!.at(-1)!, 0);
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
});
