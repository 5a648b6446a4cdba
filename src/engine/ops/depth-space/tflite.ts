import type { TfliteImporters, TfliteNode } from '../../formats/tflite/mapping';

/** Operators that move pixels between space and channels or batches: changes of shape around a transpose. */
export const spaceImporters: TfliteImporters = {
  DEPTH_TO_SPACE(node) {
    const [batch, height, width, channels] = imageOf(node);
    const block = blockOf(node);
    if (channels % block ** 2 !== 0) node.refuse(`${channels} channels in blocks of ${block}`);
    move(node, [batch, height, width, block, block, channels / block ** 2], [0, 1, 3, 2, 4, 5], [batch, height * block, width * block, channels / block ** 2]);
  },
  SPACE_TO_DEPTH(node) {
    const [batch, height, width, channels] = imageOf(node);
    const block = blockOf(node);
    if (height % block || width % block) node.refuse(`an image of ${height}×${width} in blocks of ${block}`);
    move(node, [batch, height / block, block, width / block, block, channels], [0, 1, 3, 2, 4, 5], [batch, height / block, width / block, channels * block ** 2]);
  },
  SPACE_TO_BATCH_ND(node) {
    const shape = node.shape(0);
    const blocks = node.known(1, 'blocks');
    const pads = node.known(2, 'pads');
    const [batch, spatial, rest] = [shape[0], shape.slice(1, 1 + blocks.length), shape.slice(1 + blocks.length)];
    if (spatial.length !== blocks.length || pads.length !== 2 * blocks.length || blocks.some((block) => block < 1)) node.refuse('blocks for other axes');
    const begins = shape.map((_, axis) => pads[2 * (axis - 1)] ?? 0);
    const ends = shape.map((_, axis) => pads[2 * (axis - 1) + 1] ?? 0);
    const padded = spatial.map((extent, i) => extent + pads[2 * i] + pads[2 * i + 1]);
    if (padded.some((extent, i) => extent % blocks[i] !== 0)) node.refuse(`an image of ${padded.join('×')} in blocks of ${blocks.join('×')}`);
    const whole = node.step('pad', [node.inputs[0]], { mode: 'constant', begins, ends, value: 0 });
    const split = node.step('reshape', [whole], { shape: [batch, ...padded.flatMap((extent, i) => [extent / blocks[i], blocks[i]]), ...rest] });
    const permutation = [...blocks.map((_, i) => 2 * i + 2), 0, ...blocks.map((_, i) => 2 * i + 1), ...rest.map((_, i) => 2 * blocks.length + 1 + i)];
    const turned = node.step('transpose', [split], { permutation });
    node.emit('reshape', [turned], { shape: [batch * product(blocks), ...padded.map((extent, i) => extent / blocks[i]), ...rest] });
  },
  BATCH_TO_SPACE_ND(node) {
    const shape = node.shape(0);
    const blocks = node.known(1, 'blocks');
    const crops = node.known(2, 'crops');
    const rank = blocks.length;
    const [spatial, rest] = [shape.slice(1, 1 + rank), shape.slice(1 + rank)];
    const batch = shape[0] / product(blocks);
    if (spatial.length !== rank || crops.length !== 2 * rank || !Number.isInteger(batch)) node.refuse('blocks for other axes');
    const split = node.step('reshape', [node.inputs[0]], { shape: [...blocks, batch, ...spatial, ...rest] });
    const permutation = [rank, ...blocks.flatMap((_, i) => [rank + 1 + i, i]), ...rest.map((_, i) => 2 * rank + 1 + i)];
    const turned = node.step('transpose', [split], { permutation });
    const full = spatial.map((extent, i) => extent * blocks[i]);
    const whole = node.step('reshape', [turned], { shape: [batch, ...full, ...rest] });
    const counts = [batch, ...full.map((extent, i) => extent - crops[2 * i] - crops[2 * i + 1]), ...rest];
    node.emit('slice', [whole], { begins: counts.map((_, axis) => crops[2 * (axis - 1)] ?? 0), counts, steps: counts.map(() => 1) });
  },
};

const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);

function imageOf(node: TfliteNode): readonly number[] {
  const shape = node.shape(0);
  return shape.length === 4 ? shape : node.refuse(`an image of ${shape.length} axes`);
}

function blockOf(node: TfliteNode): number {
  const block = node.number('blockSize');
  return block >= 1 ? block : node.refuse(`blocks of ${block}`);
}

function move(node: TfliteNode, split: readonly number[], permutation: readonly number[], result: readonly number[]): void {
  const turned = node.step('transpose', [node.step('reshape', [node.inputs[0]], { shape: split })], { permutation });
  node.emit('reshape', [turned], { shape: result });
}
