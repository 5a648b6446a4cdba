import assert from 'node:assert/strict';
import { removalOrder, statisticsOf } from '../../../../src/engine/compress/prune/input-statistics';
import { compensate, refit } from '../../../../src/engine/compress/prune/refit';
import { Random } from '../../../support/random';

const ROWS = 600;

/** Rows of six columns: the fourth is twice the first, the fifth constant, the others independent. */
function rows(): Float64Array {
  const random = new Random(3);
  return Float64Array.from(Array.from({ length: ROWS }, () => {
    const [a, b, c, d] = random.reals(4);
    return [a, b, c, 2 * a, 3, d];
  }).flat());
}

const apply = (x: Float64Array, depth: number, weights: ArrayLike<number>, bias: ArrayLike<number>, row: number, output: number): number => {
  let y = bias[output];
  for (let i = 0; i < depth; i++) y += weights[output * depth + i] * x[row * depth + i];
  return y;
};

describe('weights for fewer columns', () => {
  it('take over what can be predicted: copies and constants cost next to nothing', () => {
    const x = rows();
    const statistics = statisticsOf(x, 6);
    const weights = [1, -1, 0.5, 2, 4, 0.3, 0.2, 0.1, -2, 1, 1, -0.7];
    const made = compensate(statistics, weights, [0.5, -0.25], [0, 1, 2, 5]);
    assert.deepEqual([3, 4, 9, 10].map((i) => made.weights[i]), [0, 0, 0, 0]);
    for (let row = 0; row < 50; row++) {
      for (const o of [0, 1]) {
        const [want, got] = [apply(x, 6, weights, [0.5, -0.25], row, o), apply(x, 6, made.weights, made.bias, row, o)];
        assert.ok(Math.abs(want - got) < 0.25, `${want} ${got}`);
      }
    }
  });

  it('units go in the order of what cannot be made up for', () => {
    const statistics = statisticsOf(rows(), 6);
    const weights = [1, -1, 0.5, 2, 4, 0.01];
    const { order, loss } = removalOrder([{ statistics, weights, columns: [[0], [1], [2], [3], [4], [5]] }], 6);
    assert.equal(order.length, 5);
    assert.ok(new Set(order.slice(0, 3)).has(4) && new Set(order.slice(0, 3)).has(5), order.join());
    assert.ok(order.indexOf(0) < 3 || order.indexOf(3) < 3, 'one of the two copies goes early, whatever it weighs');
    assert.ok(order.indexOf(2) < order.indexOf(1) || !order.includes(1), order.join());
    loss.forEach((l, i) => assert.ok(i === 0 || l >= loss[i - 1]));
  });

  it('a fit behind a clamp need not meet what the clamp cuts off', () => {
    const random = new Random(11);
    const x = Float64Array.from({ length: ROWS * 2 }, () => random.real(-1, 1));
    // Far below the clamp the target bends away from what two columns can follow.
    const targets = Float64Array.from({ length: ROWS }, (_, n) => {
      const y = 2 * x[n * 2] - x[n * 2 + 1];
      return y > 0 ? y : y * 30 - 20;
    });
    const data = { rows: x, depth: 2, targets, outputs: 1, fitRows: 450 };
    const error = ({ weights, bias }: { weights: Float64Array; bias: Float64Array }): number => {
      let sum = 0;
      for (let n = 0; n < ROWS; n++) sum += (Math.max(0, apply(x, 2, weights, bias, n, 0)) - Math.max(0, targets[n])) ** 2;
      return sum / ROWS;
    };
    const start = [0.5, 0.5];
    const [bounded, plain] = [refit(data, start, [0], { min: 0, max: Infinity }), refit(data, start, [0], { min: -Infinity, max: Infinity })];
    assert.ok(error(bounded) < 0.02, `${error(bounded)}`);
    assert.ok(error(plain) > 5 * error(bounded), `${error(plain)} ${error(bounded)}`);
  });

  it('keeps its weights where no other samples bear a fit out', () => {
    const random = new Random(5);
    const noise = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.real(-1, 1));
    const data = { rows: noise(16 * 12), depth: 12, targets: noise(16), outputs: 1, fitRows: 12 };
    const start = new Float64Array(12);
    const fitted = refit(data, start, [0], { min: -Infinity, max: Infinity });
    assert.ok(fitted.weights.every((w) => Math.abs(w) < 0.2), fitted.weights.join());
  });
});
