/** Deterministic numbers for tests: the linear congruential generator that the reference outputs were made with. */
export class Random {
  constructor(private state: number) {}

  /** 32 bits. */
  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state;
  }

  /** An integer from low to high, both included. */
  int(low: number, high: number): number {
    return low + ((this.next() >>> 8) % (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)];
  }

  /** A real number in [low, high). */
  real(low: number, high: number): number {
    return low + (this.next() / 2 ** 32) * (high - low);
  }

  codes(count: number, low = -128, high = 127): number[] {
    return Array.from({ length: count }, () => this.int(low, high));
  }

  reals(count: number, low = -2, high = 2): number[] {
    return Array.from({ length: count }, () => Math.fround(this.real(low, high)));
  }
}
