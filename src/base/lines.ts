/** Longest line that is waited for: a board that floods without line ends must not fill the memory. */
const LONGEST = 16_384;

/** Text that arrives in pieces, as lines. Nothing is lost: a line that is too long comes in parts. */
export class LineSplitter {
  private rest = '';

  push(chunk: string): string[] {
    const lines = (this.rest + chunk).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    while (this.rest.length > LONGEST) {
      lines.push(this.rest.slice(0, LONGEST));
      this.rest = this.rest.slice(LONGEST);
    }
    return lines;
  }

  /** What has no line end yet; it is not given again. */
  end(): string[] {
    const { rest } = this;
    this.rest = '';
    return rest === '' ? [] : [rest];
  }
}
