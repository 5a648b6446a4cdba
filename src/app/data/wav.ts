/** The bytes are no sound that we read; the message says why. */
export class WavError extends Error {}

/**
 * Samples of a PCM `.wav` as numbers from -1 to 1, channels averaged. Format: Multimedia Programming Interface 1.0, RIFF WAVE;
 * 8 bits are unsigned, 16, 24 and 32 signed little-endian, format 3 is float32.
 */
export function parseWav(bytes: Uint8Array): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw new WavError('it is no RIFF WAVE file');
  let format: { code: number; channels: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (text(at) === 'fmt ' && body + 16 <= bytes.length) format = { code: view.getUint16(body, true), channels: view.getUint16(body + 2, true), bits: view.getUint16(body + 14, true) };
    if (text(at) === 'data') {
      if (!format) throw new WavError('its data comes before its format');
      return samplesOf(view, body, Math.min(size, bytes.length - body), format);
    }
    at = body + size + (size % 2);
  }
  throw new WavError('it has no data');
}

function samplesOf(view: DataView, start: number, length: number, { code, channels, bits }: { code: number; channels: number; bits: number }): { shape: readonly number[]; data: Float32Array } {
  const read = readers.get(`${code === 0xfffe ? 1 : code}/${bits}`);
  if (!read || channels < 1) throw new WavError(`format ${code} with ${bits} bits is not read: expected PCM of 8, 16, 24 or 32 bits, or float32`);
  const bytesEach = bits / 8;
  const count = Math.floor(length / (bytesEach * channels));
  if (!count) throw new WavError('it holds no samples');
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += read(view, start + (i * channels + c) * bytesEach);
    data[i] = sum / channels;
  }
  return { shape: [count], data };
}

const readers: ReadonlyMap<string, (view: DataView, at: number) => number> = new Map([
  ['1/8', (view: DataView, at: number) => (view.getUint8(at) - 128) / 128],
  ['1/16', (view: DataView, at: number) => view.getInt16(at, true) / 2 ** 15],
  ['1/24', (view: DataView, at: number) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23],
  ['1/32', (view: DataView, at: number) => view.getInt32(at, true) / 2 ** 31],
  ['3/32', (view: DataView, at: number) => view.getFloat32(at, true)],
]);

/** Samples a second, as the file says; undefined where it says nothing. */
export function wavRate(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 20 <= bytes.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2)) {
    if (String.fromCharCode(...bytes.subarray(at, at + 4)) === 'fmt ') return view.getUint32(at + 12, true);
  }
  return undefined;
}
