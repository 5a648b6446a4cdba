import assert from 'node:assert/strict';
import { expOfNegative, fixedLogistic, fixedTanh } from '../../../src/engine/quant/fixed-functions';
import { highMul, roundingShift, scaleOnce, scaleTwice, scaleWide } from '../../../src/engine/quant/fixed-point';
import { logisticInt16, tanhInt16 } from '../../../src/engine/quant/int16-functions';
import { multiplyDoubleRounding, multiplySingleRounding, quantizeMultiplier } from '../../../src/engine/quant/rounding';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Corner values and 32-bit words of an LCG. */
function* words(count: number): Generator<number> {
  yield* [0, 1, -1, 2, -2, 2 ** 30, -(2 ** 30), 2 ** 30 - 1, INT32_MAX, INT32_MIN, INT32_MIN + 1, 65535, 65536, -65536];
  let x = 12345;
  for (let i = 0; i < count; i++) yield (x = (Math.imul(x, 1664525) + 1013904223) | 0) >> (i % 24);
}

describe('fixed-point arithmetic in doubles equals that in BigInt', () => {
  it('SaturatingRoundingDoublingHighMul', () => {
    const exact = (a: number, b: number): number => {
      const product = BigInt(a) * BigInt(b);
      const result = (product + (product >= 0n ? 1n << 30n : 1n - (1n << 30n))) / (1n << 31n);
      return Number(result > BigInt(INT32_MAX) ? BigInt(INT32_MAX) : result);
    };
    const list = [...words(400)];
    for (const a of list) for (const b of list) assert.equal(highMul(a, b) + 0, exact(a, b) + 0, `${a} * ${b}`);
  });

  it('RoundingDivideByPOT: ties go away from zero', () => {
    assert.deepEqual([3, -3, 5, -5].map((x) => roundingShift(x, 1)), [2, -2, 3, -3]);
    for (const x of words(500)) {
      for (let exponent = 0; exponent < 32; exponent++) {
        const half = exponent ? 1n << BigInt(exponent - 1) : 0n;
        const size = (BigInt(Math.abs(x)) + half) >> BigInt(exponent);
        assert.equal(roundingShift(x, exponent) + 0, Number(x < 0 ? -size : size) + 0, `${x} >> ${exponent}`);
      }
    }
  });

  it('MultiplyByQuantizedMultiplier, both roundings', () => {
    for (const real of [1, 0.5, 0.75, 0.0003, 1e-9, 3.999, 100, 0.9999999999]) {
      const { mantissa, shift } = quantizeMultiplier(real);
      for (const x of words(2000)) {
        assert.equal(scaleTwice(x, mantissa, shift) + 0, multiplyDoubleRounding(x, mantissa, shift) + 0, `${x} * ${real}, twice`);
        assert.equal(scaleOnce(x, mantissa, shift) + 0, multiplySingleRounding(x, mantissa, shift) + 0, `${x} * ${real}, once`);
      }
    }
  });

  it('64-bit accumulators of int16 models', () => {
    for (const real of [0.00021, 0.5, 0.031]) {
      const { mantissa, shift } = quantizeMultiplier(real);
      const reduced = BigInt((mantissa + (1 << 15)) >> 16);
      const bits = BigInt(15 - shift);
      for (const word of words(2000)) {
        const x = word * 1024;
        const exact = BigInt.asIntN(32, (BigInt(x) * reduced + (1n << (bits - 1n))) >> bits);
        assert.equal(scaleWide(x, mantissa, shift), Number(exact), `${x} * ${real}`);
      }
    }
  });
});

describe('functions in fixed point are near those of real numbers', () => {
  const near = (actual: number, wanted: number, limit: number, what: string): void => assert.ok(Math.abs(actual - wanted) <= limit, `${what}: ${actual} instead of ${wanted}`);

  it('exp, logistic and tanh with 31 bits', () => {
    for (let x = -15.9; x < 16; x += 0.0137) {
      const raw = Math.round(x * 2 ** 26);
      if (x < 0) near(expOfNegative(raw, 5) / 2 ** 31, Math.exp(x), 3e-7, `exp(${x})`);
      if (Math.abs(x) >= 8) continue;
      near(fixedLogistic(2 * raw, 4) / 2 ** 31, 1 / (1 + Math.exp(-x)), 3e-7, `logistic(${x})`);
      near(fixedTanh(2 * raw, 4) / 2 ** 31, Math.tanh(x), 3e-7, `tanh(${x})`);
    }
  });

  it('logistic and tanh of int16', () => {
    const scale = { multiplier: 0, leftShift: 0 };
    for (let code = -32768; code < 32768; code += 7) {
      near(logisticInt16(code, scale) / 32768, 1 / (1 + Math.exp(-code / 4096)), 1e-4, `logistic(${code})`);
      near(tanhInt16(code, scale) / 32768, Math.tanh(code / 4096), 2e-4, `tanh(${code})`);
    }
  });
});
