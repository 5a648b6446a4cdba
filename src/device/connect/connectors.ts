import path from 'node:path';
import type { Task } from '../../base/progress';
import type { Board, BoardConnection } from '../boards/board';
import { uploadOf } from '../boards/upload-of';
import type { ByteLink } from '../transports/link';
import { ProcessLink } from '../transports/process-link';
import { uploaderOf } from '../uploaders/link-uploaders';
import { ProblemError } from '../../base/problem';
import { readFirmware } from './firmware-image';
import { flashDevice, type FlashDeviceRequest } from './flash-device';
import type { FirmwareOnDisk, OpenBoardOptions } from './open-board';
import { systemPorts } from './port-access';
import * as problems from './problems';

type Kind = BoardConnection['kind'];
type ConnectionOf<K extends Kind> = Extract<BoardConnection, { kind: K }>;

export interface ConnectRequest<K extends Kind = Kind> {
  readonly board: Board;
  readonly connection: ConnectionOf<K>;
  readonly firmware: FirmwareOnDisk;
  readonly options: OpenBoardOptions;
  readonly task: Task;
}

/** Per kind of connection: brings the firmware onto the board and starts it. The link it returns is the caller's to close; none where no port of the board is known. */
export const connectors: { readonly [K in Kind]: (request: ConnectRequest<K>) => Promise<ByteLink | undefined> } = {
  process: ({ board, firmware, options }) =>
    ProcessLink.start({ name: board.name, program: firmware.elf, args: [], variables: options.tools.environment.variables }),

  qemu: ({ board, connection, firmware, options }) => {
    const qemu = options.tools.byId.get(connection.program);
    if (!qemu) throw new Error(`openBoard() was called without ${connection.program}`);
    // sleep=off: time does not wait for the wall clock; align=off: nor run after it. With icount every run counts alike.
    const icount = `shift=${connection.icountShift},align=off,sleep=off`;
    const quiet = ['-display', 'none', '-monitor', 'none', ...(connection.bios ? ['-bios', connection.bios] : [])];
    const args = ['-machine', connection.machine, '-kernel', firmware.elf, ...quiet, '-serial', 'stdio', '-icount', icount];
    return ProcessLink.start({ name: board.name, program: qemu.path, args, variables: options.tools.environment.variables, endByForce: true });
  },

  'avr-simulator': async ({ board, connection, firmware, options, task }) => {
    if (!options.simulatorProgram) throw new Error('openBoard() was called without the path of the AVR simulator');
    const image = options.image ?? (await readFirmware(board, firmware, connection.upload));
    const link = await startSimulator(board, options, [options.simulatorProgram, connection.chip, ...(options.flatOut ? ['--flat-out'] : [])]);
    const { upload } = connection;
    return flashed(link, () => uploaderOf(upload)(link, image, board.chip, upload.target, task));
  },

  'rp2040-simulator': ({ board, firmware, options }) => {
    if (!options.rp2040Program) throw new Error('openBoard() was called without the path of the RP2040 simulator');
    if (!firmware.uf2) throw new ProblemError(problems.imageMissing(board.name, '.uf2'));
    return startSimulator(board, options, [options.rp2040Program, firmware.uf2]);
  },

  port: async ({ board, connection, firmware, options, task }) => {
    const upload = uploadOf(board, options.via)!; // it is a board on a port
    const overDrive = upload.kind === 'uf2' || upload.kind === 'mass-storage';
    if (!options.portPath && !overDrive) throw new ProblemError(problems.portNotChosen(board.name));
    if (!options.portBroker) throw new Error('openBoard() was called without a port broker');
    const image = options.image ?? (await readFirmware(board, firmware, upload));
    return flashDevice(
      {
        board, upload, image, portPath: options.portPath, baud: connection.baud, broker: options.portBroker, tools: options.tools,
        access: options.ports ?? systemPorts(options.portBroker),
        files: upload.kind === 'tool' ? filesFor(board, firmware, upload.target.image) : undefined,
      },
      task,
    );
  },
};

function filesFor(board: Board, firmware: FirmwareOnDisk, kind: 'elf' | 'hex' | 'bin' | 'uf2'): FlashDeviceRequest['files'] {
  const image = firmware[kind];
  if (!image) throw new ProblemError(problems.imageMissing(board.name, `.${kind}`));
  const folder = path.dirname(image);
  return { image, folder, project: firmware.project ?? folder };
}

/** A program of ours as a child process. Inside the editor execPath is Electron, which is Node when told so. */
function startSimulator(board: Board, options: OpenBoardOptions, args: readonly string[]): Promise<ByteLink> {
  const variables = { ...options.tools.environment.variables, ELECTRON_RUN_AS_NODE: '1' };
  return ProcessLink.start({ name: board.name, program: process.execPath, args, variables, ipc: true });
}

/** The link after `flash` has succeeded; released when it has not. */
async function flashed(link: ByteLink, flash: () => Promise<void>): Promise<ByteLink> {
  try {
    await flash();
    return link;
  } catch (error) {
    await link.close();
    throw error;
  }
}
