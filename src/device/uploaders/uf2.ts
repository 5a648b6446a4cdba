import { concatBytes } from '../../base/bytes';
import type { ImageSegment } from './intel-hex';
import { pagesOf } from './pages';

/** UF2 files. Source: microsoft/uf2, README.md, "File format": blocks of 512 bytes, little-endian. */
const BLOCK_BYTES = 512;
const MAGIC = { first: 0x0a324655, second: 0x9e5d5157, end: 0x0ab16f30 } as const;
const HEADER_BYTES = 32;
const MOST_PAYLOAD_BYTES = 476;
const flags = { notMainFlash: 0x0001, familyId: 0x2000 } as const;
/** Every bootloader takes 256 bytes a block; those of RP2 chips take nothing else. */
const PAYLOAD_BYTES = 256;

export interface Uf2Image {
  readonly segments: readonly ImageSegment[];
  /** Chips that its blocks are for; empty where they do not say. */
  readonly familyIds: readonly number[];
}

/** One file for one chip. Blocks hold whole aligned stretches of 256 bytes, erased (0xff) where the image says nothing. */
export function writeUf2(image: readonly ImageSegment[], familyId: number): Uint8Array {
  const pages = pagesOf(image, { pageBytes: PAYLOAD_BYTES, applicationBytes: 2 ** 32 });
  return concatBytes(
    pages.map(({ address, bytes }, index) => {
      const block = new Uint8Array(BLOCK_BYTES);
      const view = new DataView(block.buffer);
      const header = [MAGIC.first, MAGIC.second, flags.familyId, address, PAYLOAD_BYTES, index, pages.length, familyId];
      header.forEach((word, i) => view.setUint32(4 * i, word, true));
      block.set(bytes, HEADER_BYTES);
      view.setUint32(BLOCK_BYTES - 4, MAGIC.end, true);
      return block;
    }),
  );
}

export const isUf2 = (file: Uint8Array): boolean =>
  file.length >= 8 && new DataView(file.buffer, file.byteOffset).getUint32(0, true) === MAGIC.first && new DataView(file.buffer, file.byteOffset).getUint32(4, true) === MAGIC.second;

/** Adjoining blocks are joined. Throws a RangeError naming block and fault: callers know the path and make it a problem. */
export function readUf2(file: Uint8Array): Uf2Image {
  if (file.length === 0 || file.length % BLOCK_BYTES) throw new RangeError(`its ${file.length} bytes are no whole number of blocks of ${BLOCK_BYTES}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const familyIds = new Set<number>();
  const segments: Array<{ address: number; parts: Uint8Array[]; end: number }> = [];
  const seen = new Map<number, Set<number>>();
  for (let at = 0; at < file.length; at += BLOCK_BYTES) {
    const fault = (what: string): RangeError => new RangeError(`block ${at / BLOCK_BYTES}: ${what}`);
    const [first, second, flag, address, count, index, total, family] = Array.from({ length: 8 }, (_, i) => view.getUint32(at + 4 * i, true));
    if (first !== MAGIC.first || second !== MAGIC.second || view.getUint32(at + BLOCK_BYTES - 4, true) !== MAGIC.end) throw fault('not a block');
    if (count > MOST_PAYLOAD_BYTES) throw fault(`it says ${count} bytes, a block holds ${MOST_PAYLOAD_BYTES}`);
    if (index >= total) throw fault(`it says it is block ${index} of ${total}`);
    if (!seen.has(total)) seen.set(total, new Set());
    seen.get(total)!.add(index);
    if (flag & flags.notMainFlash) continue;
    if (flag & flags.familyId) familyIds.add(family);
    const bytes = file.subarray(at + HEADER_BYTES, at + HEADER_BYTES + count);
    const last = segments.at(-1);
    if (last?.end === address) last.parts.push(bytes);
    else segments.push({ address, parts: [bytes], end: address });
    segments.at(-1)!.end = address + count;
  }
  for (const [total, indices] of seen) if (indices.size !== total) throw new RangeError(`${total - indices.size} of its ${total} blocks are missing: the file is cut short`);
  return { segments: segments.map((s) => ({ address: s.address, bytes: concatBytes(s.parts) })), familyIds: [...familyIds] };
}
