/** Deterministic pseudo-random numbers: xorshift32 (Marsaglia, 2003). The same seed gives the same test. */
export function random(seed: number): { uint32(): number; below(limit: number): number; bytes(length: number): Uint8Array } {
  let state = seed >>> 0 || 1;
  const uint32 = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  const below = (limit: number): number => Math.floor((uint32() / 0x1_0000_0000) * limit);
  return { uint32, below, bytes: (length) => Uint8Array.from({ length }, () => uint32() >>> 13) };
}
