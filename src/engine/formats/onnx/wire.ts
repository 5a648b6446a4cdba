import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * Protobuf messages by tables: fields known to a table become properties, all others are kept as raw bytes, so that a file
 * written by us still holds what we do not understand. Bytes fields stay views into the file.
 */

export type FieldKind = 'int64' | 'int32' | 'uint64' | 'float' | 'double' | 'string' | 'bytes';

interface FieldShape {
  readonly number: number;
  readonly kind: FieldKind | (() => MessageTable);
  readonly repeated: boolean;
}

export type MessageTable = Readonly<Record<string, FieldShape>>;

export const one = (number: number, kind: FieldShape['kind']): FieldShape => ({ number, kind, repeated: false });
export const many = (number: number, kind: FieldShape['kind']): FieldShape => ({ number, kind, repeated: true });

/** A field that its table does not name: its payload as it was read, without the tag. */
export interface UnknownField {
  readonly number: number;
  readonly wireType: number;
  readonly bytes: Uint8Array;
}

export interface Message {
  unknown?: UnknownField[];
}

/** The bytes are no message of this table: cut off, or not protobuf at all. */
export class WireError extends Error {
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

/** ONNX nests messages through subgraphs; deeper nesting than this is a damaged or hostile file. */
const MAX_DEPTH = 100;

const fieldsByNumber = new WeakMap<MessageTable, Map<number, readonly [string, FieldShape]>>();

function numbered(table: MessageTable): Map<number, readonly [string, FieldShape]> {
  let byNumber = fieldsByNumber.get(table);
  if (!byNumber) {
    byNumber = new Map(Object.entries(table).map(([name, field]) => [field.number, [name, field]]));
    fieldsByNumber.set(table, byNumber);
  }
  return byNumber;
}

const NONE: readonly unknown[] = Object.freeze([]);
const repeatedByTable = new WeakMap<MessageTable, readonly string[]>();

function repeatedNames(table: MessageTable): readonly string[] {
  let names = repeatedByTable.get(table);
  if (!names) repeatedByTable.set(table, (names = Object.entries(table).flatMap(([name, field]) => (field.repeated ? [name] : []))));
  return names;
}

export function decodeMessage<T extends Message>(table: MessageTable, bytes: Uint8Array): T {
  const reader = new BinaryReader(bytes);
  try {
    return readMessage(reader, bytes.length, table, 0) as T;
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError(reader.pos, error instanceof Error ? error.message : String(error));
  }
}

function readMessage(reader: BinaryReader, end: number, table: MessageTable, depth: number): Message {
  if (depth > MAX_DEPTH) throw new WireError(reader.pos, `messages are nested more than ${MAX_DEPTH} deep`);
  const message: Record<string, unknown> & Message = {};
  for (const name of repeatedNames(table)) message[name] = NONE;
  const byNumber = numbered(table);
  // Lists are made when their first item comes: files hold many messages with many empty lists.
  const listOf = (name: string): unknown[] => (message[name] === NONE ? (message[name] = []) : message[name]) as unknown[];
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const found = byNumber.get(number);
    if (!found || !acceptable(found[1], wireType)) {
      (message.unknown ??= []).push({ number, wireType, bytes: reader.skip(wireType, number) });
      continue;
    }
    const [name, field] = found;
    if (typeof field.kind !== 'string') {
      const length = lengthWithin(reader, end);
      const child = readMessage(reader, reader.pos + length, field.kind(), depth + 1);
      if (field.repeated) listOf(name).push(child);
      else message[name] = child;
    } else if (field.repeated && wireType === WireType.LengthDelimited && field.kind !== 'string' && field.kind !== 'bytes') {
      const stop = lengthWithin(reader, end) + reader.pos;
      const list = listOf(name) as number[];
      while (reader.pos < stop) list.push(readScalar(reader, field.kind) as number);
    } else {
      const value = readScalar(reader, field.kind);
      if (field.repeated) listOf(name).push(value);
      else message[name] = value;
    }
  }
  if (reader.pos !== end) throw new WireError(reader.pos, 'a field runs past the end of its message');
  return message;
}

/** A field whose wire type does not fit its kind is kept as unknown, as protobuf asks. */
function acceptable(field: FieldShape, wireType: WireType): boolean {
  if (typeof field.kind !== 'string' || field.kind === 'string' || field.kind === 'bytes') return wireType === WireType.LengthDelimited;
  const own = field.kind === 'float' ? WireType.Bit32 : field.kind === 'double' ? WireType.Bit64 : WireType.Varint;
  return wireType === own || (field.repeated && wireType === WireType.LengthDelimited);
}

function lengthWithin(reader: BinaryReader, end: number): number {
  const length = reader.uint32();
  if (length > end - reader.pos) throw new WireError(reader.pos, `a field of ${length} bytes, but ${end - reader.pos} are left`);
  return length;
}

function readScalar(reader: BinaryReader, kind: FieldKind): number | string | Uint8Array {
  switch (kind) {
    case 'int64':
      return Number(reader.int64());
    case 'uint64':
      return Number(reader.uint64());
    case 'int32':
      return reader.int32();
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
    case 'string':
      return reader.string();
    case 'bytes':
      return reader.bytes();
  }
}

export function encodeMessage(table: MessageTable, message: Message): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, table, message as Record<string, unknown>);
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, table: MessageTable, message: Record<string, unknown>): void {
  for (const [name, field] of Object.entries(table)) {
    const value = message[name];
    if (value === undefined) continue;
    if (!field.repeated) writeField(writer, field, value);
    else if (isPackable(field)) writePacked(writer, field, value as number[]);
    else for (const item of value as unknown[]) writeField(writer, field, item);
  }
  for (const field of (message.unknown as UnknownField[] | undefined) ?? []) writer.tag(field.number, field.wireType).raw(field.bytes);
}

const isPackable = (field: FieldShape): boolean => typeof field.kind === 'string' && field.kind !== 'string' && field.kind !== 'bytes';

function writePacked(writer: BinaryWriter, field: FieldShape, values: readonly number[]): void {
  if (!values.length) return;
  writer.tag(field.number, WireType.LengthDelimited).fork();
  for (const value of values) writeScalar(writer, field.kind as FieldKind, value);
  writer.join();
}

const wireTypes: Readonly<Record<FieldKind, WireType>> = {
  int64: WireType.Varint, uint64: WireType.Varint, int32: WireType.Varint,
  float: WireType.Bit32, double: WireType.Bit64, string: WireType.LengthDelimited, bytes: WireType.LengthDelimited,
};

function writeField(writer: BinaryWriter, field: FieldShape, value: unknown): void {
  if (typeof field.kind !== 'string') {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    writeMessage(writer, field.kind(), value as Record<string, unknown>);
    writer.join();
    return;
  }
  writer.tag(field.number, wireTypes[field.kind]);
  writeScalar(writer, field.kind, value);
}

const INT64_MAX = 2n ** 63n - 1n;

function writeScalar(writer: BinaryWriter, kind: FieldKind, value: unknown): void {
  switch (kind) {
    case 'int64': {
      // INT64_MAX ("to the end" of a slice) is no double: it comes back as 2^63 and is clamped here.
      const wide = BigInt(value as number);
      writer.int64(wide > INT64_MAX ? INT64_MAX : wide);
      break;
    }
    case 'uint64':
      writer.uint64(BigInt(value as number));
      break;
    case 'int32':
      writer.int32(value as number);
      break;
    case 'float':
      writer.float(value as number);
      break;
    case 'double':
      writer.double(value as number);
      break;
    case 'string':
      writer.string(value as string);
      break;
    case 'bytes':
      writer.bytes(value as Uint8Array);
  }
}
