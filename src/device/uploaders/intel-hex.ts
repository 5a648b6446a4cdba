import { concatBytes } from '../../base/bytes';

/**
 * Intel HEX images. Record types 00 to 05. Source: Intel, "Hexadecimal Object File Format Specification", revision A, 1988.
 */
export interface ImageSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Data records of 16 bytes, as objcopy writes them, segments in the order of their addresses. */
export function writeIntelHex(segments: readonly ImageSegment[]): string {
  const lines: string[] = [];
  let upper = 0;
  for (const segment of [...segments].sort((a, b) => a.address - b.address)) {
    for (let offset = 0; offset < segment.bytes.length; ) {
      const address = segment.address + offset;
      const high = Math.floor(address / 0x10000);
      if (high !== upper) {
        lines.push(record(0, 4, Uint8Array.of(high >> 8, high & 0xff)));
        upper = high;
      }
      const length = Math.min(16, segment.bytes.length - offset, 0x10000 - (address & 0xffff)); // a record does not cross 64 KiB
      lines.push(record(address & 0xffff, 0, segment.bytes.subarray(offset, offset + length)));
      offset += length;
    }
  }
  return [...lines, record(0, 1, new Uint8Array()), ''].join('\n');
}

function record(address: number, type: number, data: Uint8Array): string {
  const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
  const sum = bytes.reduce((a, b) => a + b, 0);
  return ':' + [...bytes, -sum & 0xff].map((b) => b.toString(16).toUpperCase().padStart(2, '0')).join('');
}

/**
 * Adjoining records are joined into segments in the order of the file. Throws a RangeError naming line and fault: callers know
 * the path and make it a problem.
 */
export function readIntelHex(text: string): ImageSegment[] {
  const segments: Array<{ address: number; parts: Uint8Array[]; end: number }> = [];
  let base = 0;
  let ended = false;
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || ended) return;
    const fault = (what: string): RangeError => new RangeError(`line ${index + 1}: ${what}`);
    if (!/^:(?:[0-9a-fA-F]{2}){5,}$/.test(line)) throw fault('not a record');
    const bytes = Uint8Array.from(line.slice(1).match(/../g)!, (pair) => parseInt(pair, 16));
    if (bytes[0] !== bytes.length - 5) throw fault(`the record says ${bytes[0]} bytes and has ${bytes.length - 5}`);
    if (bytes.reduce((a, b) => a + b, 0) & 0xff) throw fault('wrong checksum');
    const data = bytes.subarray(4, -1);
    const value = (): number => (data.length === 2 ? (data[0] << 8) | data[1] : NaN);
    const type = bytes[3];
    if (type === 0) {
      const address = base + ((bytes[1] << 8) | bytes[2]);
      const last = segments.at(-1);
      if (last?.end === address) last.parts.push(data);
      else segments.push({ address, parts: [data], end: address });
      segments.at(-1)!.end = address + data.length;
    } else if (type === 1) ended = true;
    else if (type === 2) base = value() * 16;
    else if (type === 4) base = value() * 0x10000;
    else if (type !== 3 && type !== 5) throw fault(`unknown record type ${type}`);
    if (Number.isNaN(base)) throw fault('an address record of wrong length');
  });
  if (!ended) throw new RangeError('the end record is missing: the file is cut short');
  return segments.map((s) => ({ address: s.address, bytes: concatBytes(s.parts) }));
}
