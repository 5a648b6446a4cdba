import assert from 'node:assert/strict';
import { ALIGNMENT, aligned, place, type Interval } from '../../../src/engine/memory/place';
import { Random } from '../../support/random';

/** Every pair that lives together must lie apart. */
function assertApart(intervals: readonly Interval[], offsets: readonly number[], bytes: number): void {
  intervals.forEach((a, i) => {
    assert.equal(offsets[i] % ALIGNMENT, 0);
    assert.ok(offsets[i] + aligned(a.bytes) <= bytes);
    intervals.forEach((b, j) => {
      if (i >= j || a.last < b.first || b.last < a.first || !a.bytes || !b.bytes) return;
      assert.ok(offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i], `${i} and ${j} overlap`);
    });
  });
}

/** Most bytes that live at one time. */
const mostAlive = (intervals: readonly Interval[]): number =>
  Math.max(...Array.from({ length: 40 }, (_, i) => intervals.filter((x) => x.first <= i - 2 && i - 2 <= x.last).reduce((sum, x) => sum + aligned(x.bytes), 0)));

describe('placing tensors in the arena', () => {
  it('a chain needs its two largest neighbours', () => {
    const chain: Interval[] = [{ bytes: 64, first: -1, last: 0 }, { bytes: 512, first: 0, last: 1 }, { bytes: 128, first: 1, last: 2 }, { bytes: 10, first: 2, last: 3 }];
    const { bytes, boundBytes, offsets } = place(chain);
    assert.equal(bytes, 640);
    assert.equal(boundBytes, 640);
    assertApart(chain, offsets, bytes);
  });

  it('finds the bound where first-come placement misses it', () => {
    // Placed in order of appearance, the third block finds only gaps that are too small.
    const blocks: Interval[] = [{ bytes: 4, first: 0, last: 1 }, { bytes: 4, first: 0, last: 3 }, { bytes: 8, first: 2, last: 3 }];
    assert.equal(place(blocks).bytes, 12);
  });

  it('random graphs: never overlapping, never below the bound, nearly always at it', () => {
    const random = new Random(3);
    let atBound = 0;
    for (let round = 0; round < 200; round++) {
      const intervals = Array.from({ length: random.int(1, 25) }, () => {
        const first = random.int(-1, 12);
        return { bytes: random.int(0, 40) * 16, first, last: first + random.int(0, 5) };
      });
      const { offsets, bytes, boundBytes } = place(intervals);
      assertApart(intervals, offsets, bytes);
      assert.ok(bytes >= boundBytes);
      assert.equal(boundBytes, mostAlive(intervals));
      if (bytes === boundBytes) atBound++;
    }
    assert.ok(atBound >= 190, `${atBound} of 200 at the bound`);
  });

  it('is deterministic', () => {
    const random = new Random(5);
    const intervals = Array.from({ length: 40 }, () => ({ bytes: random.int(1, 900), first: random.int(0, 20), last: random.int(20, 40) }));
    assert.deepEqual(place(intervals), place(intervals));
  });

  it('nothing needs nothing', () => assert.deepEqual(place([]), { offsets: [], bytes: 0, boundBytes: 0 }));
});
