import assert from 'node:assert/strict';
import { cholesky, inverseOf, solveCholesky } from '../../../../src/engine/quant/cholesky';
import { RowMoments } from '../../../../src/engine/quant/moments';
import { RowReconstructor } from '../../../../src/engine/quant/reconstruct';
import { fullScale, nearestCode, weightGrids } from '../../../../src/engine/quant/weight-types';
import { Random } from '../../../support/random';

const N = 12;

/** Rows whose columns depend on each other, as neighbouring pixels do; the second is the first with noise and an offset. */
function rowsOf(random: Random, count: number): { real: Float64Array; coded: Float64Array }[] {
  return Array.from({ length: count }, () => {
    const common = random.real(-1, 1);
    const real = Float64Array.from({ length: N }, (_, i) => common * (i % 3) + random.real(-0.4, 0.4) + 0.5);
    return { real, coded: real.map((x) => x * 0.97 + 0.1 + random.real(-0.05, 0.05)) };
  });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);

describe('reconstruction of weights', () => {
  it('cholesky factors, solves and inverts, and tells what is not positive definite', () => {
    const a = Float64Array.from([4, 2, 0.6, 2, 5, 1, 0.6, 1, 3]);
    const l = cholesky(a, 3)!;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) assert.ok(Math.abs(dot(l.subarray(i * 3, i * 3 + 3), l.subarray(j * 3, j * 3 + 3)) - a[i * 3 + j]) < 1e-12);
    const x = Float64Array.from([1, 2, 3]);
    solveCholesky(l, 3, x);
    for (let i = 0; i < 3; i++) assert.ok(Math.abs(dot(a.subarray(i * 3, i * 3 + 3), x) - (i + 1)) < 1e-12);
    const inverse = inverseOf(l, 3);
    for (let i = 0; i < 3; i++) assert.ok(Math.abs(dot(a.subarray(i * 3, i * 3 + 3), [inverse[i], inverse[3 + i], inverse[6 + i]]) - 1) < 1e-12);
    assert.equal(cholesky(Float64Array.from([1, 2, 2, 1]), 2), undefined);
  });

  for (const form of ['int4', 'int2', 'ternary'] as const) {
    it(`${form}: the layer's output is nearer to the float model's than with the nearest codes, on rows never seen`, () => {
      const random = new Random(11);
      const seen = rowsOf(random, 600);
      const unseen = rowsOf(random, 300);
      const moments = new RowMoments(N);
      for (const { real, coded } of seen) moments.add(real, coded);
      const done = moments.finish();
      const reconstructor = new RowReconstructor(done, 0.05);
      const grid = weightGrids[form];
      let [plainError, chosenError] = [0, 0];
      for (let channel = 0; channel < 8; channel++) {
        const weights = Float64Array.from({ length: N }, () => random.real(-1, 1));
        const scale = fullScale(grid, weights, 0, N);
        const plain = weights.map((w) => nearestCode(grid, w / scale) * scale);
        const row = reconstructor.round(reconstructor.compensated(weights), grid, [1, 0.8, 0.6], 0);
        for (const code of row.codes) assert.ok(Number.isInteger(code) && code >= grid.lowest && code <= grid.highest);
        const chosen = row.codes.map((code) => code * row.scale[0]);
        const shift = dot(weights, done.meanReal) - dot(chosen, done.meanQuantized);
        for (const { real, coded } of unseen) {
          plainError += (dot(plain, coded) - dot(weights, real)) ** 2;
          chosenError += (dot(chosen, coded) + shift - dot(weights, real)) ** 2;
        }
      }
      assert.ok(chosenError < plainError / 2, `chosen ${chosenError}, nearest ${plainError}`);
    });
  }

  it('columns that never vary, and a row of zeros, are no trouble', () => {
    const moments = new RowMoments(N);
    for (let i = 0; i < 5; i++) moments.add(new Float64Array(N), new Float64Array(N));
    const reconstructor = new RowReconstructor(moments.finish(), 0.05);
    const zeros = reconstructor.round(new Float64Array(N), weightGrids.int4, [1], 0);
    assert.ok(zeros.codes.every((code) => code === 0) && zeros.scale[0] === 1);
    const row = reconstructor.round(new Float64Array(N).fill(0.7), weightGrids.int4, [1], 0);
    assert.ok(row.codes.every((code) => Math.abs(code * row.scale[0] - 0.7) < 0.06));
  });

  it('blocks with scales of their own: less error where a row holds large and small weights, and no worse elsewhere', () => {
    const random = new Random(8);
    const moments = new RowMoments(N);
    for (let i = 0; i < 200; i++) {
      const row = Float64Array.from({ length: N }, () => random.real(-1, 1));
      moments.add(row, row);
    }
    const reconstructor = new RowReconstructor(moments.finish(), 0.05);
    const blockOf = Int32Array.from({ length: N }, (_, i) => (i < N / 2 ? 0 : 1));
    const uneven = Float64Array.from({ length: N }, (_, i) => random.real(-1, 1) * (i < N / 2 ? 1 : 0.02));
    const whole = reconstructor.round(uneven, weightGrids.int4, [1, 0.8], 0);
    const blocks = reconstructor.round(uneven, weightGrids.int4, [1, 0.8], 0, blockOf);
    assert.deepEqual([whole.scale.length, blocks.scale.length], [1, 2]);
    assert.ok(blocks.scale[1] < blocks.scale[0] / 10, blocks.scale.join());
    assert.ok(blocks.error < whole.error, `${blocks.error}, with one scale ${whole.error}`);
    const half = reconstructor.round(uneven.map((w, i) => (i < N / 2 ? w : 0)), weightGrids.int4, [1], 0, blockOf);
    assert.ok(half.codes.subarray(N / 2).every((code) => code === 0) && half.scale[1] === 1);
  });

  it('nearest codes: ties to even, ends kept, no zero for binary weights', () => {
    assert.deepEqual([0.5, 1.5, -0.5, -1.5, 2.5, 9, -9].map((x) => nearestCode(weightGrids.int4, x) + 0), [0, 2, 0, -2, 2, 7, -8]);
    assert.deepEqual([0.1, -0.1, 5].map((x) => nearestCode(weightGrids.binary, x)), [1, -1, 1]);
  });
});
