import type { ByteLink } from '../transports/link';
import { listPorts, type PortInfo } from '../transports/list-ports';
import type { PausableOwner, PortBroker } from '../transports/port-broker';
import { openSerialLink } from '../transports/serial';

const sameBoard = (a: PortInfo, b: PortInfo): boolean =>
  a.vendorId !== undefined && a.vendorId === b.vendorId && a.productId === b.productId && a.serialNumber === b.serialNumber;

/** Where a board that was at `portPath` is now. A board without a serial number is followed only where nothing else could be it. */
export function whereNow(portPath: string, known: PortInfo | undefined, now: readonly PortInfo[]): string {
  const here = now.find((port) => port.path === portPath);
  if (!known || (here && sameBoard(here, known))) return portPath;
  const others = now.filter((port) => port.path !== portPath && sameBoard(port, known));
  return others.length === 1 && (!here || known.serialNumber !== undefined) ? others[0].path : portPath;
}

/**
 * Opens the port of one board again and again, also where the board was plugged in anew and has another path. Each listener has
 * an opener of its own: it remembers which board it had.
 */
export function openFollowing(broker: PortBroker, owner: string, list: () => Promise<readonly PortInfo[]> = listPorts): (portPath: string, baud: number, pausable: PausableOwner) => Promise<ByteLink> {
  let known: PortInfo | undefined;
  return async (portPath, baud, pausable) => {
    const now = await list().catch(() => []); // who cannot list ports can open them all the same
    const path = whereNow(portPath, known, now);
    const link = await openSerialLink(path, baud, broker, owner, { pausable });
    known = now.find((port) => port.path === path) ?? known;
    return link;
  };
}
