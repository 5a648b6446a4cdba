import assert from 'node:assert/strict';
import type { ArenaView, TensorView } from '../../../src/messages/inspector';
import { axisOf, blocksOf, boxLabels, inRows, labelsOf, labelWidth, overlapsOf, roundStep, runsOf, tickText } from '../../../webview/inspector/map/geometry';

const tensor = (name: string, offset: number, bytes: number, firstStep: number, lastStep: number): TensorView => ({ name, offset, bytes, firstStep, lastStep, role: 'activation' });
const arena = (tensors: readonly TensorView[], change: Partial<ArenaView> = {}): ArenaView => ({ bytes: 1000, liveBoundBytes: 1000, peakSteps: [0], tensors, ...change });

describe('memory map', () => {
  it('clamps lifetimes to the steps: the input is there before the first', () => {
    const [input, output] = blocksOf(arena([tensor('in', 0, 10, -1, 0), tensor('out', 10, 10, 1, 5)]), 3);
    assert.deepEqual([input.first, input.last], [0, 0]);
    assert.deepEqual([output.first, output.last], [1, 2]);
  });

  it('leaves tensors without bytes out and alternates colours in the order of execution', () => {
    const blocks = blocksOf(arena([tensor('b', 0, 10, 1, 2), tensor('none', 0, 0, 0, 1), tensor('a', 20, 10, 0, 1)]), 3);
    assert.deepEqual(blocks.map((b) => [b.tensor.name, b.odd]), [['a', false], ['b', true]]);
  });

  it('finds where an output overwrites its input, and only there', () => {
    const blocks = blocksOf(arena([tensor('a', 0, 100, 0, 1), tensor('b', 60, 100, 1, 2), tensor('c', 0, 50, 2, 3)]), 4);
    assert.deepEqual(overlapsOf(blocks), [{ first: 1, last: 1, start: 60, end: 100 }]);
  });

  it('finds no overlap between tensors that only touch', () => {
    assert.deepEqual(overlapsOf(blocksOf(arena([tensor('a', 0, 50, 0, 1), tensor('b', 50, 50, 1, 2)]), 3)), []);
  });

  it('draws what the rows in sight meet', () => {
    const blocks = blocksOf(arena([tensor('early', 0, 1, 0, 2), tensor('long', 1, 1, 0, 9), tensor('late', 2, 1, 8, 9)]), 10);
    assert.deepEqual(inRows(blocks, 3, 7).map((b) => b.tensor.name), ['long']);
  });

  it('labels few round ticks from zero and reaches beyond the arena', () => {
    for (const bytes of [1, 700, 1024, 36_880, 5_000_000]) {
      const axis = axisOf(arena([], { bytes }));
      assert.equal(axis.ticks[0], 0);
      assert.ok(axis.ticks.length >= 2 && axis.ticks.length <= 6, `${bytes}: ${axis.ticks.join()}`);
      assert.ok(axis.maxBytes > bytes);
    }
    assert.equal(tickText(16_384, axisOf(arena([], { bytes: 50_000 })).unit), '16');
    assert.equal(axisOf(arena([], { bytes: 300 })).unit, 'B');
  });

  it('draws a limit to scale where it is near, and not where it would squeeze the arena', () => {
    assert.equal(axisOf(arena([], { limitBytes: 1800 })).limitBytes, 1800);
    assert.equal(axisOf(arena([], { limitBytes: 500 })).limitBytes, 500);
    assert.equal(axisOf(arena([], { limitBytes: 5000 })).limitBytes, undefined);
    assert.equal(axisOf(arena([])).limitBytes, undefined);
  });

  it('marks peak rows in runs', () => {
    assert.deepEqual(runsOf([5, 2, 3]), [{ first: 2, last: 3 }, { first: 5, last: 5 }]);
    assert.deepEqual(runsOf([]), []);
  });

  describe('labels', () => {
    const labels = (tensors: readonly TensorView[], end = 300): Record<string, string> =>
      Object.fromEntries(labelsOf(blocksOf(arena(tensors), 3), ({ tensor: { name } }) => name, 0.3, () => end).map(({ block, place, at }) => [block.tensor.name, `${place} ${Math.round(at)}`]));

    it('stand inside, beside, or nowhere', () => {
      assert.deepEqual(labels([tensor('wide', 0, 900, 0, 0)]), { wide: 'inside 0' });
      assert.deepEqual(labels([tensor('narrow one', 0, 100, 1, 1)]), { 'narrow one': 'right 30' });
      assert.deepEqual(labels([tensor('narrow one', 0, 100, 1, 1)], 60), {}, 'something else stands at the end of the row');
      assert.deepEqual(labels([tensor('pinched', 0, 100, 2, 2), tensor('wall', 100, 900, 2, 2)]), { wall: 'inside 30' });
    });

    it('avoid what overwrites the block where they can, and each other always', () => {
      assert.deepEqual(labels([tensor('input', 0, 900, -1, 0), tensor('out', 0, 500, 0, 0)]), { input: 'inside 150', out: 'inside 0' });
      const drawn = labelsOf(blocksOf(arena([tensor('below', 0, 900, 0, 2), tensor('above', 0, 900, 0, 2)]), 3), ({ tensor: { name } }) => name, 0.3, () => 300);
      const [[a], [b]] = [drawn.filter(({ text }) => text === 'below'), drawn.filter(({ text }) => text === 'above')];
      assert.ok(Math.abs(a.at - b.at) >= labelWidth('below'), `${a.at} and ${b.at}`);
    });

    it('of the picture on its side take as many lines as fit without meeting', () => {
      const box = (left: number, width: number, height = 100) => ({ left, top: 0, width, height, lines: ['name', '614,400'] });
      assert.deepEqual(boxLabels([box(0, 100)]), [{ box: 0, lines: ['name', '614,400'] }]);
      assert.deepEqual(boxLabels([box(0, 61), box(40, 60)]), [{ box: 0, lines: ['name', '614,400'] }], 'the second would meet the first');
      assert.deepEqual(boxLabels([box(0, 45), box(45, 45)]).map(({ lines }) => lines.length), [1, 1], 'bytes do not fit');
      assert.deepEqual(boxLabels([box(0, 100)], [{ left: 0, top: 20, width: 50, height: 20 }]), [{ box: 0, lines: ['name'] }], 'something stands where the bytes would');
      assert.deepEqual(boxLabels([box(0, 100, 10)]), []);
    });
  });

  it('marks steps at round numbers', () => {
    assert.deepEqual([7, 15, 30, 56, 302, 10_000].map((steps) => roundStep(steps, 12)), [1, 2, 5, 5, 50, 1000]);
  });
});
