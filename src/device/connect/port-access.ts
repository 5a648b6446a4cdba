import type { ByteLink } from '../transports/link';
import { listPorts, type PortInfo } from '../transports/list-ports';
import type { PortBroker } from '../transports/port-broker';
import { openSerialLink, type SerialOptions } from '../transports/serial';
import { findDrives, type FindDrives } from '../uploaders/drives';

/** The ports and drives of a computer: the system's, or those of a test. */
export interface PortAccess {
  list(): Promise<readonly PortInfo[]>;
  open(portPath: string, baud: number, owner: string, options?: SerialOptions): Promise<ByteLink>;
  readonly findDrives: FindDrives;
}

export const systemPorts = (broker: PortBroker): PortAccess => ({
  list: listPorts,
  open: (portPath, baud, owner, options) => openSerialLink(portPath, baud, broker, owner, options),
  findDrives: findDrives(),
});
