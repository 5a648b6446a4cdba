/** The board's side of a bootloader's protocol, independent of our uploaders: bytes in, bytes out, a flash to look at. */
export interface FakeDevice {
  /** What the chip's flash holds, by address. */
  readonly flash: ReadonlyMap<number, number>;
  receive(bytes: Uint8Array): void;
  /** Modem lines, where they mean something to the board. */
  signals?(lines: { readonly dtr: boolean; readonly rts: boolean }): void;
  /** Firmware was started after programming. */
  readonly started: boolean;
}

export type Send = (bytes: Uint8Array) => void;

/** Flash as bytes by address: a fake shows what was really written, wherever that is. */
export class FakeFlash {
  readonly bytes = new Map<number, number>();

  write(address: number, data: ArrayLike<number>): void {
    for (let i = 0; i < data.length; i++) this.bytes.set(address + i, data[i]);
  }

  read(address: number, count: number): Uint8Array {
    return Uint8Array.from({ length: count }, (_, i) => this.bytes.get(address + i) ?? 0xff);
  }

  erase(from = 0, to = Infinity): void {
    for (const address of [...this.bytes.keys()]) if (address >= from && address < to) this.bytes.delete(address);
  }
}

/** A fake that is written as a coroutine: it asks for bytes with `yield`. */
export type Conversation = Generator<void, void, number>;

export class ConversationDevice {
  private steps: Conversation;

  constructor(private readonly begin: () => Conversation) {
    this.steps = this.restart();
  }

  restart(): Conversation {
    this.steps = this.begin();
    this.steps.next(); // up to its first wish for a byte
    return this.steps;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.steps.next(byte);
  }
}

export function* take(count: number): Generator<void, number[], number> {
  const bytes: number[] = [];
  while (bytes.length < count) bytes.push(yield);
  return bytes;
}
