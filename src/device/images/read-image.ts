import { ProblemError } from '../../base/problem';
import type { Board } from '../boards/board';
import type { Upload } from '../boards/uploads';
import { readElf } from '../toolchains/elf';
import { readIntelHex, type ImageSegment } from '../uploaders/intel-hex';
import { badImage } from '../uploaders/problems';
import { isUf2, readUf2 } from '../uploaders/uf2';
import { checkElf, checkEsp, checkUf2, checkVectors } from './check-image';

export type ImageFormat = 'hex' | 'elf' | 'uf2' | 'bin' | 'esp';

export interface PrebuiltImage {
  readonly format: ImageFormat;
  readonly segments: readonly ImageSegment[];
}

/** First byte of an image of an Espressif chip. Espressif, "Firmware Image Format" of esptool's documentation. */
const ESP_MAGIC = 0xe9;

/**
 * Reads an image by its content, not its name, and checks that it is for this board: processor, family, chip id, vectors. What
 * cannot be told from the file is not guessed at.
 * @param address where a plain .bin begins; the start of the board's application where absent.
 * @throws ProblemError before anything is erased
 */
export function readImage(path: string, content: Uint8Array, board: Board, upload: Upload | undefined, address?: number): PrebuiltImage {
  try {
    const image = parse(content, upload, address);
    if (!image.segments.some((segment) => segment.bytes.length)) throw new RangeError('it holds no bytes for the flash');
    if (image.format === 'elf') checkElf(path, content, board);
    if (image.format === 'uf2') checkUf2(path, readUf2(content).familyIds, board, upload);
    if (upload?.kind === 'esp') checkEsp(path, image.segments, upload.target.chip);
    else checkVectors(path, image.segments, board);
    return image;
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError(badImage(path, error.message));
    throw error;
  }
}

function parse(content: Uint8Array, upload: Upload | undefined, address: number | undefined): PrebuiltImage {
  if (isUf2(content)) return { format: 'uf2', segments: readUf2(content).segments };
  if (content[0] === 0x7f && content[1] === 0x45 && content[2] === 0x4c && content[3] === 0x46) {
    const { segments } = readElf(content);
    return { format: 'elf', segments: segments.filter((s) => s.bytes.length).map((s) => ({ address: s.loadAddress, bytes: s.bytes })) };
  }
  if (content[0] === 0x3a && /^:[0-9a-fA-F]{8}/.test(Buffer.from(content.subarray(0, 16)).toString('latin1'))) {
    return { format: 'hex', segments: readIntelHex(Buffer.from(content).toString('utf8')) };
  }
  if (upload?.kind === 'esp') return { format: 'esp', segments: [{ address: address ?? espStart(content), bytes: content }] };
  return { format: 'bin', segments: [{ address: address ?? startOf(upload), bytes: content }] };
}

/** A merged image begins at 0 and has a bootloader in it; an application alone belongs at the first place of the usual partitions. */
function espStart(content: Uint8Array): number {
  const merged = content.length > 0x8002 && content[0x8000] === 0xaa && content[0x8001] === 0x50; // a partition table lies at 0x8000
  if (merged) return 0;
  if (content[0] !== ESP_MAGIC) throw new RangeError('it is neither a merged image nor an application of an Espressif chip');
  return 0x10000;
}

const startOf = (upload: Upload | undefined): number => (upload && 'startAddress' in upload.target ? (upload.target.startAddress ?? 0) : 0);
