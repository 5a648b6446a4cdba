import type { Accuracy } from './engine-contract';

/** Index of the largest score; the first of equals, as every runtime's argmax. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/** Share of right answers with its 95 % interval. Source: Wilson 1927, z = 1.96. */
export function accuracyOf(right: number, total: number): Accuracy {
  const z = 1.959964;
  const share = right / total;
  const centre = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return { right, total, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
