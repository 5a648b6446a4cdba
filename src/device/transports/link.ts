import type { Event } from '../../base/event';

/**
 * A byte link to a board: serial port, TCP, a child process's standard streams, or a pair in memory. Uploaders and the
 * session speak to nothing else, so each of them runs unchanged against a real board, a simulator or a fake.
 */
export interface ByteLink {
  /** What a person would call it: a port's path, or the simulator's name. */
  readonly name: string;
  /** What it is plugged in as, where the system tells. */
  readonly usb?: { readonly vendorId: number; readonly productId: number };
  readonly onData: Event<Uint8Array>;
  /** Fires once; the error says why, none where we closed it ourselves. */
  readonly onClose: Event<Error | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  /** Sets modem lines; a link without them (ptys, TCP) ignores it. Both are given each time: drivers reset what is left out. */
  setSignals(signals: { readonly dtr: boolean; readonly rts: boolean }): Promise<void>;
  setBaud(baud: number): Promise<void>;
  /** Idempotent. Resolves when the port or process is released. */
  close(): Promise<void>;
}
