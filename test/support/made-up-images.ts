import type { Random } from './random';

/** Three channels, first in order: noise alone, or some waves in each channel with a little noise over them. */
export function madeUpImage(random: Random, side: number, largest: number, waves: number): number[] {
  return [0, 1, 2].flatMap(() => {
    const base = random.real(0, 1);
    const parts = Array.from({ length: waves }, () => [random.real(-3, 3), random.real(-3, 3), random.real(0, 7), random.real(0, 0.3)]);
    const noise = random.real(0, 0.3);
    return Array.from({ length: side * side }, (_, i) => {
      if (!waves) return random.real(0, 1) * largest;
      const [x, y] = [(i % side) / side, Math.floor(i / side) / side];
      const sum = parts.reduce((total, [a, b, phase, height]) => total + height * Math.sin(2 * Math.PI * (a * x + b * y) + phase), base + noise * random.real(-0.5, 0.5));
      return Math.max(0, Math.min(1, sum)) * largest;
    });
  });
}

/** Frames of the anomaly detector: one recording of MLPerf Tiny, 640 numbers each. */
export const framesOf = (bytes: Buffer): number[][] => Array.from({ length: Math.floor(bytes.length / 2560) }, (_, i) => Array.from({ length: 640 }, (_v, k) => bytes.readFloatLE((i * 640 + k) * 4)));

/** A sample with its channels last. */
export const channelsLast = (sample: readonly number[], [channels, height, width]: readonly number[]): number[] =>
  Array.from({ length: sample.length }, (_, i) => sample[(i % channels) * height * width + Math.floor(i / channels)]);
