import { ByteBuffer } from 'flatbuffers';

/**
 * FlatBuffers tables as plain objects, by a description of their fields: one decoder and one encoder (see `encode.ts`) for all
 * tables of a schema instead of generated classes. Every offset is checked before it is followed, and the work is bounded by
 * the file's size: many offsets to one table are cheap in a file and dear in memory.
 */

export type ScalarType = 'bool' | 'int8' | 'uint8' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'uint16' | 'float32';

export type FieldSpec =
  | { readonly kind: 'scalar'; readonly name: string; readonly slot: number; readonly type: ScalarType; readonly otherwise: number }
  | { readonly kind: 'scalars'; readonly name: string; readonly slot: number; readonly type: ScalarType }
  | { readonly kind: 'string' | 'table' | 'tables' | 'union'; readonly name: string; readonly slot: number; readonly type: string };

export interface TableSpec {
  readonly name: string;
  readonly fields: readonly FieldSpec[];
}

export interface Schema {
  readonly tables: ReadonlyMap<string, TableSpec>;
  /** Members of each union from 1 on; 0 is none. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
}

/** A union's member: which one, and its table where we know it. */
export interface UnionValue {
  readonly member: number;
  readonly table: FlatTable | undefined;
}

export type FlatValue = number | string | readonly number[] | Uint8Array | FlatTable | readonly FlatTable[] | UnionValue | undefined;
export interface FlatTable {
  readonly [field: string]: FlatValue;
}

/** The bytes are no FlatBuffer of the schema. */
export class FlatBufferError extends Error {
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

const scalarBytes: Readonly<Record<ScalarType, number>> = { bool: 1, int8: 1, uint8: 1, uint16: 2, int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8 };
export const sizeOfScalar = (type: ScalarType): number => scalarBytes[type];

const isScalar = (type: string): type is ScalarType => type in scalarBytes;

/**
 * A schema from its description: the name of each table, then its fields in the order of their slots, `field:type` or
 * `field:type=default`. A type is a scalar, `string`, a table, `[...]` of those, or `|Union`, which takes two slots; `_` is a
 * slot that is no longer used.
 */
export function schemaOf(description: string, unions: Readonly<Record<string, readonly string[]>>): Schema {
  const tables = new Map<string, TableSpec>();
  let fields: FieldSpec[] = [];
  let slot = 0;
  for (const word of description.split(/\s+/).filter(Boolean)) {
    const [, field, type, otherwise] = /^(\w+)(?::([^=]+))?(?:=(.+))?$/.exec(word)!;
    if (/^[A-Z]/.test(field)) {
      tables.set(field, { name: field, fields: (fields = []) });
      slot = 0;
      continue;
    }
    if (type) fields.push(fieldSpec(field, type, slot, Number(otherwise ?? 0)));
    slot += type?.startsWith('|') ? 2 : 1;
  }
  return { tables, unions: new Map(Object.entries(unions)) };
}

function fieldSpec(name: string, type: string, slot: number, otherwise: number): FieldSpec {
  if (isScalar(type)) return { kind: 'scalar', name, slot, type, otherwise };
  if (type === 'string') return { kind: 'string', name, slot, type };
  if (type.startsWith('|')) return { kind: 'union', name, slot, type: type.slice(1) };
  if (!type.startsWith('[')) return { kind: 'table', name, slot, type };
  const element = type.slice(1, -1);
  return isScalar(element) ? { kind: 'scalars', name, slot, type: element } : { kind: 'tables', name, slot, type: element };
}

/** Memory charged per table, field and element: an upper bound of what decoding and importing them takes. */
const TABLE_BYTES = 256;
const FIELD_BYTES = 32;
const ELEMENT_BYTES = 8;
/** What even a tiny file may take. */
const FREE_BYTES = 32 * 2 ** 20;

/** Decodes the root table. Vectors of bytes stay views into `bytes`; other scalar vectors become arrays of numbers. */
export function decodeRoot(schema: Schema, root: string, bytes: Uint8Array): FlatTable {
  const decoder = new Decoder(schema, bytes);
  return decoder.table(schema.tables.get(root)!, decoder.target(0));
}

class Decoder {
  private readonly buffer: ByteBuffer;
  private left: number;

  constructor(private readonly schema: Schema, private readonly bytes: Uint8Array) {
    this.buffer = new ByteBuffer(bytes);
    this.left = FREE_BYTES + 3 * bytes.length;
  }

  table(spec: TableSpec, at: number): FlatTable {
    this.charge(TABLE_BYTES, at);
    this.need(at, 4, spec.name);
    const vtable = at - this.buffer.readInt32(at);
    this.need(vtable, 4, `the vtable of ${spec.name}`);
    const vtableBytes = this.buffer.readUint16(vtable);
    const tableBytes = this.buffer.readUint16(vtable + 2);
    if (vtableBytes < 4) throw new FlatBufferError(vtable, `the vtable of ${spec.name} has ${vtableBytes} bytes`);
    this.need(vtable, vtableBytes, `the vtable of ${spec.name}`);
    const result: Record<string, FlatValue> = {};
    const position = (slot: number): number => {
      const entry = 4 + 2 * slot;
      const offset = entry + 2 <= vtableBytes ? this.buffer.readUint16(vtable + entry) : 0;
      if (offset >= tableBytes) throw new FlatBufferError(vtable + entry, `a field of ${spec.name} lies outside of its table`);
      return offset && at + offset;
    };
    for (const field of spec.fields) {
      const value = this.field(field, position);
      if (value === undefined) continue;
      this.charge(FIELD_BYTES, at);
      result[field.name] = value;
    }
    return result;
  }

  private field(field: FieldSpec, position: (slot: number) => number): FlatValue {
    if (field.kind === 'union') return this.union(field.type, position(field.slot), position(field.slot + 1));
    const at = position(field.slot);
    if (!at) return field.kind === 'scalar' ? field.otherwise : undefined;
    switch (field.kind) {
      case 'scalar':
        this.need(at, scalarBytes[field.type], field.name);
        return this.scalar(field.type, at);
      case 'scalars':
        return this.scalars(field, this.target(at));
      case 'string':
        return this.string(at);
      case 'table':
        return this.table(this.schema.tables.get(field.type)!, this.target(at));
      default:
        return this.tables(this.schema.tables.get(field.type)!, this.target(at));
    }
  }

  private union(name: string, typeAt: number, valueAt: number): UnionValue | undefined {
    if (!typeAt) return undefined;
    this.need(typeAt, 1, name);
    const member = this.buffer.readUint8(typeAt);
    if (member === 0) return undefined;
    const spec = this.schema.tables.get(this.schema.unions.get(name)![member - 1] ?? '');
    return { member, table: spec && valueAt ? this.table(spec, this.target(valueAt)) : undefined };
  }

  /** Where the offset stored at `at` leads. */
  target(at: number): number {
    this.need(at, 4, 'an offset');
    const target = at + this.buffer.readUint32(at);
    this.need(target, 4, 'what an offset leads to');
    return target;
  }

  private scalar(type: ScalarType, at: number): number {
    switch (type) {
      case 'bool':
      case 'uint8':
        return this.bytes[at];
      case 'int8':
        return this.buffer.readInt8(at);
      case 'uint16':
        return this.buffer.readUint16(at);
      case 'int32':
        return this.buffer.readInt32(at);
      case 'uint32':
        return this.buffer.readUint32(at);
      case 'float32':
        return this.buffer.readFloat32(at);
      case 'int64':
        return Number(this.buffer.readInt64(at));
      default:
        return Number(this.buffer.readUint64(at));
    }
  }

  private scalars(field: { readonly name: string; readonly type: ScalarType }, at: number): readonly number[] | Uint8Array {
    const length = this.buffer.readUint32(at);
    const size = scalarBytes[field.type];
    this.need(at + 4, length * size, field.name);
    if (size === 1) return this.bytes.subarray(at + 4, at + 4 + length);
    this.charge(length * ELEMENT_BYTES, at);
    return Array.from({ length }, (_, i) => this.scalar(field.type, at + 4 + i * size));
  }

  private tables(spec: TableSpec, at: number): readonly FlatTable[] {
    const length = this.buffer.readUint32(at);
    this.need(at + 4, length * 4, `the list of ${spec.name}`);
    this.charge(length * ELEMENT_BYTES, at);
    return Array.from({ length }, (_, i) => this.table(spec, this.target(at + 4 + 4 * i)));
  }

  private string(at: number): string {
    const start = this.target(at);
    const length = this.buffer.readUint32(start);
    this.need(start + 4, length, 'a string');
    this.charge(2 * length, at);
    return this.buffer.__string(at) as string;
  }

  private need(at: number, length: number, what: string): void {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) throw new FlatBufferError(Math.max(0, at), `${what} lies outside of the file`);
  }

  private charge(bytes: number, at: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new FlatBufferError(at, 'the file refers to the same bytes so often that it would not fit into memory');
  }
}
