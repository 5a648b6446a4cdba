/**
 * CRC-32/ISO-HDLC: polynomial 0x04c11db7, reflected, initial and final xor 0xffffffff; check value of "123456789" is
 * 0xcbf43926. Source: catalogue of parametrised CRC algorithms (reveng), CRC-32.
 */
const table = new Uint32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** `before`: the check sum of what lies before these bytes. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]) & 0xff];
  return ~crc >>> 0;
}
