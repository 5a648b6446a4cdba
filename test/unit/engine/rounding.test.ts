import assert from 'node:assert/strict';
import { clampedRange, combinedScale, multiplyDoubleRounding, multiplySingleRounding, quantizeMultiplier, quantizeReal, requantizer, roundHalfAway, roundHalfEven } from '../../../src/engine/quant/rounding';
import type { StaticType } from '../../../src/engine/ir/types';
import { Random } from '../../support/random';

const int8 = (scale: number, zeroPoint: number): StaticType => ({ dtype: 'int8', shape: [1], quantization: { scale: [scale], zeroPoint: [zeroPoint] } });

describe('rounding', () => {
  it('ties: to even, and away from zero', () => {
    assert.deepEqual([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999].map(roundHalfEven).map((x) => x + 0), [-2, -2, 0, 0, 2, 2, 2]);
    assert.deepEqual([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map(roundHalfAway), [-3, -2, -1, 1, 2, 3]);
  });

  it('a multiplier as mantissa and shift stands for the same number to 2^-31', () => {
    const random = new Random(7);
    for (let i = 0; i < 2000; i++) {
      const m = random.real(1e-9, 4);
      const { mantissa, shift } = quantizeMultiplier(m);
      assert.ok(mantissa >= 2 ** 30 && mantissa < 2 ** 31, `${m}: ${mantissa}`);
      assert.ok(Math.abs((mantissa / 2 ** 31) * 2 ** shift - m) <= m * 2 ** -30);
    }
    assert.deepEqual(quantizeMultiplier(0), { mantissa: 0, shift: 0 });
    assert.deepEqual(quantizeMultiplier(0.5), { mantissa: 2 ** 30, shift: 0 });
    assert.deepEqual(quantizeMultiplier(1), { mantissa: 2 ** 30, shift: 1 });
  });

  it('single rounding is the nearest integer; double rounding is at most one away', () => {
    const random = new Random(11);
    for (let i = 0; i < 5000; i++) {
      const acc = random.int(-(2 ** 24), 2 ** 24 - 1);
      const { mantissa, shift } = quantizeMultiplier(random.real(1e-5, 0.9));
      const exact = (acc * mantissa) / 2 ** (31 - shift);
      const single = multiplySingleRounding(acc, mantissa, shift);
      assert.ok(Math.abs(single - exact) <= 0.5 + 1e-6, `${acc}`);
      assert.ok(Math.abs(multiplyDoubleRounding(acc, mantissa, shift) - single) <= 1);
    }
    // Worked out by hand from gemmlowp's definition: a tie goes up in the high product (1.5 -> 2, -1.5 -> -1), away from zero in the shift.
    assert.equal(multiplyDoubleRounding(3, 2 ** 30, 0), 2);
    assert.equal(multiplyDoubleRounding(-3, 2 ** 30, 0), -1);
    assert.equal(multiplyDoubleRounding(-3, 2 ** 30, -1), -1);
    assert.equal(multiplyDoubleRounding(2 ** 31 - 1, 2 ** 30, 0), 2 ** 30);
  });

  it('requantizing by onnxruntime\'s rule: float32 product, ties to even, clamped', () => {
    const requantize = requantizer('onnx-float-half-even', { scale: [0.5], zeroPoint: [0] }, { scale: [0.25, 0.5], zeroPoint: [0, 0], axis: 0 }, int8(0.25, 3), [-128, 100]);
    assert.equal(requantize(1, 0), 3); // 0.5 -> 0
    assert.equal(requantize(3, 0), 5); // 1.5 -> 2
    assert.equal(requantize(3, 1), 6);
    assert.equal(requantize(10_000, 1), 100);
    assert.equal(requantize(-10_000, 1), -128);
    assert.equal(combinedScale(0.1, 0.2, 0.3), Math.fround(Math.fround(Math.fround(0.1) * Math.fround(0.2)) / Math.fround(0.3)));
  });

  it('real numbers become codes, NaN the zero point', () => {
    assert.equal(quantizeReal('onnx-float-half-even', 0.25, 0.1, -5, [-128, 127]), -3);
    assert.equal(quantizeReal('tflite-double-round', 0.25, 0.1, -5, [-128, 127]), -2);
    assert.equal(quantizeReal('onnx-float-half-even', 1e9, 0.1, -5, [-128, 127]), 127);
    assert.equal(quantizeReal('onnx-float-half-even', NaN, 0.1, -5, [-128, 127]), -5);
  });

  it('a fused clamp limits codes', () => {
    assert.deepEqual(clampedRange(int8(0.1, -100), 0, 6), [-100, -40]);
    assert.deepEqual(clampedRange(int8(0.02, -128), 0, 6), [-128, 127]);
    assert.deepEqual(clampedRange(int8(0.1, 5), undefined, undefined), [-128, 127]);
  });
});
