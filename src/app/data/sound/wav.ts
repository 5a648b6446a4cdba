import { UnreadableError } from '../unreadable';

/** Sound as numbers from -1 to 1, channels averaged. */
export interface Sound {
  readonly rateHz: number;
  readonly data: Float32Array;
}

/**
 * Samples of a PCM `.wav` as numbers from -1 to 1, channels averaged. Format: Multimedia Programming Interface 1.0, RIFF WAVE;
 * 8 bits are unsigned, 16, 24 and 32 signed little-endian, format 3 is float32.
 */
export function parseWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw new UnreadableError('it is no RIFF WAVE file');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (text(at) === 'fmt ' && body + 16 <= bytes.length) format = { code: codeAt(view, body, size), channels: view.getUint16(body + 2, true), rateHz: view.getUint32(body + 4, true), bits: view.getUint16(body + 14, true) };
    if (text(at) === 'data') {
      if (!format) throw new UnreadableError('its data comes before its format');
      // Recorders that cannot go back write no length.
      const length = size === 0 || size === 0xffffffff ? bytes.length - body : size;
      if (body + length > bytes.length) throw new UnreadableError(`it is cut off: ${length} bytes of sound were promised, ${bytes.length - body} are there`);
      return samplesOf(view, body, length, format);
    }
    at = body + size + (size % 2);
  }
  throw new UnreadableError('it has no data');
}

const EXTENSIBLE = 0xfffe;

/** Format code; of the extensible form that of its sub-format. */
function codeAt(view: DataView, body: number, size: number): number {
  const code = view.getUint16(body, true);
  return code === EXTENSIBLE && size >= 26 && body + 26 <= view.byteLength ? view.getUint16(body + 24, true) : code;
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
}

function samplesOf(view: DataView, start: number, length: number, { code, channels, rateHz, bits }: Format): Sound {
  const read = readers.get(`${code}/${bits}`);
  if (!read || channels < 1) throw new UnreadableError(`format ${code} with ${bits} bits is not read: expected PCM of 8, 16, 24 or 32 bits, or float32`);
  if (rateHz < 1) throw new UnreadableError('its header says 0 samples a second');
  const bytesEach = bits / 8;
  const count = Math.floor(length / (bytesEach * channels));
  if (!count) throw new UnreadableError('it holds no samples');
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += read(view, start + (i * channels + c) * bytesEach);
    data[i] = sum / channels;
  }
  return { rateHz, data };
}

const readers: ReadonlyMap<string, (view: DataView, at: number) => number> = new Map([
  ['1/8', (view: DataView, at: number) => (view.getUint8(at) - 128) / 128],
  ['1/16', (view: DataView, at: number) => view.getInt16(at, true) / 2 ** 15],
  ['1/24', (view: DataView, at: number) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23],
  ['1/32', (view: DataView, at: number) => view.getInt32(at, true) / 2 ** 31],
  ['3/32', (view: DataView, at: number) => view.getFloat32(at, true)],
]);
