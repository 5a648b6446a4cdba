import assert from 'node:assert/strict';
import type { PredictionView } from '../../../src/messages/device';
import { barsOf, missedPath } from '../../../webview/device/bars';

const prediction = (change: Partial<PredictionView> = {}): PredictionView => ({ number: 1, sample: 0, label: 'a', score: 0.9, scores: [0.9, 0.01, 0.5], us: 1, equalsHost: true, at: 0, ...change });
const places = { x: (i: number) => 100 + i * 10, bottom: (row: number) => (row + 1) * 20, gap: 1, column: 10, lane: 23 };
const names = ['a', 'b', 'c'];

describe('bars of the class scores', () => {
  it('stand in their column and lane, as high as the score; what is not seen has none', () => {
    assert.deepEqual(barsOf([prediction()], names, [0, 1], places), [
      { kind: 'right', x: 101, y: 2, width: 8, height: 18 },
      { kind: 'low', x: 101, y: 50, width: 8, height: 10 },
    ]);
    assert.deepEqual(barsOf([prediction({ scores: [NaN, 0, 0.01] })], names, [0, 1], places), []);
  });

  it('a wrong answer is of another kind, and the missed truth gets a diamond', () => {
    const wrong = prediction({ truth: 'c' });
    assert.deepEqual(barsOf([prediction(), wrong], names, [0, 1], places).map(({ kind }) => kind), ['right', 'low', 'wrong', 'low']);
    assert.equal(missedPath([prediction({ truth: 'a' }), wrong, prediction({ truth: 'unknown' })], names, places), 'M115 43.5l5 5l-5 5l-5 -5z');
  });
});
