/**
 * CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xffff, not reflected, no final xor; check value of "123456789" is 0x29b1.
 * Source: catalogue of parametrised CRC algorithms (reveng), CRC-16/IBM-3740.
 */
const table = new Uint16Array(256).map((_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

export function crc16(bytes: Uint8Array, seed = 0xffff): number {
  let crc = seed;
  for (let i = 0; i < bytes.length; i++) crc = ((crc << 8) ^ table[(crc >> 8) ^ bytes[i]]) & 0xffff;
  return crc;
}
