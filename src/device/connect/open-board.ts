import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import { Session, type Hello, type SessionOptions } from '../protocol/session';
import type { FoundTools } from '../toolchains/find-tools';
import type { ByteLink } from '../transports/link';
import type { PortBroker } from '../transports/port-broker';
import type { ImageSegment } from '../uploaders/intel-hex';
import type { PortAccess } from './port-access';
import { connectors, type ConnectRequest } from './connectors';
import * as problems from './problems';

/** What `compile` has built, or prebuilt images. Absolute paths. */
export interface FirmwareOnDisk {
  readonly elf: string;
  readonly hex?: string;
  readonly uf2?: string;
  readonly bin?: string;
  /** Folder of the project it was built from, where a build system keeps one. */
  readonly project?: string;
}

export interface OpenBoardOptions {
  /** From `findTools` for this board. */
  readonly tools: FoundTools;
  /** dist/avr-simulator.js; needed for simulated AVR boards. */
  readonly simulatorProgram?: string;
  /** dist/rp2040-simulator.js; needed for the simulated RP2040. */
  readonly rp2040Program?: string;
  /** Which of the board's ways of uploading; the first where absent. A kind, or the name of a tool. */
  readonly via?: string;
  /** What lies in flash, where it is known already; read from the firmware's files where absent. */
  readonly image?: readonly ImageSegment[];
  /** Ports and drives of this computer; those of the system where absent. */
  readonly ports?: PortAccess;
  /** Needed for boards on a serial port. */
  readonly portPath?: string;
  /** Needed for boards on a serial port. */
  readonly portBroker?: PortBroker;
  /** `<NAME>_MODEL_HASH` of what was flashed: another answer is a problem. */
  readonly modelHash?: number;
  readonly session?: SessionOptions;
  /** Simulated AVR boards: run as fast as this computer can instead of in real time. */
  readonly flatOut?: boolean;
}

export interface BoardSession {
  readonly board: Board;
  readonly hello: Hello;
  readonly session: Session;
  /** Ends the session and releases the port or process. Idempotent. */
  close(): Promise<void>;
}

/** Brings firmware onto a board and starts it, whatever it is. The link is the caller's to close; none where no port of the board is known. @throws ProblemError, CancelledError */
export function startBoard(board: Board, firmware: FirmwareOnDisk, options: OpenBoardOptions, task: Task): Promise<ByteLink | undefined> {
  task.progress({ stage: `Connecting to ${board.name}` });
  const connect = connectors[board.connect.kind] as (request: ConnectRequest) => Promise<ByteLink | undefined>;
  return connect({ board, connection: board.connect, firmware, options, task });
}

/**
 * Brings firmware onto a board, starts it and says hello. Whatever fails or is cancelled, nothing stays open.
 * @throws ProblemError, CancelledError
 */
export async function openBoard(board: Board, firmware: FirmwareOnDisk, options: OpenBoardOptions, task: Task): Promise<BoardSession> {
  const link = await startBoard(board, firmware, options, task);
  if (!link) throw new ProblemError(problems.portNotChosen(board.name));
  return greet(board, link, options, task);
}

interface GreetOptions extends Pick<OpenBoardOptions, 'modelHash' | 'session'> {
  readonly onClose?: () => void;
}

/** Says hello to firmware that runs. Closes the link where that fails. @throws ProblemError, CancelledError */
export async function greet(board: Board, link: ByteLink, options: GreetOptions, task: Task): Promise<BoardSession> {
  const session = new Session(link, options.session);
  try {
    task.progress({ stage: 'Waiting for the firmware' });
    const hello = await session.hello(task.signal);
    if (options.modelHash !== undefined && hello.modelHash !== options.modelHash) {
      throw new ProblemError(problems.wrongModel(board.name, hello.model, options.modelHash, hello.modelHash));
    }
    return { board, hello, session, close: () => session.close().finally(options.onClose) };
  } catch (error) {
    await session.close();
    throw error;
  }
}
