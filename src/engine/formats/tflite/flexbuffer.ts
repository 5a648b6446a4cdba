/** Types of values that options have. Source: flatbuffers' flexbuffers.h, enum Type. */
const [INT, UINT, FLOAT, INDIRECT_INT, INDIRECT_UINT, INDIRECT_FLOAT, MAP, BOOL] = [1, 2, 3, 6, 7, 8, 9, 26];

/**
 * Numbers of a flexbuffer whose root is a map, as custom operators have their options; truth is 1 or 0. Values of other types are left
 * out, damage gives an empty map. Source: flatbuffers' "FlexBuffers" internals.
 */
export function readFlexMap(bytes: Uint8Array): Record<string, number> {
  try {
    return readMap(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function readMap(bytes: Uint8Array, view: DataView): Record<string, number> {
  const unsigned = (at: number, width: number): number =>
    width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, true) : width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
  const signed = (at: number, width: number): number =>
    width === 1 ? view.getInt8(at) : width === 2 ? view.getInt16(at, true) : width === 4 ? view.getInt32(at, true) : Number(view.getBigInt64(at, true));
  const real = (at: number, width: number): number => (width === 8 ? view.getFloat64(at, true) : width === 4 ? view.getFloat32(at, true) : NaN);
  const behind = (at: number, width: number): number => at - unsigned(at, width);
  const plain = (type: number, at: number, width: number): number | undefined =>
    type === INT ? signed(at, width) : type === UINT || type === BOOL ? unsigned(at, width) : type === FLOAT ? real(at, width) : undefined;
  const indirect: Readonly<Record<number, number>> = { [INDIRECT_INT]: INT, [INDIRECT_UINT]: UINT, [INDIRECT_FLOAT]: FLOAT };

  const end = bytes.length;
  const rootWidth = view.getUint8(end - 1);
  const rootType = view.getUint8(end - 2);
  if (rootType >> 2 !== MAP) return {};
  const map = behind(end - 2 - rootWidth, rootWidth);
  const width = 1 << (rootType & 3);
  const count = unsigned(map - width, width);
  if (count > bytes.length) return {};
  const [keys, keyWidth] = [behind(map - 3 * width, width), unsigned(map - 2 * width, width)];
  const result: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const from = behind(keys + i * keyWidth, keyWidth);
    const to = bytes.indexOf(0, from);
    if (from < 0 || to < 0) return {};
    const [packed, at] = [view.getUint8(map + count * width + i), map + i * width];
    const direct = indirect[packed >> 2];
    const value = direct === undefined ? plain(packed >> 2, at, width) : plain(direct, behind(at, width), 1 << (packed & 3));
    if (value !== undefined) result[String.fromCharCode(...bytes.subarray(from, to))] = value;
  }
  return result;
}

/** Whole numbers, true or false, and 32-bit floats as a map. */
export function writeFlexMap(values: Readonly<Record<string, number | boolean>>, floats: ReadonlySet<string>): Uint8Array {
  // A map's keys are in the order of their bytes.
  const names = Object.keys(values).sort();
  const width = 4;
  const texts = names.map((name) => [...name].map((letter) => letter.charCodeAt(0)).concat(0));
  const textBytes = Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / width) * width;
  // Length of the keys, keys, place and width of the keys, length of the values, values, their types, root, its type and width.
  const keys = textBytes + width;
  const map = keys + (names.length + 3) * width;
  const types = map + names.length * width;
  const root = Math.ceil((types + names.length) / width) * width;
  const bytes = new Uint8Array(root + width + 2);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number): void => view.setUint32(at, value, true);
  let from = 0;
  texts.forEach((text, i) => {
    bytes.set(text, from);
    word(keys + i * width, keys + i * width - from);
    from += text.length;
  });
  word(keys - width, names.length);
  word(map - 3 * width, map - 3 * width - keys);
  word(map - 2 * width, width);
  word(map - width, names.length);
  const widthCode = 2;
  names.forEach((name, i) => {
    const value = values[name];
    const type = typeof value === 'boolean' ? BOOL : floats.has(name) ? FLOAT : INT;
    if (type === FLOAT) view.setFloat32(map + i * width, Number(value), true);
    else view.setInt32(map + i * width, Number(value), true);
    bytes[types + i] = (type << 2) | widthCode;
  });
  word(root, root - map);
  bytes[root + width] = (MAP << 2) | widthCode;
  bytes[root + width + 1] = width;
  return bytes;
}
