import type { SerialPort as SerialPortClass } from 'serialport';
import { Emitter } from '../../base/event';
import { ProblemError, type Problem } from '../../base/problem';
import type { ByteLink } from './link';
import type { PausableOwner, PortBroker } from './port-broker';
import { findPortHolders, groupOfPort } from './port-holders';
import * as problems from './problems';
import { endOnHangUp } from './serial-hang-up';

/** A pseudo terminal has no modem lines: the driver says ENOTTY, in words only. */
const noModemLines = /inappropriate ioctl/i;

/** The driver is a native module: loaded on first use, never at activation. */
export async function loadSerialDriver(): Promise<typeof SerialPortClass> {
  try {
    return (await import('./serial-driver')).SerialPort;
  } catch (error) {
    throw new ProblemError(problems.serialportMissing(String(error)));
  }
}

export interface SerialOptions {
  readonly parity?: 'none' | 'even';
  /** What it is plugged in as: uploaders of Espressif chips reset by it. */
  readonly usb?: ByteLink['usb'];
  /** Gives way while the board is flashed. */
  readonly pausable?: PausableOwner;
}

/** @throws ProblemError when the port is taken, absent or forbidden. `owner` is how others are told who has it. */
export async function openSerialLink(portPath: string, baud: number, broker: PortBroker, owner: string, options: SerialOptions = {}): Promise<ByteLink> {
  const release = broker.acquire(portPath, owner, options.pausable);
  try {
    const driver = await loadSerialDriver();
    // hupcl off: closing must not reset the board
    const port = new driver({ path: portPath, baudRate: baud, parity: options.parity ?? 'none', autoOpen: false, hupcl: false });
    const failed = await new Promise<Error | null>((resolve) => port.open(resolve));
    if (failed) throw new ProblemError(await whyNotOpened(portPath, failed.message));
    endOnHangUp(port.port);
    return new SerialLink(port, release, options.usb);
  } catch (error) {
    release();
    throw error;
  }
}

/** The system is asked only for what the cause makes worth knowing: a look through all processes takes a while. */
async function whyNotOpened(portPath: string, why: string): Promise<Problem> {
  const cause = problems.causeOf(why);
  return problems.portNotOpened(portPath, why, {
    holders: cause === 'busy' ? await findPortHolders(portPath) : [],
    group: cause === 'forbidden' ? await groupOfPort(portPath) : undefined,
  });
}

class SerialLink implements ByteLink {
  readonly name: string;
  private readonly data = new Emitter<Uint8Array>();
  private readonly closeEvent = new Emitter<Error | undefined>();
  private closing: Promise<void> | undefined;
  private gone = false;
  private writing = 0;

  readonly onData = this.data.event;
  readonly onClose = this.closeEvent.event;

  constructor(private readonly port: SerialPortClass, private readonly release: () => void, readonly usb: ByteLink['usb']) {
    this.name = port.path;
    // Always flowing: a paused port never notices that the other side hung up.
    port.on('data', (bytes: Buffer) => this.data.fire(bytes));
    port.on('error', (error: Error) => this.end(error));
    port.on('close', (error: Error | null) => this.end(this.closing ? undefined : (error ?? new Error('the port was closed'))));
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.gone) return reject(new Error(`${this.name} is closed`));
      this.writing++;
      this.port.write(Buffer.from(bytes), (error) => {
        this.writing--;
        if (error) reject(error);
        else resolve();
      });
    });
  }

  setSignals(signals: { readonly dtr: boolean; readonly rts: boolean }): Promise<void> {
    return new Promise((resolve, reject) =>
      this.port.set({ dtr: signals.dtr, rts: signals.rts }, (error) => (error && !noModemLines.test(error.message) ? reject(error) : resolve())),
    );
  }

  setBaud(baud: number): Promise<void> {
    if (this.port.baudRate === baud) return Promise.resolve();
    return new Promise((resolve, reject) => this.port.update({ baudRate: baud }, (error) => (error ? reject(error) : resolve())));
  }

  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      if (!this.port.isOpen) return resolve();
      const end = (): void => this.port.close(() => resolve());
      // The system keeps a port open, for half a minute, until a board has taken what was written: one that takes nothing is not waited for.
      if (this.writing > 0) this.port.flush(end);
      else end();
    });
    return this.closing.then(() => this.end(undefined));
  }

  private end(error: Error | undefined): void {
    if (this.gone) return;
    this.gone = true;
    this.release();
    if (this.port.isOpen && !this.closing) void this.close();
    this.closeEvent.fire(error);
  }
}
