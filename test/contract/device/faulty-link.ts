import { Emitter } from '../../../src/base/event';
import type { ByteLink } from '../../../src/device/transports/link';
import type { FakeDevice, Send } from './fakes/fake-device';

/** What goes wrong on the line. Counted in writes of the host and answers of the board, from 1. */
export interface LineFaults {
  /** The cable is pulled when the host writes for the nth time. */
  readonly unplugAtWrite?: number;
  /** The nth answer arrives with all bits turned. */
  readonly corruptAnswer?: number;
  /** From the nth write on the board answers nothing. */
  readonly silentFromWrite?: number;
}

/** A fake board behind a byte link, with faults. Bytes arrive later and in the pieces they were sent in. */
export class FaultyLink implements ByteLink {
  private readonly data = new Emitter<Uint8Array>();
  private readonly closeEvent = new Emitter<Error | undefined>();
  readonly device: FakeDevice;
  readonly onData = this.data.event;
  readonly onClose = this.closeEvent.event;
  writes = 0;
  answers = 0;
  closed = false;

  constructor(readonly name: string, make: (send: Send) => FakeDevice, private readonly faults: LineFaults = {}) {
    this.device = make((bytes) => this.answer(bytes));
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.closed) return Promise.reject(new Error(`${this.name} is closed`));
    this.writes++;
    if (this.writes === this.faults.unplugAtWrite) {
      this.end(new Error('the device hung up'));
      return Promise.reject(new Error('Input/output error'));
    }
    const copy = bytes.slice();
    return new Promise((resolve) =>
      setImmediate(() => {
        if (!this.closed) this.device.receive(copy);
        resolve();
      }),
    );
  }

  setSignals(lines: { readonly dtr: boolean; readonly rts: boolean }): Promise<void> {
    if (this.closed) return Promise.reject(new Error(`${this.name} is closed`));
    this.device.signals?.(lines);
    return Promise.resolve();
  }

  setBaud(): Promise<void> {
    return this.closed ? Promise.reject(new Error(`${this.name} is closed`)) : Promise.resolve();
  }

  close(): Promise<void> {
    this.end(undefined);
    return Promise.resolve();
  }

  private answer(bytes: Uint8Array): void {
    if (this.faults.silentFromWrite !== undefined && this.writes >= this.faults.silentFromWrite) return;
    this.answers++;
    const copy = this.answers === this.faults.corruptAnswer ? bytes.map((byte) => ~byte & 0xff) : bytes.slice();
    setImmediate(() => this.closed || this.data.fire(copy));
  }

  private end(error: Error | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.closeEvent.fire(error);
  }
}
