/** Text and bytes without the help of a platform. */

export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return Uint8Array.from(bytes);
}

export function asciiText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return parts.join('');
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648, with padding. */
export function base64Text(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const given = Math.min(3, bytes.length - i) + 1;
    for (let k = 0; k < 4; k++) parts.push(k < given ? DIGITS[(word >> (18 - 6 * k)) & 63] : '=');
  }
  return parts.join('');
}

export function base64Bytes(text: string): Uint8Array {
  const body = text.replace(/=+$/, '');
  const result = new Uint8Array(Math.floor((body.length * 3) / 4));
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[DIGITS.charCodeAt(i)] = i;
  for (let i = 0; i < result.length; i++) {
    const at = Math.floor(i / 3) * 4 + (i % 3);
    const word = (values[body.charCodeAt(at) & 127] << 6) | (at + 1 < body.length ? values[body.charCodeAt(at + 1) & 127] : 0);
    result[i] = (word >> (4 - 2 * (i % 3))) & 255;
  }
  return result;
}
