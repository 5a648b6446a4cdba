/** Damaged copies of a file, the same for the same seed: what a hostile or broken download may look like. */
export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  let x = (seed * 2654435761) >>> 0;
  const below = (limit: number): number => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * limit);
  };
  const kind = below(8);
  if (kind === 0) return bytes.slice(0, below(bytes.length));
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const extremes = [0, 1, -1, 0x7fffffff, -0x80000000, 0xffff, 0x10000, 1000000007, copy.length, copy.length - 4];
  for (let i = 1 + below(kind < 4 ? 1 : 12); i > 0; i--) {
    // Structure is dense at the ends of a file, where weights are not.
    const near = below(3) === 0 ? below(copy.length) : below(Math.min(copy.length, 4096));
    const at = below(2) ? near : copy.length - 1 - near;
    const word = Math.min(Math.max(0, at & ~3), Math.max(0, copy.length - 4));
    if (kind % 3 === 0) copy[at] = below(256);
    else if (kind % 3 === 1) copy[at] ^= 1 << below(8);
    else if (copy.length >= 4) view.setInt32(word, extremes[below(extremes.length)] | 0, true);
  }
  if (kind === 7) {
    const [from, to, length] = [below(copy.length), below(copy.length), below(64)];
    copy.copyWithin(to, from, from + length);
  }
  return copy;
}
