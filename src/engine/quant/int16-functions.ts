/** Logistic, tanh and table functions of TFLite's int16 kernels, bit for bit. */

const logistic = (x: number): number => 65536 / (1 + Math.exp(-x / 24));

/**
 * logistic(i / 24) * 2^16 for i = 0 to 255. Each entry is raised by half of what linear interpolation would miss in the middle
 * of its interval; the last is where the function saturates.
 */
export const logisticTable = Uint16Array.from({ length: 256 }, (_, i) => {
  const missed = logistic(i + 0.5) - (logistic(i) + logistic(i + 1)) / 2;
  return i === 255 ? 65535 : Math.floor(logistic(i) + missed / 2 + 0.5);
});

export interface Int16Scale {
  /** 0 for a scale that is a power of two. */
  readonly multiplier: number;
  readonly leftShift: number;
}

/** Scale of the argument in 1/(3 * 2^12). Source: TFLM's CalculateArithmeticOpDataLogistic and tanh's counterpart. */
export function int16Scale(inputScale: number, powerOfTwoShifts: readonly number[]): Int16Scale {
  const log = Math.log2(inputScale);
  const rounded = Math.round(log);
  if (Math.abs(log - rounded) < 1e-3 && powerOfTwoShifts.includes(12 + rounded)) return { multiplier: 0, leftShift: 12 + rounded };
  let multiplier = inputScale * 4096 * 3;
  let leftShift = 0;
  for (; multiplier <= 32767 / 2 && leftShift <= 30; leftShift++) multiplier *= 2;
  return { multiplier: Math.trunc(multiplier), leftShift };
}

/** The argument in steps of 1/(3 * 2^12). */
function argument(code: number, { multiplier, leftShift }: Int16Scale): number {
  if (multiplier === 0) return code * 3 * 2 ** leftShift;
  const round = leftShift > 0 ? 2 ** (leftShift - 1) : 0;
  return Math.floor((code * multiplier + round) / 2 ** leftShift);
}

/** logistic of an int16 code as a Q0.15 code. */
export function logisticInt16(code: number, scale: Int16Scale): number {
  const x = argument(code, scale);
  const size = Math.abs(x);
  const index = size >> 9;
  const value = index >= 255 ? 0x7fff * 1024 : logisticTable[index] * 512 + (size & 511) * (logisticTable[index + 1] - logisticTable[index]);
  return Math.floor((x >= 0 ? value + 512 : 2 ** 25 - value + 511) / 1024);
}

/** tanh of an int16 code as a Q0.15 code. */
export function tanhInt16(code: number, scale: Int16Scale): number {
  const x = argument(code, scale);
  const size = Math.abs(x);
  const index = size >> 8;
  const value = index >= 255 ? 0xffff * 256 : logisticTable[index] * 256 + (size & 255) * (logisticTable[index + 1] - logisticTable[index]);
  return Math.floor((x >= 0 ? value - 2 ** 23 + 128 : 2 ** 23 - value + 127) / 256);
}

/** 513 samples of a function over all int16 codes, for linear interpolation. Source: TFLite LUTPopulate, float arithmetic. */
export function sampledInt16(inputScale: number, inputZero: number, outputScale: number, outputZero: number, f: (x: number) => number): Int16Array {
  const { fround } = Math;
  const rounded = (x: number): number => (x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5));
  const clamp = (x: number): number => Math.min(32767, Math.max(-32768, x));
  const low = fround(fround(inputScale) * (-32768 - inputZero));
  const high = fround(fround(inputScale) * (32767 - inputZero));
  const outLow = fround(fround(outputScale) * (-32768 - outputZero));
  const outHigh = fround(fround(outputScale) * (32767 - outputZero));
  const step = fround(fround(high - low) / 512);
  const inverse = fround(65536 / fround(outHigh - outLow));
  const at = (x: number): number => fround(fround(f(fround(x))) * inverse);
  const table = new Int16Array(513);
  for (let i = 0; i < 512; i++) {
    const start = fround(low + fround(i * step));
    const sample = rounded(at(start));
    const between = rounded(fround(fround(at(fround(low + fround((i + 1) * step))) + sample) / 2));
    const missed = between - rounded(at(fround(start + fround(step / 2))));
    table[i] = clamp(sample - rounded(missed / 2));
  }
  table[512] = clamp(rounded(at(high)));
  return table;
}

/** Source: TFLite LUTLookup for int16. */
export function interpolatedInt16(table: Int16Array, code: number): number {
  const index = 256 + (code >> 7);
  return table[index] + (((table[index + 1] - table[index]) * (code & 127) + 64) >> 7);
}
