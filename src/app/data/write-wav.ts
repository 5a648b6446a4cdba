/** 16-bit PCM of one channel; numbers from -1 to 1, held at the ends. Format: Multimedia Programming Interface 1.0, RIFF WAVE. */
export function writeWav(values: ArrayLike<number>, rateHz: number): Uint8Array {
  const file = new Uint8Array(44 + 2 * values.length);
  const view = new DataView(file.buffer);
  const text = (at: number, letters: string): void => [...letters].forEach((letter, i) => (file[at + i] = letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rateHz, true);
  view.setUint32(28, 2 * rateHz, true);
  view.setUint16(32, 2, true); // bytes of a sample
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, 2 * values.length, true);
  for (let i = 0; i < values.length; i++) view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(values[i] * 32768))), true);
  return file;
}
