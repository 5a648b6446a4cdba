import { UnreadableError } from '../unreadable';
import { MOST_PIXELS, pictureOf, type Picture } from './picture';

/** Pixels of an uncompressed `.bmp`. Format: Windows BITMAPINFOHEADER, 8 bits with palette, 24 or 32 bits. */
export function parseBmp(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw new UnreadableError('it is no BMP image');
  const [offset, headerBytes] = [view.getUint32(10, true), view.getUint32(14, true)];
  const [width, signedHeight, bits, compression] = [view.getInt32(18, true), view.getInt32(22, true), view.getUint16(28, true), view.getUint32(30, true)];
  const height = Math.abs(signedHeight);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (![8, 24, 32].includes(bits) || (compression !== 0 && compression !== 3)) throw new UnreadableError(`${bits} bits a pixel, compression ${compression} is not read: expected 8, 24 or 32 bits, uncompressed`);
  if (width < 1 || height < 1 || width * height > MOST_PIXELS || offset + stride * height > bytes.length) throw new UnreadableError(`${width}×${height} pixels need more bytes than its ${bytes.length}`);
  const palette = 14 + headerBytes;
  const rgb = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = offset + (signedHeight > 0 ? height - 1 - y : y) * stride;
    for (let x = 0; x < width; x++) {
      const at = bits === 8 ? palette + bytes[row + x] * 4 : row + (x * bits) / 8;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) rgb[to + c] = bytes[at + 2 - c] ?? 0;
    }
  }
  return pictureOf(width, height, rgb);
}
