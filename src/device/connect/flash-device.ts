import { orCancelled } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import type { LinkUpload, Upload } from '../boards/uploads';
import type { FoundTools } from '../toolchains/find-tools';
import type { ByteLink } from '../transports/link';
import type { PortInfo } from '../transports/list-ports';
import type { Loan, PortBroker } from '../transports/port-broker';
import { copyToDrive } from '../uploaders/copy-to-drive';
import { uploadByTool } from '../uploaders/external-tool';
import type { ImageSegment } from '../uploaders/intel-hex';
import { parityOf, uploaderOf } from '../uploaders/link-uploaders';
import type { PortAccess } from './port-access';
import * as problems from './problems';
import { askForBootloader, touch, touchInPlace, waitForFirmware } from './reenumerate';

export interface FlashDeviceRequest {
  readonly board: Board;
  readonly upload: Upload;
  readonly image: readonly ImageSegment[];
  /** The image as a file, and the folder it was built in: what external tools work on. */
  readonly files?: { readonly image: string; readonly folder: string; readonly project: string };
  readonly portPath?: string;
  /** Of the firmware's own link. */
  readonly baud: number;
  readonly access: PortAccess;
  readonly broker: PortBroker;
  readonly tools: FoundTools;
}

/**
 * Flashes a board that is plugged in, and gives a link to the firmware that has started; `undefined` where no port of it is
 * known. A monitor of ours that has the port is paused meanwhile and resumes by itself. Whatever fails or is cancelled, the port
 * is free again.
 */
export async function flashDevice(request: FlashDeviceRequest, task: Task): Promise<ByteLink | undefined> {
  const { portPath, broker } = request;
  const loan = portPath === undefined ? undefined : await borrow(broker, portPath, task);
  let link: ByteLink | undefined;
  try {
    link = await flash(request, task);
    return link;
  } finally {
    // The link is the caller's now: a monitor comes back when that is closed.
    const resume = (path?: string): void => void loan?.release(path).catch((error: unknown) => task.log.write('warning', String(error)));
    if (link) {
      const { name } = link;
      link.onClose(() => resume(name));
    } else resume();
  }
}

/** Who has the port may be slow to give way, or never do: cancelling does not wait for it, and it gets its port back. */
async function borrow(broker: PortBroker, portPath: string, task: Task): Promise<Loan> {
  const lent = broker.borrow(portPath);
  try {
    return await orCancelled(lent, task.signal);
  } catch (error) {
    void lent.then((loan) => loan.release()).catch(() => {});
    throw error;
  }
}

function flash(request: FlashDeviceRequest, task: Task): Promise<ByteLink | undefined> {
  const { upload } = request;
  switch (upload.kind) {
    case 'uf2':
    case 'mass-storage':
      return flashByDrive(request, upload, task);
    case 'tool':
      return flashByTool(request, upload, task);
    default:
      return flashByLink(request, upload, task);
  }
}

const ownerName = (board: Board): string => `a session with ${board.name}`;

async function flashByLink(request: FlashDeviceRequest, upload: LinkUpload, task: Task): Promise<ByteLink> {
  const { board, image, access, baud } = request;
  const portPath = portOf(request);
  const leaves = upload.touch === true && !('staysOnPort' in upload && upload.staysOnPort);
  if (upload.touch && !leaves) await touchInPlace(portPath, board, access, task);
  const bootPath = leaves ? await touch(portPath, board, access, task) : portPath;
  const before = await access.list().catch(() => []);
  const usb = before.find((port) => port.path === bootPath);
  const identity = usb?.vendorId !== undefined && usb.productId !== undefined ? { vendorId: usb.vendorId, productId: usb.productId } : undefined;
  const parity = parityOf(upload);
  const link = await access.open(bootPath, upload.target.baud, ownerName(board), { parity, usb: identity });
  let kept = false;
  try {
    await uploaderOf(upload)(link, image, board.chip, upload.target, task);
    kept = !leaves && parity === 'none';
    if (kept) await link.setBaud(baud);
  } catch (error) {
    kept = false;
    throw error;
  } finally {
    if (!kept) await link.close();
  }
  if (kept) return link;
  const firmwarePath = leaves ? await waitForFirmware({ portPath: bootPath, firmwarePath: portPath, before }, board, access, task) : portPath;
  return access.open(firmwarePath, baud, ownerName(board));
}

async function flashByDrive(request: FlashDeviceRequest, upload: Extract<Upload, { kind: 'uf2' | 'mass-storage' }>, task: Task): Promise<ByteLink | undefined> {
  const { board, image, portPath, access, baud, broker } = request;
  const before = await access.list();
  // A board whose drive is there already was put into its bootloader by hand.
  if (upload.kind === 'uf2' && upload.touch && portPath !== undefined && before.some((port) => port.path === portPath)) await askForBootloader(portPath, board, access);
  // a drive is nobody's port, and one flash at a time all the same
  const release = broker.acquire(`the drive of a board with a ${board.chip}`, ownerName(board));
  try {
    await copyToDrive(image, board.chip, upload, access.findDrives, task);
  } finally {
    release();
  }
  if (portPath === undefined) return undefined;
  const path = upload.kind === 'uf2' ? await waitForFirmware({ portPath, firmwarePath: portPath, before: await without(portPath, access) }, board, access, task) : portPath;
  return access.open(path, baud, ownerName(board));
}

async function flashByTool(request: FlashDeviceRequest, upload: Extract<Upload, { kind: 'tool' }>, task: Task): Promise<ByteLink | undefined> {
  const { board, files, portPath, tools, broker, access, baud } = request;
  const tool = tools.byId.get(upload.target.tool);
  if (!tool || !files) throw new Error(`flashDevice() was called without ${upload.target.tool} or its files`);
  const before = portPath === undefined ? [] : await access.list().catch(() => []);
  const release = broker.acquire(portPath ?? `the probe of a ${board.name}`, ownerName(board));
  try {
    await uploadByTool(upload.target, tool, { ...files, port: portPath }, tools.environment.variables, task);
  } finally {
    release();
  }
  if (portPath === undefined) return undefined;
  const now = await access.list().catch(() => []);
  const isListed = (ports: readonly PortInfo[]): boolean => ports.some((port) => port.path === portPath);
  // a port that was never listed was given by hand: no list will tell when it is back
  return access.open(isListed(now) || !isListed(before) ? portPath : await waitForFirmware({ portPath, firmwarePath: portPath, before: now }, board, access, task), baud, ownerName(board));
}

/** The ports there are while the board's own is away. */
const without = async (portPath: string, access: PortAccess): Promise<readonly PortInfo[]> => (await access.list()).filter((port) => port.path !== portPath);

function portOf({ portPath, board }: FlashDeviceRequest): string {
  if (portPath === undefined) throw new ProblemError(problems.portNotChosen(board.name));
  return portPath;
}
