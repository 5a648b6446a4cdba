import type { Model, StaticType, ValueId } from '../../src/engine/ir/types';
import { add } from '../../src/engine/ops/add/op';
import { averagePool } from '../../src/engine/ops/average-pool/op';
import { batchNorm } from '../../src/engine/ops/batch-norm/op';
import { clamp } from '../../src/engine/ops/clamp/op';
import { concat } from '../../src/engine/ops/concat/op';
import { conv } from '../../src/engine/ops/conv/op';
import { dense } from '../../src/engine/ops/dense/op';
import { lstm } from '../../src/engine/ops/lstm/op';
import { maxPool } from '../../src/engine/ops/max-pool/op';
import { mul } from '../../src/engine/ops/mul/op';
import { pad } from '../../src/engine/ops/pad/op';
import { reduce } from '../../src/engine/ops/reduce/op';
import { reshape } from '../../src/engine/ops/reshape/op';
import { sigmoid } from '../../src/engine/ops/sigmoid/op';
import { split } from '../../src/engine/ops/split/op';
import { transpose } from '../../src/engine/ops/transpose/op';
import type { Random } from './random';
import { ModelBuilder } from './random-graph';

/** Float networks that branch and meet again, in either layout: what narrows channels must follow all of it. */
export function randomBranches(random: Random): Model {
  const b = new ModelBuilder(random, false);
  const layout = random.pick(['nchw', 'nhwc'] as const);
  const image = (channels: number, side: number): number[] => (layout === 'nchw' ? [1, channels, side, side] : [1, side, side, channels]);
  const shapeOf = (id: ValueId): readonly number[] => (b.editor.value(id).type as StaticType).shape;
  const axis = layout === 'nchw' ? 1 : 3;
  const channelsOf = (id: ValueId): number => shapeOf(id)[axis];
  const weights = (out: number, perGroup: number, kernel: number): number[] => (layout === 'nchw' ? [out, perGroup, kernel, kernel] : [out, kernel, kernel, perGroup]);
  const convolve = (from: ValueId, out: number, group = 1): ValueId => {
    const kernel = random.pick([1, 3]);
    const [w, bias] = b.weights(weights(out, channelsOf(from) / group, kernel), from);
    const edge = (kernel - 1) / 2;
    return b.layer(conv.name, [from, w, random.int(0, 3) ? bias : undefined], { layout, group, strides: [1, 1], pads: [edge, edge, edge, edge], ...random.pick<Record<string, number>>([{}, { clampMin: 0 }]) });
  };
  const side = random.pick([3, 4]);
  const live: ValueId[] = [convolve(b.input(image(random.int(1, 3), side)), random.pick([4, 6, 8]))];
  const one = (): ValueId => random.pick(live);
  const steps: (() => ValueId | ValueId[] | undefined)[] = [
    () => convolve(one(), random.pick([4, 6, 8])),
    () => {
      const from = one();
      return convolve(from, channelsOf(from) * random.pick([1, 1, 2]), channelsOf(from));
    },
    () => {
      const from = one();
      return channelsOf(from) % 2 === 0 ? convolve(from, random.pick([4, 8]), 2) : undefined;
    },
    () => {
      const [x, y] = [one(), one()];
      return shapeOf(x).join() === shapeOf(y).join() ? b.layer(random.pick([add.name, mul.name]), [x, y], {}) : undefined;
    },
    () => {
      // A residual block: what is added has the same channels as what it is added to.
      const from = one();
      return b.layer(add.name, [from, convolve(convolve(from, random.pick([4, 6])), channelsOf(from))], random.pick<Record<string, number>>([{}, { clampMin: 0 }]));
    },
    () => b.layer(concat.name, Array.from({ length: random.int(2, 3) }, one), { axis }),
    () => {
      const from = one();
      if (channelsOf(from) < 2) return undefined;
      const first = random.int(1, channelsOf(from) - 1);
      const parts = [first, channelsOf(from) - first].map((extent) => b.editor.addValue('part', { dtype: 'float32', shape: shapeOf(from).map((d, i) => (i === axis ? extent : d)) }));
      b.editor.addNode({ op: split.name, name: `split_${b.editor.mark()}`, inputs: [from], outputs: parts, attributes: { axis, sizes: [first, channelsOf(from) - first] } });
      return parts;
    },
    () => b.layer(random.pick([maxPool.name, averagePool.name]), [one()], { layout, kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], countPadding: false, ceilMode: false }),
    () => b.layer(random.pick([clamp.name, sigmoid.name]), [one()], { clampMin: 0 }),
    () => {
      const from = one();
      const values = (low: number): ValueId => b.constant('float32', [channelsOf(from)], Array.from({ length: channelsOf(from) }, () => random.real(low, 1)));
      return b.layer(batchNorm.name, [from, values(-1), values(-1), values(-1), values(0.1)], { layout, epsilon: 1e-3 });
    },
    () => {
      // A gate for each channel, as squeeze and excitation have it.
      const from = one();
      const mean = b.layer(reduce.name, [from], { mode: 'mean', axes: layout === 'nchw' ? [2, 3] : [1, 2], keepDims: true });
      return b.layer(mul.name, [from, b.layer(sigmoid.name, [mean], {})], {});
    },
    () => {
      const border = [0, 1, 2, 3].map((a) => (a === 0 || a === axis ? 0 : 1));
      const wide = b.layer(pad.name, [one()], { begins: border, ends: [0, 0, 0, 0], mode: 'constant', value: 0 });
      const [w, bias] = b.weights(weights(4, channelsOf(wide), 2), wide);
      return b.layer(conv.name, [wide, w, bias], { layout, group: 1, strides: [1, 1], pads: [0, 0, 0, 0] });
    },
  ];
  for (let count = random.int(2, 8); count > 0; ) {
    const made = random.pick(steps)();
    if (made === undefined) continue;
    live.push(...[made].flat());
    count--;
  }
  // Nothing that was made is lost: all of it goes into the result.
  const last = live.length > 1 ? b.layer(concat.name, live, { axis }) : live[0];
  return b.finish(random.int(0, 3) ? flatEnd(b, last, shapeOf) : sequenceEnd(b, last, shapeOf, layout));
}

function flatEnd(b: ModelBuilder, from: ValueId, shapeOf: (id: ValueId) => readonly number[]): ValueId {
  const count = shapeOf(from).reduce((a, c) => a * c, 1);
  const flat = b.layer(reshape.name, [from], { shape: [1, count] });
  const hidden = b.layer(dense.name, [flat, ...b.weights([6, count], flat)], { clampMin: 0 });
  return b.layer(dense.name, [hidden, ...b.weights([3, 6], hidden)], {});
}

/** Positions become steps of a sequence, channels its features. */
function sequenceEnd(b: ModelBuilder, from: ValueId, shapeOf: (id: ValueId) => readonly number[], layout: 'nchw' | 'nhwc'): ValueId {
  const [, x, y, z] = shapeOf(from);
  const [channels, steps] = layout === 'nchw' ? [x, y * z] : [z, x * y];
  const rows = layout === 'nchw'
    ? b.layer(transpose.name, [b.layer(reshape.name, [from], { shape: [1, channels, steps] })], { permutation: [0, 2, 1] })
    : b.layer(reshape.name, [from], { shape: [1, steps, channels] });
  const units = 5;
  const [w, bias] = b.weights([4 * units, channels], rows);
  const [r] = b.weights([4 * units, units], rows);
  const zeros = (): ValueId => b.constant('float32', [1, units], new Array<number>(units).fill(0));
  const outputs = ['y', 'h', 'c'].map((name) => b.editor.addValue(name, { dtype: 'float32', shape: name === 'y' ? [1, steps, units] : [1, units] }));
  b.editor.addNode({ op: lstm.name, name: 'lstm', inputs: [rows, w, r, bias, zeros(), zeros()], outputs, attributes: { timeMajor: false, reverse: false, cellClip: 0 } });
  return b.layer(dense.name, [outputs[1], ...b.weights([3, units], outputs[1])], {});
}
