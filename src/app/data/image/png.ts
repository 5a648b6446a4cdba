import { inflateSync } from 'node:zlib';
import { UnreadableError } from '../unreadable';
import { MOST_PIXELS, pictureOf, type Picture } from './picture';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Numbers a pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
const PALETTE = 3;

/** First column and row, and steps between columns and rows, of the seven passes of an interlaced image; of others the whole is one. */
const ADAM7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly isInterlaced: boolean;
}

/** Pixels of a `.png`; transparency is left aside. Format: Portable Network Graphics, ISO/IEC 15948:2004. */
export function parsePng(bytes: Uint8Array): Picture {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new UnreadableError('it is no PNG image');
  const { header, palette, data } = chunksOf(bytes);
  const { width, height, depth, colour, isInterlaced } = header;
  const passes = (isInterlaced ? ADAM7 : WHOLE).map(([x, y, dx, dy]) => ({ x, y, dx, dy, columns: Math.ceil((width - x) / dx), rows: Math.ceil((height - y) / dy) }));
  const bits = SAMPLES[colour] * depth;
  const used = passes.filter(({ columns, rows }) => columns > 0 && rows > 0);
  const wanted = used.reduce((sum, { columns, rows }) => sum + rows * (1 + Math.ceil((columns * bits) / 8)), 0);
  const raw = unpacked(data, wanted);
  const rgb = new Float32Array(width * height * 3);
  let at = 0;
  for (const { x, y, dx, dy, columns, rows } of used) {
    const stride = Math.ceil((columns * bits) / 8);
    let above = new Uint8Array(stride);
    for (let row = 0; row < rows; row++, at += 1 + stride) {
      const line = unfiltered(raw[at], raw.subarray(at + 1, at + 1 + stride), above, Math.max(1, bits >> 3));
      for (let column = 0; column < columns; column++) putPixel(rgb, ((y + row * dy) * width + x + column * dx) * 3, line, column, header, palette);
      above = line;
    }
  }
  return pictureOf(width, height, rgb);
}

function chunksOf(bytes: Uint8Array): { header: Header; palette: Uint8Array; data: Uint8Array } {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let palette: Uint8Array = new Uint8Array(0);
  const parts: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length) break;
    if (kind === 'IHDR' && length >= 13) header = headerOf(new DataView(body.buffer as ArrayBuffer, body.byteOffset, length));
    if (kind === 'PLTE') palette = body;
    if (kind === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  if (!header || !parts.length) throw new UnreadableError('it is cut off: it has no header or no pixels');
  if (header.colour === PALETTE && !palette.length) throw new UnreadableError('it has no palette for its colours');
  return { header, palette, data: Buffer.concat(parts) };
}

function headerOf(view: DataView): Header {
  const [width, height, depth, colour, interlace] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9), view.getUint8(12)];
  if (!DEPTHS[colour]?.includes(depth) || interlace > 1) throw new UnreadableError(`colour type ${colour} with ${depth} bits and interlacing ${interlace} is not in the standard`);
  if (width < 1 || height < 1 || width * height > MOST_PIXELS) throw new UnreadableError(`${width}×${height} pixels are not read: expected 1 to ${MOST_PIXELS} in all`);
  return { width, height, depth, colour, isInterlaced: interlace === 1 };
}

function unpacked(data: Uint8Array, wanted: number): Uint8Array {
  let raw: Uint8Array;
  try {
    raw = inflateSync(data, { maxOutputLength: wanted + 1 });
  } catch (error) {
    throw new UnreadableError(`its pixels cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
  }
  if (raw.length !== wanted) throw new UnreadableError(`it unpacks to ${raw.length} bytes of pixels, its size needs ${wanted}`);
  return raw;
}

/** A row before its filter: each byte was stored as the difference from one left of it (by `step`), above it, or both. */
function unfiltered(filter: number, row: Uint8Array, above: Uint8Array, step: number): Uint8Array<ArrayBuffer> {
  if (filter > 4) throw new UnreadableError(`filter ${filter} is not in the standard`);
  const result = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const [left, up, corner] = [i >= step ? result[i - step] : 0, above[i], i >= step ? above[i - step] : 0];
    result[i] = row[i] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
  }
  return result;
}

/** Whichever of the three neighbours is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function putPixel(rgb: Float32Array, to: number, line: Uint8Array, column: number, { depth, colour }: Header, palette: Uint8Array): void {
  const samples = SAMPLES[colour];
  const sample = (i: number): number => {
    const place = column * samples + i;
    if (depth >= 8) return line[place * (depth / 8)];
    return (line[(place * depth) >> 3] >> (8 - depth - ((place * depth) & 7))) & ((1 << depth) - 1);
  };
  for (let c = 0; c < 3; c++) {
    // Of 16 bits the upper 8; fewer than 8 bits are spread to 0 to 255.
    if (colour === PALETTE) rgb[to + c] = palette[sample(0) * 3 + c] ?? 0;
    else rgb[to + c] = depth < 8 ? (sample(0) * 255) / ((1 << depth) - 1) : sample(samples >= 3 ? c : 0);
  }
}
