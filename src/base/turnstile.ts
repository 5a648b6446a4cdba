/** Lets a loop through while it is open, one turn at a time while it is held. */
export class Turnstile {
  private turns = Infinity;
  private waiting: (() => void) | undefined;

  /** Resolves when the next turn may begin. One loop waits at most. */
  async pass(): Promise<void> {
    if (this.turns === 0) await new Promise<void>((resolve) => (this.waiting = resolve));
    this.turns--;
  }

  hold(): void {
    this.turns = 0;
  }

  /** One turn more; the loop is held after it. */
  step(): void {
    this.turns = this.turns === Infinity ? 1 : this.turns + 1;
    this.wake();
  }

  go(): void {
    this.turns = Infinity;
    this.wake();
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}
