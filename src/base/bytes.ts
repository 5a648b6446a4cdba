/** FNV-1a, 32 bits, over bytes: the model hash of the link protocol and of recorded outputs. Source: draft-eastlake-fnv. */
export function fnv1a32(bytes: Uint8Array, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

export const toHex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The bytes under a typed array, without a copy. */
export const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
