import type { DriveUpload } from '../boards/uploads';
import type { ImageSegment } from './intel-hex';
import { pagesOf, pagesWithoutGaps } from './pages';
import { concatBytes } from '../../base/bytes';
import { writeUf2 } from './uf2';

/** The file that a drive takes: UF2, or the plain bytes from the start of the flash. @throws ProblemError when it does not fit. */
export function bytesOfDriveImage(image: readonly ImageSegment[], upload: DriveUpload): { bytes: Uint8Array; ending: '.UF2' | '.BIN' } {
  if (upload.kind === 'uf2') {
    pagesOf(image, { ...upload.target, pageBytes: 256 });
    return { bytes: writeUf2(image, upload.target.familyId), ending: '.UF2' };
  }
  return { bytes: concatBytes(pagesWithoutGaps(image, { ...upload.target, pageBytes: 256 }).map((page) => page.bytes)), ending: '.BIN' };
}
