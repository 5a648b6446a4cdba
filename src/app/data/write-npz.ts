import { zipSync } from 'fflate';
import { bytesOf, concatBytes } from '../../base/bytes';

/** One array of a .npz: little-endian, C order. */
export interface NpzArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Entries carry no time of the day: same arrays, same bytes. ZIP cannot say less than 1980. */
const NO_TIME = new Date(1980, 0, 1);

/** Source: numpy.lib.format, version 1.0; a .npz is a ZIP of .npy files. */
export function writeNpy({ shape, data }: NpzArray): Uint8Array {
  const descr = data instanceof Float32Array ? '<f4' : '<i4';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  // Magic, version, length and text are a multiple of 64 together, with a line feed at the end.
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 10 - 1, ' ');
  const head = new TextEncoder().encode(`${padded}\n`);
  const prefix = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, head.length & 255, head.length >> 8);
  return concatBytes([prefix, head, bytesOf(data)]);
}

export function writeNpz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)])), { level: 6, mtime: NO_TIME });
}
