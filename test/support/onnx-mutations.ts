/** Damaged and hostile variants of a file: the same seed gives the same bytes. */
import { random } from '../unit/device/random';

export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const numbers = random(seed + 1);
  const { below } = numbers;
  const copy = Uint8Array.from(bytes);
  switch (below(6)) {
    case 0: // cut off
      return copy.subarray(0, below(copy.length));
    case 1: { // some bits
      for (let n = 1 + below(8); n > 0; n--) copy[below(copy.length)] ^= 1 << below(8);
      return copy;
    }
    case 2: { // some bytes in the head, where structure is densest
      for (let n = 1 + below(16); n > 0; n--) copy[below(Math.min(copy.length, 4096))] = below(256);
      return copy;
    }
    case 3: { // a part repeated elsewhere
      const length = 1 + below(Math.min(512, copy.length - 1));
      copy.copyWithin(below(copy.length - length), below(copy.length - length), below(copy.length));
      return copy;
    }
    case 4: { // huge numbers where varints lie
      const at = below(Math.max(1, copy.length - 10));
      copy.fill(0xff, at, at + 1 + below(9));
      return copy;
    }
    default: { // a part left out
      const from = below(copy.length);
      const to = Math.min(copy.length, from + 1 + below(256));
      return Uint8Array.from([...copy.subarray(0, from), ...copy.subarray(to)]);
    }
  }
}
