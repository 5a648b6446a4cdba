import type { LongFile } from '../long-file';
import { encodeText } from './text';

/**
 * An ONNX file without the bytes of its large weights: each of the graph's initializers says instead where in the file they
 * lie, as one does whose data are in a file beside the model. Undefined where the bytes are no such file: whoever reads it whole
 * tells why. Field numbers: onnx.proto. Wire format: protobuf.dev/programming-guides/encoding.
 */
export function skeletonOf(file: LongFile): Uint8Array | undefined {
  try {
    return joined(new Skeleton(file).message(0, file.fileBytes, modelLevel));
  } catch (error) {
    if (error instanceof NotWellFormed) return undefined;
    throw error;
  }
}

/** Name of the file itself, in place of one beside it; no file can have it. */
export const THIS_FILE = '\0this';

/** What a field of a message is: another level to look into, or data to leave out. */
interface Level {
  readonly fields: Readonly<Record<number, Level | 'weights'>>;
}

const tensorLevel: Level = { fields: { 9: 'weights' } };
const graphLevel: Level = { fields: { 5: tensorLevel } };
const modelLevel: Level = { fields: { 7: graphLevel } };

/** Data shorter than this are not worth a place of their own. */
const SMALLEST_WEIGHTS = 4096;
const WINDOW_BYTES = 64 * 1024;
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const [EXTERNAL_DATA, DATA_LOCATION, KEY, VALUE, EXTERNAL] = [13, 14, 1, 2, 1];

class NotWellFormed extends Error {}

class Skeleton {
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;

  constructor(private readonly file: LongFile) {}

  /** Parts of a message, which lies at [at, end), in order. */
  message(at: number, end: number, { fields }: Level): Uint8Array[] {
    const parts: Uint8Array[] = [];
    // Fields that stay as they are, from here to where one does not.
    let kept = at;
    const keepTo = (to: number): void => void (to > kept && parts.push(this.copy(kept, to)));
    while (at < end) {
      const start = at;
      const tag = this.varint(at, end);
      const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
      at = tag.end;
      if (wire === BYTES) {
        const length = this.varint(at, end);
        const from = length.end;
        at = from + length.value;
        if (at > end) throw new NotWellFormed();
        const what = length.value < SMALLEST_WEIGHTS ? undefined : fields[field];
        if (!what) continue;
        keepTo(start);
        kept = at;
        if (what === 'weights') parts.push(...placeOf(from, length.value));
        else parts.push(...lengthDelimited(field, this.message(from, at, what)));
      } else if (wire === VARINT) at = this.varint(at, end).end;
      else if (wire === FIXED64) at += 8;
      else if (wire === FIXED32) at += 4;
      else throw new NotWellFormed();
      if (at > end) throw new NotWellFormed();
    }
    keepTo(at);
    return parts;
  }

  private varint(at: number, end: number): { readonly value: number; readonly end: number } {
    let value = 0;
    for (let i = 0; i < 10 && at + i < end; i++) {
      const byte = this.byte(at + i);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value, end: at + i + 1 };
    }
    throw new NotWellFormed();
  }

  private byte(at: number): number {
    if (at < this.windowAt || at >= this.windowAt + this.window.length) {
      this.window = this.file.read(at, Math.min(WINDOW_BYTES, this.file.fileBytes - at));
      this.windowAt = at;
      if (!this.window.length) throw new NotWellFormed();
    }
    return this.window[at - this.windowAt];
  }

  private copy(from: number, to: number): Uint8Array {
    const within = from >= this.windowAt && to <= this.windowAt + this.window.length;
    const bytes = within ? this.window.slice(from - this.windowAt, to - this.windowAt) : this.file.read(from, to - from);
    if (bytes.length !== to - from) throw new NotWellFormed();
    return bytes;
  }
}

/** The fields that name a place in place of the data. */
function placeOf(offset: number, length: number): Uint8Array[] {
  const entry = (key: string, value: string): Uint8Array[] => lengthDelimited(EXTERNAL_DATA, [...lengthDelimited(KEY, [encodeText(key)]), ...lengthDelimited(VALUE, [encodeText(value)])]);
  return [...entry('location', THIS_FILE), ...entry('offset', String(offset)), ...entry('length', String(length)), encodeVarint(8 * DATA_LOCATION + VARINT), encodeVarint(EXTERNAL)];
}

function lengthDelimited(field: number, content: readonly Uint8Array[]): Uint8Array[] {
  return [encodeVarint(8 * field + BYTES), encodeVarint(content.reduce((sum, part) => sum + part.length, 0)), ...content];
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Uint8Array.from([...bytes, value]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
