import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board, UsbId } from '../boards/board';
import type { PortInfo } from '../transports/list-ports';
import { portDidNotReturn } from '../transports/problems';
import { pause } from '../uploaders/link-reader';
import type { PortAccess } from './port-access';

/**
 * Boards with USB of their own leave and come back, perhaps under another path, when they go from firmware to bootloader and
 * back. "Touch": opening the port at 1200 baud and releasing DTR asks the firmware for that (a convention of Arduino's cores).
 */
const TOUCH_BAUD = 1200;
const POLL_MS = 100;
/** A board that has not gone away by then was in its bootloader already, or its path is the same again. */
const STAYS_MS = 2500;
/** Two pulses of 100 ms on the reset line, 100 ms apart (arduino/uno-r4-wifi-usb-bridge, UNOR4USBBridge.ino), then the chip's own start. */
const BRIDGE_RESET_MS = 600;

export interface ReenumerationTimes {
  readonly appearMs: number;
  readonly staysMs: number;
}

export const defaultTimes: ReenumerationTimes = { appearMs: 10_000, staysMs: STAYS_MS };

const isOneOf = (port: PortInfo, ids: readonly UsbId[] | undefined): boolean =>
  ids?.some((id) => id.vendorId === port.vendorId && id.productId === port.productId) ?? false;

/** The same thing under the same identity: a path alone is given to the next board that is plugged in. */
const keyOf = (port: PortInfo): string => [port.path, port.vendorId, port.productId, port.serialNumber].join(' ');

/** Brings a board into its bootloader. Gives the path of the bootloader's port. @throws ProblemError, CancelledError */
export async function touch(portPath: string, board: Board, access: PortAccess, task: Task, times = defaultTimes): Promise<string> {
  const before = await access.list();
  const here = before.find((port) => port.path === portPath);
  if (here && isOneOf(here, board.bootUsb)) return portPath; // double tapped by hand
  const waiting = here ? undefined : before.find((port) => isOneOf(port, board.bootUsb));
  if (waiting) return waiting.path; // left there by a flash that did not end
  task.progress({ stage: 'Asking the board for its bootloader' });
  await askForBootloader(portPath, board, access);
  return waitForReturn({ portPath, before, wanted: board.bootUsb, what: `The bootloader of ${board.name}` }, access, task, times);
}

/** The touch alone. */
export async function askForBootloader(portPath: string, board: Board, access: PortAccess): Promise<void> {
  const link = await access.open(portPath, TOUCH_BAUD, `flashing ${board.name}`);
  try {
    await link.setSignals({ dtr: false, rts: true });
  } catch {
    // it may have left already: that is what was asked for
  } finally {
    await link.close();
  }
}

/** For a board whose port belongs to a chip beside it, which resets it into its bootloader and stays. */
export async function touchInPlace(portPath: string, board: Board, access: PortAccess, task: Task): Promise<void> {
  task.progress({ stage: 'Asking the board for its bootloader' });
  await askForBootloader(portPath, board, access);
  await pause(BRIDGE_RESET_MS, task.signal);
}

export interface Leaving {
  /** The bootloader's port. */
  readonly portPath: string;
  /** Where the firmware was before. */
  readonly firmwarePath: string;
  /** What was there while the bootloader was: the firmware may be back before anybody looks. */
  readonly before: readonly PortInfo[];
}

/** The path of the firmware's port, once the bootloader has restarted the board. @throws ProblemError, CancelledError */
export function waitForFirmware({ portPath, firmwarePath, before }: Leaving, board: Board, access: PortAccess, task: Task, times = defaultTimes): Promise<string> {
  task.progress({ stage: 'Waiting for the board to come back' });
  return waitForReturn({ portPath, before, wanted: board.usb, what: `The firmware of ${board.name}`, prefer: firmwarePath }, access, task, times);
}

interface Return {
  /** Where it was. */
  readonly portPath: string;
  /** What was there when it was asked to go. */
  readonly before: readonly PortInfo[];
  readonly wanted: readonly UsbId[] | undefined;
  readonly what: string;
  readonly prefer?: string;
}

/**
 * A port that is new since `before`, first by USB ids, then by the serial number of the one that left, then its own old path. Any
 * single one counts only after a while: it may be another board that was plugged in meanwhile.
 */
async function waitForReturn({ portPath, before, wanted, what, prefer }: Return, access: PortAccess, task: Task, times: ReenumerationTimes): Promise<string> {
  const keys = new Set(before.map(keyOf));
  const serial = before.find((port) => port.path === portPath)?.serialNumber;
  const begun = Date.now();
  let left = false;
  for (;;) {
    const now = await access.list();
    left ||= !now.some((port) => port.path === portPath);
    // a port that went away counts as new when it comes back, even the same
    const fresh = now.filter((port) => !keys.has(keyOf(port)) || (left && port.path === portPath));
    const elapsed = Date.now() - begun;
    const found =
      fresh.find((port) => isOneOf(port, wanted)) ??
      fresh.find((port) => serial !== undefined && port.serialNumber === serial) ??
      fresh.find((port) => port.path === prefer) ??
      (fresh.length === 1 && (!wanted?.length || elapsed >= times.staysMs) ? fresh[0] : undefined);
    if (found) return found.path;
    if (!left && elapsed >= times.staysMs) return portPath;
    if (elapsed >= times.appearMs) throw new ProblemError(portDidNotReturn(portPath, what));
    await pause(POLL_MS, task.signal);
  }
}
