import assert from 'node:assert/strict';
import { cluster, codebookSizes } from '../../../../src/engine/compress/store/cluster';
import type { WeightRows } from '../../../../src/engine/compress/store/pass-on';
import { sparsify, sparsePatterns, shareOfPattern } from '../../../../src/engine/compress/store/sparsify';
import { damped, statisticsOf } from '../../../../src/engine/compress/prune/input-statistics';
import { Random } from '../../../support/random';

const [OUTPUTS, DEPTH] = [24, 32];

/** Inputs that go together, as those of real layers do, and weights that read them. */
function layer(seed: number): { weights: WeightRows; moments: Float64Array; covariance: Float64Array } {
  const random = new Random(seed);
  const mix = random.reals(DEPTH * 6);
  const rows = new Float64Array(2000 * DEPTH);
  for (let n = 0; n < 2000; n++) {
    const hidden = random.reals(6);
    for (let i = 0; i < DEPTH; i++) rows[n * DEPTH + i] = hidden.reduce((sum, h, k) => sum + h * mix[i * 6 + k], 0) + 0.3 * random.real(-1, 1);
  }
  const statistics = statisticsOf(rows, DEPTH);
  const order = Array.from({ length: DEPTH }, (_, i) => (i % 8) * 4 + Math.floor(i / 8));
  return {
    weights: { values: Float64Array.from(random.reals(OUTPUTS * DEPTH)), depth: DEPTH, rowScale: new Float64Array(OUTPUTS).fill(1), order },
    moments: damped(statistics, Array.from({ length: DEPTH }, (_, i) => i)), covariance: statistics.covariance,
  };
}

/** Variance of what the outputs lose. */
function lost({ values }: WeightRows, now: Float64Array, covariance: Float64Array): number {
  let sum = 0;
  for (let o = 0; o < OUTPUTS; o++) {
    for (let i = 0; i < DEPTH; i++) for (let j = 0; j < DEPTH; j++) sum += (values[o * DEPTH + i] - now[o * DEPTH + i]) * covariance[i * DEPTH + j] * (values[o * DEPTH + j] - now[o * DEPTH + j]);
  }
  return sum;
}

const zeroShare = (values: Float64Array): number => values.filter((w) => w === 0).length / values.length;

describe('weights that become zero', () => {
  it('are as many as asked, in the pattern asked, in the order in which kernels read them', () => {
    const { weights, moments } = layer(1);
    for (const pattern of sparsePatterns) {
      for (const known of [moments, undefined]) {
        const sparse = sparsify(weights, pattern, 0.5, known);
        assert.ok(Math.abs(zeroShare(sparse) - (shareOfPattern(pattern) ?? 0.5)) < 0.01, `${pattern}: ${zeroShare(sparse)}`);
        if (pattern === 'free') continue;
        for (let at = 0; at < sparse.length; at += 4) {
          const group = [0, 1, 2, 3].map((i) => sparse[at - (at % DEPTH) + weights.order[(at % DEPTH) + i]]).filter((w) => w !== 0).length;
          assert.ok(pattern === 'blocks' ? group === 0 || group === 4 : group === (pattern === '2:4' ? 2 : 1), `${pattern}: ${group} of 4`);
        }
      }
    }
  });

  it('without statistics are the smallest, and the others stay', () => {
    const { weights } = layer(2);
    const sparse = sparsify(weights, 'free', 0.3);
    const gone = Math.max(...Array.from(weights.values).filter((_, i) => sparse[i] === 0).map(Math.abs));
    sparse.forEach((w, i) => assert.ok(w === 0 || (w === weights.values[i] && Math.abs(w) >= gone)));
  });

  it('cost the outputs far less where the others make up for them', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { weights, moments, covariance } = layer(seed);
      for (const pattern of sparsePatterns) {
        const [naive, fitted] = [sparsify(weights, pattern, 0.5), sparsify(weights, pattern, 0.5, moments)].map((now) => lost(weights, now, covariance));
        assert.ok(fitted < naive * 0.6, `seed ${seed}, ${pattern}: ${fitted} against ${naive}`);
      }
    }
  });

  it('codes stay codes', () => {
    const { weights, moments } = layer(3);
    const coded = { ...weights, values: Float64Array.from(weights.values, (w) => Math.round(w * 12)) };
    for (const w of sparsify(coded, 'free', 0.4, moments, Math.round)) assert.equal(w, Math.round(w));
  });
});

describe('weights that take few values', () => {
  it('take at most as many as the codebook has; more entries lose less', () => {
    const { weights, moments, covariance } = layer(4);
    let before = Infinity;
    for (const size of codebookSizes) {
      const now = cluster(weights, size, moments);
      assert.ok(new Set(now).size <= size, `${new Set(now).size} of ${size}`);
      const loss = lost(weights, now, covariance);
      assert.ok(loss < before / 2, `${size}: ${loss} after ${before}`);
      before = loss;
    }
  });

  it('lose less by what inputs make of them than by k-means alone', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { weights, moments, covariance } = layer(seed);
      for (const size of [4, 16] as const) {
        const [plain, fitted] = [cluster(weights, size), cluster(weights, size, moments)].map((now) => lost(weights, now, covariance));
        assert.ok(fitted < plain * 0.8, `seed ${seed}, ${size}: ${fitted} against ${plain}`);
      }
    }
  });

  it('stay as they are where they are few already; zeros that are many stay zero', () => {
    const { weights, moments } = layer(5);
    const few = { ...weights, values: Float64Array.from(weights.values, (w) => Math.sign(w)) };
    assert.deepEqual(cluster(few, 4), few.values);
    const sparse = { ...weights, values: sparsify(weights, 'free', 0.6, moments) };
    const now = cluster(sparse, 16, moments);
    sparse.values.forEach((w, i) => assert.ok(w !== 0 || now[i] === 0, `zero ${i} became ${now[i]}`));
  });
});
