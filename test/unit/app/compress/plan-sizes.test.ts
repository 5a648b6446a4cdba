import assert from 'node:assert/strict';
import { evenSizes, exchanges, greedySizes, interpolate, type Place, type Sizes } from '../../../../src/app/compress/reduce/plan-sizes';

const place = (name: string, sizes: readonly number[], divergence: readonly number[]): Place => ({ name, rule: 'l2', sizes, divergence });
/** Two places whose cost is the product of their sizes, as channels of two layers in a row. */
const places = [place('a', [8, 6, 4, 2], [0, 1, 4, 9]), place('b', [10, 8, 6, 4], [0, 0.1, 0.2, 5])];
const sizeOf = (sizes: Sizes): number[] => sizes.map((index, i) => places[i].sizes[index]);
const cost = (sizes: Sizes): number => sizeOf(sizes).reduce((a, b) => a * b, 1);

describe('sizes under a target', () => {
  it('go down where they lose least for what they save', () => {
    assert.deepEqual(sizeOf(greedySizes(places, cost, 64)!), [8, 8]);
    assert.deepEqual(sizeOf(greedySizes(places, cost, 40)!), [6, 6]);
    assert.equal(greedySizes(places, cost, 7), undefined);
    assert.deepEqual(sizeOf(greedySizes(places, cost, 8)!), [2, 4]);
  });

  it('what the last step saved too much is given back where it wins most', () => {
    const steep = [place('a', [10, 5], [0, 0.01]), place('b', [10, 9, 8], [0, 0.3, 0.6])];
    const product = (sizes: Sizes): number => sizes.reduce((total, index, i) => total * steep[i].sizes[index], 1);
    // First a, which saves half; nothing of b need go.
    assert.deepEqual(greedySizes(steep, product, 60), [1, 0]);
    const late = [place('a', [10, 9, 2], [0, 0.5, 0.6]), place('b', [10, 9], [0, 0.2])];
    const other = (sizes: Sizes): number => sizes.reduce((total, index, i) => total * late[i].sizes[index], 1);
    const chosen = greedySizes(late, other, 80)!;
    assert.ok(other(chosen) <= 80);
    assert.equal(late[1].sizes[chosen[1]], 10, 'b is whole again once a has gone so far');
  });

  it('the same share everywhere, and exchanges that fit, the most promising first', () => {
    const even = sizeOf(evenSizes(places, cost, 48)!);
    assert.ok(even[0] * even[1] <= 48 && even[0] < 8 && even[1] < 10);
    const next = exchanges(places, [2, 0], cost, 48).map(sizeOf);
    assert.deepEqual(next, [[6, 8]]);
  });

  it('between measured sizes along a line, beyond them as it went on', () => {
    const measured = [{ size: 10, divergence: 0 }, { size: 6, divergence: 4 }, { size: 4, divergence: 10 }];
    assert.deepEqual([10, 8, 6, 5, 4, 2].map((size) => interpolate(measured, size)), [0, 2, 4, 7, 10, 16]);
  });
});
