/**
 * Consistent Overhead Byte Stuffing: rewrites bytes so that none is zero, at the cost of one byte in 254.
 * Source: Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999.
 */
export function cobsEncode(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.floor(bytes.length / 254) + 1);
  let codeAt = 0;
  let at = 1;
  let code = 1;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) {
      out[at++] = bytes[i];
      code++;
    }
    if (bytes[i] === 0 || (code === 0xff && i + 1 < bytes.length)) {
      out[codeAt] = code;
      codeAt = at++;
      code = 1;
    }
  }
  out[codeAt] = code;
  return out.subarray(0, at);
}

/** `undefined` when a block runs past the end or a zero occurs inside. */
export function cobsDecode(bytes: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at++];
    if (code === 0 || at + code - 1 > bytes.length) return undefined;
    for (let end = at + code - 1; at < end; at++) {
      if (bytes[at] === 0) return undefined;
      out[length++] = bytes[at];
    }
    if (code !== 0xff && at < bytes.length) out[length++] = 0;
  }
  return out.subarray(0, length);
}
