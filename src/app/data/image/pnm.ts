import { UnreadableError } from '../unreadable';
import { MOST_PIXELS, pictureOf, type Picture } from './picture';

/** Kinds of portable maps that are read: samples a pixel, and whether they are written as text. */
const KINDS: Readonly<Record<string, { readonly samples: 1 | 3; readonly isText: boolean }>> = {
  P2: { samples: 1, isText: true }, P3: { samples: 3, isText: true }, P5: { samples: 1, isText: false }, P6: { samples: 3, isText: false },
};

/** Pixels of a `.pgm` or `.ppm`, spread to 0 to 255. Format: netpbm, pgm(5) and ppm(5). */
export function parsePnm(bytes: Uint8Array): Picture {
  const kind = KINDS[String.fromCharCode(...bytes.subarray(0, 2))];
  if (!kind) throw new UnreadableError('it is no PGM or PPM image: expected P2, P3, P5 or P6 at its start');
  let at = 2;
  const number = (): number => {
    for (;;) {
      while (isSpace(bytes[at])) at++;
      if (bytes[at] !== HASH) break;
      while (at < bytes.length && bytes[at] !== LINE_FEED) at++;
    }
    const start = at;
    while (bytes[at] >= 0x30 && bytes[at] <= 0x39) at++;
    if (at === start) throw new UnreadableError('it is cut off, or has something else where a number should be');
    return Number(String.fromCharCode(...bytes.subarray(start, Math.min(at, start + 12))));
  };
  const [width, height, largest] = [number(), number(), number()];
  const count = width * height * kind.samples;
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS) || largest < 1 || largest > 65535) throw new UnreadableError(`${width}×${height} pixels up to ${largest} are not read`);
  const wide = largest > 255;
  // One white space character ends the header.
  const start = at + 1;
  if (!kind.isText && start + count * (wide ? 2 : 1) > bytes.length) throw new UnreadableError(`${width}×${height} pixels need more bytes than its ${bytes.length}`);
  const sample = (i: number): number => (kind.isText ? number() : wide ? bytes[start + 2 * i] * 256 + bytes[start + 2 * i + 1] : bytes[start + i]);
  const values = Float32Array.from({ length: count }, (_, i) => (sample(i) * 255) / largest);
  return kind.samples === 1 ? { width, height, channels: 1, data: values } : pictureOf(width, height, values);
}

const HASH = 0x23;
const LINE_FEED = 0x0a;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
