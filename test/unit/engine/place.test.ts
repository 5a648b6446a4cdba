import assert from 'node:assert/strict';
import { ALIGNMENT, aligned, liveBytes, place, type Interval, type Overlay } from '../../../src/engine/memory/place';
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

/** Blocks that live together lie apart, or as an overlay says. */
function assertAllowed(blocks: readonly Interval[], overlays: readonly Overlay[], offsets: readonly number[], bytes: number): void {
  blocks.forEach((a, i) => {
    assert.ok(offsets[i] >= 0 && offsets[i] % ALIGNMENT === 0 && offsets[i] + a.bytes <= bytes);
    blocks.forEach((b, j) => {
      if (i >= j || a.last < b.first || b.last < a.first || offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]) return;
      const overlay = overlays.find((o) => o.over === j && o.under === i);
      assert.ok(overlay, `${j} lies over ${i}`);
      const distance = offsets[j] - offsets[i];
      const isSame = overlay.same && (distance === 0 || (overlay.multiple !== undefined && distance % overlay.multiple === 0));
      assert.ok(isSame || (overlay.before !== undefined && distance <= -overlay.before), `${j} lies ${distance} from ${i}: ${JSON.stringify(overlay)}`);
    });
  });
}

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
      // Blocks that lie apart need as much at each step as they hold.
      const apart = liveBytes(intervals.map((i, k) => ({ ...i, offset: offsets[k], first: i.first + 1, last: i.last + 1 })), 30);
      assert.equal(boundBytes, Math.max(...apart));
      if (bytes === boundBytes) atBound++;
    }
    assert.ok(atBound >= 190, `${atBound} of 200 at the bound`);
  });

  it('an output over an input that it eats up: at the same place, before it, behind it', () => {
    const [input, output] = [{ bytes: 64, first: -1, last: 0 }, { bytes: 64, first: 0, last: 1 }];
    const offsets = (overlay: Partial<Overlay>): readonly number[] => place([input, output], [{ over: 1, under: 0, same: false, ...overlay }]).offsets;
    assert.deepEqual(offsets({ same: true }), [0, 0]);
    assert.deepEqual(offsets({ before: 16 }), [16, 0]);
    assert.deepEqual(offsets({ before: 13 }), [16, 0], 'rounded up to the alignment');
    assert.deepEqual(offsets({ before: -16 }), [0, 0]);
    const distance = ([under, over]: readonly number[]): number => Math.abs(over - under);
    assert.equal(distance(offsets({})), 64, 'apart where nothing is allowed');
  });

  it('outputs that are shifted by whole pixels make room at both ends', () => {
    // The middle layer may move by multiples of 24; the others' places leave one way that needs no more than the bound.
    const blocks = [{ bytes: 480, first: -1, last: 0 }, { bytes: 320, first: 0, last: 1 }, { bytes: 320, first: 1, last: 2 }, { bytes: 80, first: 1, last: 1 }, { bytes: 640, first: 2, last: 3 }];
    const overlays: Overlay[] = [{ over: 1, under: 0, same: false, before: 8 }, { over: 2, under: 1, same: true, multiple: 24 }, { over: 4, under: 2, same: false, before: 320 }];
    const { offsets, bytes, boundBytes } = place(blocks, overlays);
    assert.equal(boundBytes, 640);
    assert.equal(bytes, 640);
    assertAllowed(blocks, overlays, offsets, bytes);
  });

  it('random chains with overlays: every overlap is an allowed one, never below the bound', () => {
    const random = new Random(11);
    for (let round = 0; round < 200; round++) {
      const steps = random.int(1, 14);
      const blocks: Interval[] = Array.from({ length: steps + 1 }, (_, i) => ({ bytes: random.int(1, 60) * 7, first: i - 1, last: i + (random.int(0, 4) ? 0 : random.int(0, 3)) }));
      const overlays = blocks.flatMap((block, i): Overlay[] => {
        if (i + 1 >= blocks.length || block.last !== blocks[i + 1].first) return [];
        const kind = random.int(0, 3);
        if (kind === 0) return [];
        return [{ over: i + 1, under: i, same: kind > 1, ...(kind === 2 ? { multiple: random.int(1, 30) } : {}), ...(kind !== 2 ? { before: random.int(-100, 200) } : {}) }];
      });
      const { offsets, bytes, boundBytes } = place(blocks, overlays);
      assert.ok(bytes >= boundBytes);
      assertAllowed(blocks, overlays, offsets, bytes);
    }
  });

  it('is deterministic', () => {
    const random = new Random(5);
    const intervals = Array.from({ length: 40 }, () => ({ bytes: random.int(1, 900), first: random.int(0, 20), last: random.int(20, 40) }));
    assert.deepEqual(place(intervals), place(intervals));
  });

  it('nothing needs nothing', () => assert.deepEqual(place([]), { offsets: [], bytes: 0, boundBytes: 0 }));
});
