import { Emitter } from '../../base/event';
import type { ByteLink } from './link';

type Signals = { readonly dtr: boolean; readonly rts: boolean };

/** One end of a pair in memory. What the other end does with modem lines and baud is seen in `onSignals` and `baud`. */
export class MemoryLink implements ByteLink {
  private readonly data = new Emitter<Uint8Array>();
  private readonly closeEvent = new Emitter<Error | undefined>();
  private readonly signals = new Emitter<Signals>();
  private other!: MemoryLink;
  private open = true;
  baud: number | undefined;

  readonly onData = this.data.event;
  readonly onClose = this.closeEvent.event;
  /** Signals that the other end has set. */
  readonly onSignals = this.signals.event;

  private constructor(readonly name: string) {}

  static pair(name: string): [MemoryLink, MemoryLink] {
    const ends: [MemoryLink, MemoryLink] = [new MemoryLink(name), new MemoryLink(`${name} (board)`)];
    ends[0].other = ends[1];
    ends[1].other = ends[0];
    return ends;
  }

  /** Bytes arrive later and copied, as on a wire. */
  write(bytes: Uint8Array): Promise<void> {
    if (!this.open) return Promise.reject(new Error(`${this.name} is closed`));
    const copy = bytes.slice();
    return new Promise((resolve) =>
      setImmediate(() => {
        if (this.other.open) this.other.data.fire(copy);
        resolve();
      }),
    );
  }

  setSignals(signals: Signals): Promise<void> {
    this.other.signals.fire(signals);
    return Promise.resolve();
  }

  setBaud(baud: number): Promise<void> {
    this.baud = baud;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.end(undefined);
    this.other.end(undefined);
    return Promise.resolve();
  }

  /** As if the cable were pulled. */
  unplug(error: Error): void {
    this.end(error);
    this.other.end(error);
  }

  private end(error: Error | undefined): void {
    if (!this.open) return;
    this.open = false;
    this.closeEvent.fire(error);
  }
}
