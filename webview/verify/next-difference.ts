import type { VerifyResultView } from '../../src/messages/verify';

/** From one layer that differs to the next one, round and round. */
export function nextDifference(result: VerifyResultView | undefined, now: number | null, by: 1 | -1): number | null {
  const differing = result?.layers.filter(({ differ, otherWeights }) => differ !== 0 || otherWeights).map(({ index }) => index) ?? [];
  if (!differing.length) return now;
  const behind = by === 1 ? differing.find((index) => index > (now ?? -1)) : [...differing].reverse().find((index) => index < (now ?? Infinity));
  return behind ?? differing[by === 1 ? 0 : differing.length - 1];
}
