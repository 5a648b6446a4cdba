import { elementCount } from '../../engine/ir/dtype';

/** One NumPy array as doubles-compatible numbers. Format: numpy.lib.format, versions 1 to 3. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The bytes are no array that we read; the message says why. */
export class NpyError extends Error {}

type Decode = (bytes: Uint8Array, elements: number) => ArrayLike<number>;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
const read = (size: number, get: (v: DataView, at: number) => number): { size: number; decode: Decode } => ({
  size,
  decode: (bytes, elements) => {
    const v = view(bytes);
    return Float64Array.from({ length: elements }, (_, i) => get(v, i * size));
  },
});

/** By NumPy type string, without the byte order mark. */
const types: Readonly<Record<string, { size: number; decode: Decode }>> = {
  f4: { size: 4, decode: (bytes, elements) => new Float32Array(new Uint8Array(bytes.subarray(0, elements * 4)).buffer) },
  f8: read(8, (v, at) => v.getFloat64(at, true)),
  i1: read(1, (v, at) => v.getInt8(at)),
  u1: read(1, (v, at) => v.getUint8(at)),
  b1: read(1, (v, at) => v.getUint8(at)),
  i2: read(2, (v, at) => v.getInt16(at, true)),
  u2: read(2, (v, at) => v.getUint16(at, true)),
  i4: read(4, (v, at) => v.getInt32(at, true)),
  u4: read(4, (v, at) => v.getUint32(at, true)),
  i8: read(8, (v, at) => Number(v.getBigInt64(at, true))),
  u8: read(8, (v, at) => Number(v.getBigUint64(at, true))),
};

export function parseNpy(bytes: Uint8Array): NumericArray {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY') throw new NpyError('it is no NumPy array');
  const long = bytes[6] >= 2;
  const start = long ? 12 : 10;
  if (bytes.length < start) throw new NpyError('its header is cut off');
  const headerBytes = long ? view(bytes).getUint32(8, true) : view(bytes).getUint16(8, true);
  if (start + headerBytes > bytes.length) throw new NpyError('its header is cut off');
  const header = new TextDecoder().decode(bytes.subarray(start, start + headerBytes));
  const descr = /'descr':\s*'([<>|=]?)([a-z]\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (!descr || !order || !shapeText) throw new NpyError(`its header is not understood: ${header.trim().slice(0, 100)}`);
  if (order[1] === 'True') throw new NpyError('it is stored in Fortran order; save numpy.ascontiguousarray of it');
  const type = types[descr[2]];
  if (!type || descr[1] === '>') throw new NpyError(`numbers of type ${descr[1]}${descr[2]} are not read`);
  const shape = shapeText[1].split(',').map((s) => s.trim()).filter(Boolean).map(Number);
  const elements = elementCount(shape);
  const body = bytes.subarray(start + headerBytes);
  if (!Number.isSafeInteger(elements) || body.length < elements * type.size) throw new NpyError(`it has ${body.length} bytes, ${shape.join('×')} ${descr[2]} needs ${elements * type.size}`);
  return { shape, data: type.decode(body, elements) };
}
