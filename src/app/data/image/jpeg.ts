import decode from 'jpeg-js/lib/decoder';
import { UnreadableError } from '../unreadable';
import { MOST_PIXELS, pictureOf, type Picture } from './picture';

/** Memory that one image may take while it is decoded. */
const MOST_MEMORY_MB = 1024;

/** Pixels of a `.jpg`, baseline or progressive. */
export function parseJpeg(bytes: Uint8Array): Picture {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new UnreadableError('it is no JPEG image');
  try {
    const { width, height, data } = decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxMemoryUsageInMB: MOST_MEMORY_MB, maxResolutionInMP: MOST_PIXELS / 1e6 });
    return pictureOf(width, height, Float32Array.from(data));
  } catch (error) {
    throw new UnreadableError(`it cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
  }
}
