import fs from 'node:fs/promises';
import { ProblemError } from '../../base/problem';
import type { Board } from '../boards/board';
import { readElf } from '../toolchains/elf';
import { readIntelHex, type ImageSegment } from '../uploaders/intel-hex';
import { badImage } from '../uploaders/problems';
import type { FirmwareOnDisk } from './open-board';
import * as problems from './problems';

/** What lies in flash: from the .hex where there is one, else from the ELF. @throws ProblemError */
export async function readFirmware(board: Board, { hex, elf }: FirmwareOnDisk): Promise<ImageSegment[]> {
  const file = hex ?? elf;
  if (!file) throw new ProblemError(problems.imageMissing(board.name, '.hex'));
  const content = await fs.readFile(file);
  try {
    return hex ? readIntelHex(content.toString('utf8')) : segmentsOfElf(content);
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError(badImage(file, error.message));
    throw error;
  }
}

/** The parts of an ELF file that belong into flash. Throws a RangeError as `readElf` does. */
export const segmentsOfElf = (content: Uint8Array): ImageSegment[] =>
  readElf(content).segments.filter((s) => s.bytes.length > 0).map((s) => ({ address: s.loadAddress, bytes: s.bytes }));
