import type { Board } from '../../../src/device/boards/board';
import type { PortAccess } from '../../../src/device/connect/port-access';
import type { ByteLink } from '../../../src/device/transports/link';
import type { PortInfo } from '../../../src/device/transports/list-ports';
import { PortBroker } from '../../../src/device/transports/port-broker';
import { FaultyLink, type LineFaults } from './faulty-link';
import type { FakeDevice, Send } from './fakes/fake-device';

const TOUCH_BAUD = 1200;

export interface FakePortsOptions {
  readonly board: Board;
  readonly make: (send: Send) => FakeDevice;
  /** The bootloader is a port of its own, entered by a touch. */
  readonly touch: boolean;
  /** A bridge chip has the USB side: the bootloader is behind the same port as the firmware. */
  readonly staysOnPort?: boolean;
  readonly faults?: LineFaults;
}

/** A computer with one board: its port, that of its bootloader where that is another, and the broker that all opening goes through. */
export class FakePorts implements PortAccess {
  readonly broker = new PortBroker();
  readonly appPath = '/dev/board';
  /** Firmware may come back under another path than it left. */
  appPathNow = this.appPath;
  readonly bootPath: string;
  /** The link to the bootloader that was opened last. */
  boot: FaultyLink | undefined;
  faults: LineFaults;
  /** Where the board comes back after it was flashed. */
  nextAppPath = this.appPath;
  private inBootloader = false;
  private readonly device: { current?: FakeDevice } = {};

  constructor(private readonly options: FakePortsOptions) {
    this.bootPath = options.touch && !options.staysOnPort ? '/dev/bootloader' : this.appPath;
    this.faults = options.faults ?? {};
  }

  list(): Promise<PortInfo[]> {
    const { board, touch, staysOnPort } = this.options;
    const id = this.inBootloader && !staysOnPort ? board.bootUsb?.[0] : board.usb?.[0];
    return Promise.resolve([{ path: touch && !staysOnPort && this.inBootloader ? this.bootPath : this.appPathNow, ...id, serialNumber: 'A1' }]);
  }

  open(portPath: string, baud: number, owner: string): Promise<ByteLink> {
    let release: () => void;
    try {
      release = this.broker.acquire(portPath, owner);
    } catch (error) {
      return Promise.reject(error);
    }
    const { options } = this;
    const isBoot = portPath === this.bootPath && (options.touch ? this.inBootloader && baud !== TOUCH_BAUD : this.device.current?.started !== true || this.device.current.signals !== undefined);
    // one board, whichever link: what was written stays written
    const link = new FaultyLink(portPath, (send) => (isBoot ? (this.device.current = options.make(send)) : { flash: new Map(), started: true, receive() {} }), isBoot ? this.faults : {});
    if (isBoot) this.boot = link;
    else if (!options.touch) this.device.current = undefined; // the next flash begins with a new bootloader
    link.onClose(() => {
      release();
      if (!options.touch) return;
      if (baud === TOUCH_BAUD) this.inBootloader = true;
      else if (this.device.current?.started) this.leaveBootloader();
    });
    return Promise.resolve(link);
  }

  readonly findDrives = (): Promise<readonly never[]> => Promise.resolve([]);

  /** Every port is free. */
  get released(): boolean {
    return [this.appPath, this.bootPath, this.appPathNow].every((path) => this.broker.ownerOf(path) === undefined);
  }

  private leaveBootloader(): void {
    this.inBootloader = false;
    this.appPathNow = this.nextAppPath;
  }
}
