import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import type { Hello, Session, SessionOptions } from '../protocol/session';
import type { BuiltFirmware } from '../toolchains/compile';
import type { FoundTools } from '../toolchains/find-tools';
import type { PortBroker } from '../transports/port-broker';

export interface OpenBoardOptions {
  /** From `findTools` for this board. */
  readonly tools: FoundTools;
  /** dist/avr-simulator.js; needed for simulated AVR boards. */
  readonly simulatorProgram?: string;
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

/** Brings firmware onto a board, starts it and says hello. Whatever fails or is cancelled, nothing stays open. */
export declare function openBoard(board: Board, firmware: BuiltFirmware, options: OpenBoardOptions, task: Task): Promise<BoardSession>;
