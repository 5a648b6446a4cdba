import assert from 'node:assert/strict';
import type { VerifyLayerView, VerifyResultView } from '../../../src/messages/verify';
import { thinned } from '../../../webview/device/thinned';
import { histogramOf, quantileOf } from '../../../webview/device/history';
import { channelsOf, commonRange, planeOf, shadePaths } from '../../../webview/verify/planes';
import { nextDifference } from '../../../webview/verify/next-difference';

describe('planes of a result', () => {
  it('are one for each channel, rows and columns as they lie', () => {
    assert.equal(channelsOf([1, 2, 3, 4]), 4);
    assert.deepEqual(planeOf([1, 2, 3, 4], 1), { rows: 2, columns: 3, indices: [1, 5, 9, 13, 17, 21] });
    assert.deepEqual(planeOf([1, 3, 4], 2), { rows: 1, columns: 3, indices: [2, 6, 10] });
  });

  it('that are tall lie on their side', () => {
    assert.deepEqual(planeOf([1, 4, 2, 1], 0), { rows: 2, columns: 4, indices: [0, 2, 4, 6, 1, 3, 5, 7] });
  });

  it('of vectors are one, wrapped', () => {
    assert.equal(channelsOf([1, 40]), 1);
    const plane = planeOf([1, 40], 0);
    assert.deepEqual([plane.rows, plane.columns, plane.indices.length], [2, 32, 40]);
  });

  it('share a scale, and need few paths', () => {
    const plane = planeOf([1, 40], 0);
    const values = Array.from({ length: 40 }, (_, i) => i);
    assert.deepEqual(commonRange(plane, values, values.map((x) => x - 100)), [-100, 39]);
    assert.deepEqual(commonRange(plane, values, values.map(() => NaN)), [0, 39]);
    const paths = shadePaths(plane, values, [0, 39]);
    assert.equal(paths.length, 16);
    assert.equal(paths.reduce((n, { path }) => n + path.split('M').length - 1, 0), 40);
    assert.equal(shadePaths(plane, values.map(() => 5), [5, 5]).length, 1);
  });
});

describe('from difference to difference', () => {
  const layers = [0, 3, 0, null, 0].map((differ, index) => ({ index, differ, otherWeights: index === 4 }) as VerifyLayerView);
  const result = { layers } as unknown as VerifyResultView;
  it('goes on, back, and around', () => {
    assert.deepEqual([nextDifference(result, null, 1), nextDifference(result, 1, 1), nextDifference(result, 3, 1), nextDifference(result, 4, 1)], [1, 3, 4, 1]);
    assert.deepEqual([nextDifference(result, null, -1), nextDifference(result, 3, -1), nextDifference(result, 1, -1)], [4, 1, 4]);
    assert.equal(nextDifference({ layers: [] } as unknown as VerifyResultView, 2, 1), 2);
  });
});

describe('drawing many numbers', () => {
  it('keeps the extremes of each pixel', () => {
    const points = Array.from({ length: 1000 }, (_, i): readonly [number, number] => [i, i === 333 ? 99 : i % 7]);
    const kept = thinned(points, 100);
    assert.ok(kept.length <= 200 && kept.some(([at, value]) => at === 333 && value === 99));
    assert.deepEqual([...kept].sort((a, b) => a[0] - b[0]), kept);
    assert.equal(thinned(points.slice(0, 50), 100).length, 50);
  });

  it('has every value in a histogram, outliers in its last bin', () => {
    const { counts, from } = histogramOf([...Array.from({ length: 999 }, (_, i) => 10 + (i % 10)), 5000], 10);
    assert.equal(counts.reduce((a, b) => a + b), 1000);
    assert.equal(from, 10);
    assert.ok(counts[9] >= 100);
    assert.deepEqual(histogramOf([5, 5, 5], 4).counts, [3, 0, 0, 0]);
    assert.deepEqual([quantileOf([], 0.5), quantileOf([3, 1, 2], 0.5), quantileOf([1, 2], 0.99)], [null, 2, 2]);
  });
});
