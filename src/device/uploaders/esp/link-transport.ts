import { Transport } from 'esptool-js';
import { CancelledError, type CancelSignal } from '../../../base/cancel';
import type { Disposable } from '../../../base/disposable';
import type { ByteLink } from '../../transports/link';
import { LineStuck, orStuck } from '../line-stuck';
import { LinkGone } from '../link-reader';
import { SlipDecoder } from './slip';

/** What esptool-js asks of a WebSerial port, over a byte link. Modem lines keep their state: a link sets both at once. */
class LinkPort {
  readonly readable = null;
  readonly writable = null;
  private lines = { dtr: false, rts: false };

  constructor(private readonly link: ByteLink) {}

  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    return { usbVendorId: this.link.usb?.vendorId, usbProductId: this.link.usb?.productId };
  }

  open({ baudRate }: { baudRate: number }): Promise<void> {
    return this.link.setBaud(baudRate);
  }

  /** The link is the caller's. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  setBaudRate(baud: number): Promise<void> {
    return this.link.setBaud(baud);
  }

  setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    this.lines = { dtr: signals.dataTerminalReady ?? this.lines.dtr, rts: signals.requestToSend ?? this.lines.rts };
    return this.link.setSignals(this.lines);
  }
}

/** More than any request is answered with: firmware that floods the line before the reset is not kept. */
const KEPT_PACKETS = 256;

/** No packet came in time: esptool-js tries again, or gives up, by what it was doing. */
class NoPacket extends Error {}

/**
 * The transport of esptool-js over a byte link. Its own polls a buffer every millisecond, prints to the console, cannot be
 * cancelled, and takes noise before a packet for a failure; the packets themselves are as it has them.
 */
export class LinkTransport extends Transport implements Disposable {
  private readonly decoder = new SlipDecoder();
  private readonly packets: Uint8Array[] = [];
  private wake: (() => void) | undefined;
  private gone: LinkGone | undefined;
  /** Set once the board has taken no bytes for too long. */
  stuck: LineStuck | undefined;
  private readonly subscriptions: Disposable[];

  constructor(private readonly link: ByteLink, private readonly signal: CancelSignal) {
    super(new LinkPort(link) as unknown as ConstructorParameters<typeof Transport>[0]);
    this.subscriptions = [
      link.onData((bytes) => {
        this.packets.push(...this.decoder.push(bytes));
        if (this.packets.length > KEPT_PACKETS) this.packets.splice(0, this.packets.length - KEPT_PACKETS);
        this.wake?.();
      }),
      link.onClose((why) => {
        this.gone = new LinkGone(why);
        this.wake?.();
      }),
    ];
  }

  override trace(): void {}

  override readLoop(): Promise<void> {
    return Promise.resolve();
  }

  override disconnect(): Promise<void> {
    return Promise.resolve();
  }

  override flushInput(): void {
    this.packets.length = 0;
  }

  /** The text beside packets: what the ROM prints at start, by which a wrong boot mode is recognised. */
  override peek(): Uint8Array {
    return this.decoder.takeText();
  }

  override inWaiting(): number {
    return this.packets.reduce((sum, packet) => sum + packet.length, 0);
  }

  /** Until nothing has come for a while. */
  override async drainInput(quietMs = 100, maxMs = 400): Promise<void> {
    const end = Date.now() + maxMs;
    while (Date.now() < end && (await this.read(quietMs).then(() => true, (error: unknown) => this.rethrowUnless(error)))) this.flushInput();
  }

  override async write(data: Uint8Array): Promise<void> {
    this.check();
    const written = this.link.write(this.slipWriter(data)).catch((error: unknown) => Promise.reject(new LinkGone(error instanceof Error ? error : undefined)));
    await orStuck(written).catch((error: unknown) => {
      if (error instanceof LineStuck) this.stuck = error;
      throw error;
    });
  }

  override read(timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', look);
        this.wake = undefined;
        act();
      };
      const timer = setTimeout(() => finish(() => reject(new NoPacket('No reply came in time'))), timeoutMs);
      const look = (): void => {
        if (this.signal.aborted) finish(() => reject(new CancelledError()));
        else if (this.packets.length) finish(() => resolve(this.packets.shift()!));
        else if (this.gone) finish(() => reject(this.gone!));
      };
      this.wake = look;
      this.signal.addEventListener('abort', look, { once: true });
      look();
    });
  }

  override async setDTR(state: boolean): Promise<void> {
    this.check();
    await super.setDTR(state);
  }

  override async setRTS(state: boolean): Promise<void> {
    this.check();
    await this.device.setSignals({ requestToSend: state });
  }

  /** Unlike the original it also remembers that DTR was released. */
  override async setSignals(dtr: boolean, rts: boolean): Promise<void> {
    this.check();
    await this.device.setSignals({ dataTerminalReady: dtr, requestToSend: rts });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private check(): void {
    if (this.signal.aborted) throw new CancelledError();
    if (this.gone) throw this.gone;
    if (this.stuck) throw this.stuck; // esptool-js would try again, for minutes
  }

  private rethrowUnless(error: unknown): false {
    if (error instanceof NoPacket) return false;
    throw error;
  }
}
