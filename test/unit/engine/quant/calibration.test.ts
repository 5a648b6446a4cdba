import assert from 'node:assert/strict';
import { chooseRange, calibrationMethods } from '../../../../src/engine/quant/calibration';
import { Histogram } from '../../../../src/engine/quant/histogram';
import { Random } from '../../../support/random';

const normal = (random: Random): number => Array.from({ length: 12 }, () => random.real(0, 1)).reduce((a, b) => a + b, -6);

describe('ranges from numbers seen', () => {
  it('a histogram keeps extremes exactly and counts everything, however its range grows', () => {
    const histogram = new Histogram();
    histogram.add([0, 0, 0]);
    histogram.add([0.001, -0.002]);
    histogram.add([1000, -3.5, 17]);
    assert.deepEqual(histogram.range, { min: -3.5, max: 1000 });
    assert.equal(histogram.total, 8);
    assert.equal(histogram.bins().reduce((sum, bin) => sum + bin.count, 0), 8);
    const far = histogram.bins().find((bin) => bin.centre > 10 && bin.centre < 24);
    assert.ok(far && Math.abs(far.centre - 17) <= far.width, 'the bin of 17 lies at 17');
    histogram.add([NaN, Infinity]);
    assert.equal(histogram.broken, 2);
    assert.equal(histogram.total, 8);
  });

  const withOutlier = (): Histogram => {
    const random = new Random(7);
    const histogram = new Histogram();
    histogram.add(Array.from({ length: 50_000 }, () => normal(random)));
    histogram.add([200]);
    return histogram;
  };

  it('min-max and mse cover an outlier, the others leave it out and keep what is usual', () => {
    const histogram = withOutlier();
    for (const method of calibrationMethods) {
      const range = chooseRange(histogram, method);
      if (method === 'min-max') assert.equal(range.max, 200);
      // One number that is far off costs more squares than coarser steps for all others.
      else if (method === 'mse') assert.ok(range.max > 100, `mse: ${range.max}`);
      else assert.ok(range.max < 100 && range.max > 2, `${method}: ${range.max}`);
      assert.ok(range.min < -1 && range.min >= histogram.range.min, `${method}: ${range.min}`);
    }
  });

  it('mse has the least square error of all methods', () => {
    const random = new Random(3);
    const values = Array.from({ length: 20_000 }, () => Math.max(0, normal(random) ** 3));
    const histogram = new Histogram();
    histogram.add(values);
    const errorOf = (method: (typeof calibrationMethods)[number]): number => {
      const { min, max } = chooseRange(histogram, method);
      const step = (max - min) / 255;
      return values.reduce((sum, x) => sum + (Math.round(Math.min(max, Math.max(min, x)) / step) * step - x) ** 2, 0);
    };
    const best = errorOf('mse');
    for (const method of calibrationMethods) assert.ok(best <= errorOf(method) * 1.05, `${method}: ${errorOf(method)}, mse ${best}`);
  });

  it('ranges always hold zero, and equal numbers do no harm', () => {
    for (const method of calibrationMethods) {
      const above = new Histogram();
      above.add([3, 4, 5]);
      assert.equal(chooseRange(above, method).min, 0);
      const same = new Histogram();
      same.add([0, 0]);
      assert.deepEqual(chooseRange(same, method), { min: 0, max: 0 });
    }
  });
});
