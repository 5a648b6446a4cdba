import assert from 'node:assert/strict';
import { compressProblems } from '../../../../src/engine/compress/problems';
import { zerosOf } from '../../../../src/engine/compress/zeros';
import type { Model } from '../../../../src/engine/ir/types';
import { dense } from '../../../../src/engine/ops/dense/op';
import { Random } from '../../../support/random';
import { ModelBuilder } from '../../../support/random-graph';

/** Two dense layers, 4 to 3 to 2; some rows of the first are zero, bias included or not. */
function network(zeroRows: readonly number[], zeroBias: boolean): Model {
  const b = new ModelBuilder(new Random(1), false);
  const from = b.input([1, 4]);
  const row = (o: number): number[] => (zeroRows.includes(o) ? [0, 0, 0, 0] : [1, 2, 3, 4]);
  const first = b.layer(dense.name, [from, b.constant('float32', [3, 4], [0, 1, 2].flatMap(row)), b.constant('float32', [3], [0, 1, 2].map((o) => (zeroRows.includes(o) && zeroBias ? 0 : 1)))], { clampMin: 0 });
  return b.finish(b.layer(dense.name, [first, b.constant('float32', [2, 3], [1, 2, 3, 4, 5, 6]), b.constant('float32', [2], [1, 1])], {}));
}

describe('zeros among weights', () => {
  it('are counted, and channels made of nothing else are told apart', () => {
    assert.deepEqual(zerosOf(network([], true)), { weights: 18, zeros: 0, deadChannels: 0 });
    assert.deepEqual(zerosOf(network([0, 2], true)), { weights: 18, zeros: 8, deadChannels: 2 });
    assert.deepEqual(zerosOf(network([1], false)), { weights: 18, zeros: 4, deadChannels: 0 }, 'a bias is something');
  });

  it('are counted among the codes of an int8 model too', () => {
    const b = new ModelBuilder(new Random(2), true);
    const from = b.input([1, 4]);
    const scale = { scale: [0.01], zeroPoint: [0] };
    const model = b.finish(b.layer(dense.name, [from, b.constant('int8', [2, 4], [0, 5, 0, 7, 0, 0, 1, 2], scale), b.constant('int32', [2], [1, 2], scale)], {}));
    assert.deepEqual([zerosOf(model).weights, zerosOf(model).zeros], [8, 4]);
  });

  it('are reported as no saving, with what would be one', () => {
    const { title, detail, fixes } = compressProblems.zerosSaveNothing('m.onnx', { weights: 100, zeros: 60, deadChannels: 2 }, 0);
    assert.match(title, /60\.0 % .* saves 0 bytes/);
    assert.match(detail!, /2 channels consist of zeros alone/);
    assert.match(fixes[0].title, /--prune/);
  });
});
