import fs from 'node:fs/promises';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board, BoardConnection } from '../boards/board';
import type { ByteLink } from '../transports/link';
import { ProcessLink } from '../transports/process-link';
import { openSerialLink } from '../transports/serial';
import { readIntelHex, type ImageSegment } from '../uploaders/intel-hex';
import { badImage } from '../uploaders/problems';
import { uploadStk500v1 } from '../uploaders/stk500v1';
import type { FirmwareOnDisk, OpenBoardOptions } from './open-board';
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

/** Per kind of connection: brings the firmware onto the board and starts it. The link it returns is the caller's to close. */
export const connectors: { readonly [K in Kind]: (request: ConnectRequest<K>) => Promise<ByteLink> } = {
  process: ({ board, firmware, options }) =>
    ProcessLink.start({ name: board.name, program: firmware.elf, args: [], variables: options.tools.environment.variables }),

  qemu: ({ board, connection, firmware, options }) => {
    const qemu = options.tools.byId.get('qemu-system-arm');
    if (!qemu) throw new Error('openBoard() was called without qemu-system-arm');
    // sleep=off: time does not wait for the wall clock; align=off: nor run after it. With icount every run counts alike.
    const icount = `shift=${connection.icountShift},align=off,sleep=off`;
    const quiet = ['-display', 'none', '-monitor', 'none'];
    const args = ['-machine', connection.machine, '-kernel', firmware.elf, ...quiet, '-serial', 'stdio', '-icount', icount];
    return ProcessLink.start({ name: board.name, program: qemu.path, args, variables: options.tools.environment.variables, endByForce: true });
  },

  'avr-simulator': async ({ board, connection, firmware, options, task }) => {
    if (!options.simulatorProgram) throw new Error('openBoard() was called without the path of the AVR simulator');
    const image = await readImage(board, firmware);
    const link = await ProcessLink.start({
      name: board.name,
      program: process.execPath,
      args: [options.simulatorProgram, ...(options.flatOut ? ['--flat-out'] : [])],
      // Inside the editor execPath is Electron, which is Node when told so.
      variables: { ...options.tools.environment.variables, ELECTRON_RUN_AS_NODE: '1' },
      ipc: true,
    });
    return flashed(link, () => uploadStk500v1(link, image, board.chip, connection.uploader, task));
  },

  'serial-stk500v1': async ({ board, connection, firmware, options, task }) => {
    if (!options.portPath) throw new ProblemError(problems.portNotChosen(board.name));
    if (!options.portBroker) throw new Error('openBoard() was called without a port broker');
    const image = await readImage(board, firmware);
    const link = await openSerialLink(options.portPath, connection.baud, options.portBroker, `a session with ${board.name}`);
    return flashed(link, async () => {
      await uploadStk500v1(link, image, board.chip, connection.uploader, task);
      await link.setBaud(connection.baud);
    });
  },
};

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

async function readImage(board: Board, firmware: FirmwareOnDisk): Promise<ImageSegment[]> {
  if (!firmware.hex) throw new ProblemError(problems.imageMissing(board.name));
  const text = await fs.readFile(firmware.hex, 'utf8');
  try {
    return readIntelHex(text);
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError(badImage(firmware.hex, error.message));
    throw error;
  }
}
