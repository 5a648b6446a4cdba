/** A limit on the time that a search may take; what is under way when it passes is finished. */
export class Deadline {
  private readonly end: number;

  constructor(private readonly seconds: number, private readonly now: () => number = Date.now) {
    this.end = now() + seconds * 1000;
  }

  /** As much time again, from now on. */
  again(): Deadline {
    return new Deadline(this.seconds, this.now);
  }

  /** Something was left undone because of it. */
  wasReached = false;

  isOver(): boolean {
    const over = this.now() >= this.end;
    this.wasReached ||= over;
    return over;
  }
}
