import type { Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import type { FirmwareProject } from '../firmware/project';
import type { FirmwareFile } from '../firmware/project';
import type { FirmwareSizes } from './elf';
import type { FoundTools } from './find-tools';

export interface CompileRequest {
  readonly board: Board;
  readonly tools: FoundTools;
  /** From `firmwareProject`. */
  readonly project: FirmwareProject;
  /** The generated model and whatever else belongs to the firmware. */
  readonly files: readonly FirmwareFile[];
  /** Absolute; made when it does not exist. Keeps objects between builds. */
  readonly buildFolder: string;
  /** More compiler flags, such as sanitizers in a test. Given when compiling and when linking. */
  readonly extraFlags?: readonly string[];
}

export interface BuiltFirmware {
  /** Absolute paths. */
  readonly elf: string;
  readonly hex?: string;
  /** Measured: read from the ELF. */
  readonly sizes: FirmwareSizes;
  readonly compiler: { readonly path: string; readonly version: string; readonly flags: readonly string[] };
  /** Warnings. */
  readonly problems: readonly Problem[];
  /** Source files that were really compiled: none when nothing had changed. */
  readonly compiled: readonly string[];
}

/** Throws a ProblemError carrying every error of the compiler; cancel ends the compilers and leaves the last good ELF alone. */
export declare function compile(request: CompileRequest, task: Task): Promise<BuiltFirmware>;
