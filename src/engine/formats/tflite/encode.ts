import { Builder } from 'flatbuffers';
import { sizeOfScalar, type FieldSpec, type FlatTable, type FlatValue, type ScalarType, type Schema, type TableSpec, type UnionValue } from './flatbuffer';

/** Buffers with weights begin at multiples of 16. Source: schema.fbs, Buffer.data force_align. */
const BYTES_ALIGNMENT = 16;

/** The inverse of `decodeRoot`: a root table as the bytes of a file. The same table gives the same bytes. */
export function encodeRoot(schema: Schema, root: string, table: FlatTable, identifier: string, sizeHint = 1024): Uint8Array {
  const builder = new Builder(sizeHint);
  const encoder = new Encoder(schema, builder);
  builder.finish(encoder.table(schema.tables.get(root)!, table), identifier);
  return builder.asUint8Array();
}

class Encoder {
  constructor(private readonly schema: Schema, private readonly builder: Builder) {}

  table(spec: TableSpec, table: FlatTable): number {
    // Children come before their parents: FlatBuffers are built from the end.
    const offsets = new Map<FieldSpec, number>();
    for (const field of spec.fields) {
      const value = table[field.name];
      if (value !== undefined && field.kind !== 'scalar') offsets.set(field, this.child(field, value));
    }
    const slots = Math.max(0, ...spec.fields.map((field) => field.slot + (field.kind === 'union' ? 2 : 1)));
    this.builder.startObject(slots);
    for (const field of spec.fields) {
      const value = table[field.name];
      if (value === undefined) continue;
      if (field.kind === 'scalar') this.scalar(field, value as number);
      else if (field.kind === 'union') this.union(field.slot, value as UnionValue, offsets.get(field)!);
      else this.builder.addFieldOffset(field.slot, offsets.get(field)!, 0);
    }
    return this.builder.endObject();
  }

  private child(field: Exclude<FieldSpec, { kind: 'scalar' }>, value: FlatValue): number {
    switch (field.kind) {
      case 'string':
        return this.builder.createString(value as string);
      case 'table':
        return this.table(this.schema.tables.get(field.type)!, value as FlatTable);
      case 'tables':
        return this.offsets((value as readonly FlatTable[]).map((entry) => this.table(this.schema.tables.get(field.type)!, entry)));
      case 'scalars':
        return this.scalars(field.type as ScalarType, value as ArrayLike<number>);
      default: {
        const { member, table } = value as UnionValue;
        return table ? this.table(this.schema.tables.get(this.schema.unions.get(field.type)![member - 1])!, table) : 0;
      }
    }
  }

  private offsets(entries: readonly number[]): number {
    this.builder.startVector(4, entries.length, 4);
    for (let i = entries.length - 1; i >= 0; i--) this.builder.addOffset(entries[i]);
    return this.builder.endVector();
  }

  private scalars(type: ScalarType, values: ArrayLike<number>): number {
    const size = sizeOfScalar(type);
    if (size === 1) {
      const bytes = values instanceof Uint8Array ? values : Uint8Array.from(values);
      this.builder.prep(BYTES_ALIGNMENT, bytes.length);
      return this.builder.createByteVector(bytes);
    }
    this.builder.startVector(size, values.length, size);
    for (let i = values.length - 1; i >= 0; i--) this.element(type, values[i]);
    return this.builder.endVector();
  }

  private element(type: ScalarType, value: number): void {
    if (type === 'float32') this.builder.addFloat32(value);
    else if (type === 'int64' || type === 'uint64') this.builder.addInt64(BigInt(value));
    else if (type === 'uint16') this.builder.addInt16(value);
    else this.builder.addInt32(value);
  }

  private scalar({ slot, type, otherwise }: { readonly slot: number; readonly type: ScalarType; readonly otherwise: number }, value: number): void {
    if (type === 'float32') this.builder.addFieldFloat32(slot, value, otherwise);
    else if (type === 'int64' || type === 'uint64') this.builder.addFieldInt64(slot, BigInt(value), BigInt(otherwise));
    else if (sizeOfScalar(type) === 1) this.builder.addFieldInt8(slot, value, otherwise);
    else if (type === 'uint16') this.builder.addFieldInt16(slot, value, otherwise);
    else this.builder.addFieldInt32(slot, value, otherwise);
  }

  private union(slot: number, { member }: UnionValue, offset: number): void {
    if (!offset) return;
    this.builder.addFieldInt8(slot, member, 0);
    this.builder.addFieldOffset(slot + 1, offset, 0);
  }
}
