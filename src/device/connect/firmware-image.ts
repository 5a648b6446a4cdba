import fs from 'node:fs/promises';
import { ProblemError } from '../../base/problem';
import type { Board } from '../boards/board';
import type { Upload } from '../boards/uploads';
import { readImage } from '../images/read-image';
import type { ImageSegment } from '../uploaders/intel-hex';
import type { FirmwareOnDisk } from './open-board';
import * as problems from './problems';

type Kind = 'hex' | 'bin' | 'uf2' | 'elf';

/** The file that says best what belongs into flash: an ELF file of an Espressif chip does not, nor does a .bin tell where it belongs. */
function order(upload: Upload): readonly Kind[] {
  if (upload.kind === 'esp') return ['bin'];
  return upload.kind === 'uf2' ? ['uf2', 'hex', 'elf'] : ['hex', 'elf', 'bin'];
}

/** What lies in flash. @throws ProblemError */
export async function readFirmware(board: Board, firmware: FirmwareOnDisk, upload: Upload): Promise<readonly ImageSegment[]> {
  const kinds = order(upload);
  const file = kinds.map((kind) => firmware[kind]).find(Boolean);
  if (!file) throw new ProblemError(problems.imageMissing(board.name, `.${kinds[0]}`));
  return readImage(file, await fs.readFile(file), board, upload).segments;
}
