import { messages, type FieldType, type MessageName, type Payload } from './messages';

/** Payloads to bytes and back, driven by the message table. Little-endian. */

export const fixedFieldBytes: Partial<Record<FieldType, number>> = { u8: 1, u16: 2, i16: 2, u32: 4, u64: 8 };

const encoder = new TextEncoder();

export function encodePayload<M extends MessageName>(name: M, payload: Payload<M>): Uint8Array {
  const fields = Object.entries(messages[name].fields) as Array<[string, FieldType]>;
  const parts = fields.map(([field, type]) => encodeField(type, (payload as Record<string, number | string | Uint8Array>)[field]));
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

function encodeField(type: FieldType, value: number | string | Uint8Array): Uint8Array {
  if (type === 'bytes') return value as Uint8Array;
  if (type === 'text') return encoder.encode(value as string);
  if (type === 'text8') {
    const text = encoder.encode(value as string).subarray(0, 255);
    return Uint8Array.of(text.length, ...text);
  }
  const view = new DataView(new ArrayBuffer(fixedFieldBytes[type]!));
  const number = value as number;
  if (type === 'u8') view.setUint8(0, number);
  else if (type === 'u16') view.setUint16(0, number, true);
  else if (type === 'i16') view.setInt16(0, number, true);
  else if (type === 'u32') view.setUint32(0, number, true);
  else view.setBigUint64(0, BigInt(number), true);
  return new Uint8Array(view.buffer);
}

/** `undefined` when the bytes are too short, too long, or a text does not fit: such a frame is reported, never guessed at. */
export function decodePayload<M extends MessageName>(name: M, bytes: Uint8Array): Payload<M> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: Record<string, number | string | Uint8Array> = {};
  let offset = 0;
  for (const [field, type] of Object.entries(messages[name].fields) as Array<[string, FieldType]>) {
    const length = fieldBytes(type, bytes, offset);
    if (offset + length > bytes.length) return undefined;
    result[field] = decodeField(type, view, bytes, offset, length);
    offset += length;
  }
  return offset === bytes.length ? (result as Payload<M>) : undefined;
}

function fieldBytes(type: FieldType, bytes: Uint8Array, offset: number): number {
  if (type === 'bytes' || type === 'text') return bytes.length - offset;
  if (type === 'text8') return offset < bytes.length ? 1 + bytes[offset] : 1;
  return fixedFieldBytes[type]!;
}

function decodeField(type: FieldType, view: DataView, bytes: Uint8Array, offset: number, length: number): number | string | Uint8Array {
  const part = bytes.subarray(offset, offset + length);
  const decode: Record<FieldType, () => number | string | Uint8Array> = {
    u8: () => view.getUint8(offset),
    u16: () => view.getUint16(offset, true),
    i16: () => view.getInt16(offset, true),
    u32: () => view.getUint32(offset, true),
    u64: () => Number(view.getBigUint64(offset, true)),
    text8: () => new TextDecoder().decode(part.subarray(1)),
    text: () => new TextDecoder().decode(part),
    bytes: () => part.slice(),
  };
  return decode[type]();
}
