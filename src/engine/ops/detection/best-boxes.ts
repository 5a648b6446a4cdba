import { intersectionOverUnion, type Box } from '../non-max-suppression/overlap';

/** Positions of numbers, the greatest first; of equal ones the earlier. */
export const descending = (values: ArrayLike<number>): number[] => Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[j] - values[i] || i - j);

/** Boxes of at least this score, the best first, without those that overlap a better one too much; at most `limit`. */
export function bestBoxes(boxes: readonly Box[], scores: readonly number[], least: number, overlap: number, limit: number): number[] {
  const kept: number[] = [];
  for (const i of descending(scores)) {
    if (kept.length >= limit || !(scores[i] >= least)) break;
    if (kept.every((j) => intersectionOverUnion(boxes[i], boxes[j]) <= overlap)) kept.push(i);
  }
  return kept;
}
