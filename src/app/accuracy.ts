import type { Accuracy, CompressReport } from './engine-contract';

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

/**
 * Exact two-sided McNemar test: how likely it is that two equally good models differ on `worse` and `better` samples at least
 * as unevenly as this. Source: McNemar 1947, with the binomial distribution of the discordant pairs.
 */
export function mcnemar(worse: number, better: number): number {
  const n = worse + better;
  const fewer = Math.min(worse, better);
  let logChoose = 0;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    tail += Math.exp(logChoose - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}

/** Counts by [truth][prediction]. */
export function confusionOf(labels: readonly number[], predicted: readonly number[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => matrix[label][predicted[i]]++);
  return matrix;
}

/** Samples on which two models disagree, what that says, and what each takes for what. */
export function paired(labels: readonly number[], before: readonly number[], after: readonly number[]): Required<Pick<CompressReport, 'changed' | 'mcnemar' | 'confusion'>> {
  const count = (was: boolean, is: boolean): number => labels.filter((label, i) => (before[i] === label) === was && (after[i] === label) === is).length;
  const changed = { worse: count(true, false), better: count(false, true) };
  const classes = [labels, before, after].reduce((most, all) => all.reduce((a, b) => Math.max(a, b), most), -1) + 1;
  return { changed, mcnemar: mcnemar(changed.worse, changed.better), confusion: { before: confusionOf(labels, before, classes), after: confusionOf(labels, after, classes) } };
}

/** Cosine of the angle between two lists of numbers: 1 for equal directions. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, x, y] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    x += a[i] * a[i];
    y += b[i] * b[i];
  }
  if (!(x > 0 && y > 0)) return x === y ? 1 : 0;
  return Math.min(1, product / Math.sqrt(x * y));
}
