import type { Model, ValueId } from '../../src/engine/ir/types';
import { add } from '../../src/engine/ops/add/op';
import { averagePool } from '../../src/engine/ops/average-pool/op';
import { clamp } from '../../src/engine/ops/clamp/op';
import { addConcat } from '../../src/engine/ops/concat/op';
import { conv } from '../../src/engine/ops/conv/op';
import { maxPool } from '../../src/engine/ops/max-pool/op';
import { addSlice } from '../../src/engine/ops/slice/op';
import { split } from '../../src/engine/ops/split/op';
import type { Random } from './random';
import { drawModel, randomClamp, type Make, type ModelBuilder } from './random-graph';

const shapeOf = (b: ModelBuilder, id: ValueId): readonly number[] => b.editor.value(id).type.shape!;

function window(b: ModelBuilder, r: Random, from: ValueId, kind: 'conv' | 'depthwise' | 'max' | 'average'): ValueId {
  const channels = shapeOf(b, from)[3];
  const list = (low: number, high: number, n: number): number[] => Array.from({ length: n }, () => r.int(low, high));
  const place = { layout: 'nhwc', strides: list(1, 2, 2), pads: list(0, 1, 4) };
  const kernel = [r.int(2, 3), r.int(2, 3)];
  if (kind === 'max') return b.layer(maxPool.name, [from], { ...place, kernel, pads: [0, 0, 0, 0] }, b.editor.value(from).type.quantization);
  if (kind === 'average') return b.layer(averagePool.name, [from], { ...place, kernel, pads: [0, 0, 0, 0] });
  const group = kind === 'depthwise' ? channels : 1;
  const out = kind === 'depthwise' ? channels : 4 * r.int(1, 2);
  const size = r.pick([1, 3]);
  const weights = b.weights([out, size, size, channels / group], from);
  return b.layer(conv.name, [from, ...weights], { ...place, pads: size === 1 ? [0, 0, 0, 0] : place.pads, group, ...randomClamp(r) }, b.outputQuantization(from, 0.02, (size * size * channels) / group, r.int(0, 1) === 1));
}

/** Layers that work on rows, with branches that meet again, on an image of 8 to 20 rows. */
const stage: Make = (b, r) => {
  let at = b.input([1, r.int(8, 20), r.int(5, 9), r.pick([3, 4])]);
  for (let layers = r.int(2, 4); layers > 0; layers--) {
    at = window(b, r, at, r.pick(['conv', 'depthwise', 'max', 'average', 'conv']));
    if (r.int(0, 2) > 0) continue;
    const channels = shapeOf(b, at)[3];
    const other = b.layer(conv.name, [at, ...b.weights([channels, 3, 3, channels], at)], { layout: 'nhwc', strides: [1, 1], pads: [1, 1, 1, 1], group: 1 }, b.outputQuantization(at, 0.02, 9 * channels, false));
    at = b.layer(add.name, [at, other], randomClamp(r));
  }
  return at;
};

/** Parts, slices and joins that are runs of bytes, with layers before and behind that overlap their results with them. */
const parts: Make = (b, r) => {
  const channels = 4;
  const image = b.input([1, r.int(6, 10), 5, channels]);
  const rows = shapeOf(b, image)[1];
  const quantization = b.editor.value(image).type.quantization;
  const first = r.int(0, 1) ? image : b.layer(clamp.name, [image], { clampMin: -1 }, quantization);
  const cut = r.int(1, rows - 2);
  const sizes = [cut, rows - cut];
  const outputs = sizes.map((size, i) => b.editor.addValue(`part${i}`, { ...b.editor.value(first).type, shape: [1, size, 5, channels] }));
  b.editor.addNode({ op: split.name, name: 'split', inputs: [first], outputs, attributes: { axis: 1, sizes } });
  const begin = r.int(0, rows - 3);
  const middle = addSlice(b.editor, 'middle', first, [0, begin, 0, 0], [1, 3, 5, channels], []);
  const left = r.int(0, 1) ? outputs[0] : b.layer(clamp.name, [outputs[0]], { clampMax: 1 }, quantization);
  const right = b.layer(maxPool.name, [outputs[1]], { layout: 'nhwc', kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] }, quantization);
  const list = r.pick([[left, right, middle], [middle, left, right], [right, middle, right]]);
  const total = list.reduce((sum, id) => sum + shapeOf(b, id)[1], 0);
  const joined = b.editor.addValue('joined', { ...b.editor.value(first).type, shape: [1, total, 5, channels] });
  addConcat(b.editor, 'join', list, joined, 1, []);
  return r.int(0, 1) ? joined : b.layer(add.name, [joined, joined], {});
};

export const randomStage = (random: Random, isQuantized: boolean): Model => drawModel(stage, random, isQuantized, 'tflite-double-round');
export const randomParts = (random: Random, isQuantized: boolean): Model => drawModel(parts, random, isQuantized, 'tflite-double-round');
