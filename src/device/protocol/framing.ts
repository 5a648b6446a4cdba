import { cobsDecode, cobsEncode } from './cobs';
import { crc16 } from './crc16';
import { typesToHost } from './messages';

/**
 * Frames `0x00 COBS(type, sequence, payload, crc16 little-endian) 0x00` in a stream that may carry plain text between them.
 * Every received byte comes out again: in a frame, as text, or in a broken piece that is counted.
 */
export interface Frame {
  readonly type: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export type BrokenReason = 'cut-off' | 'too-long' | 'not-cobs' | 'too-short' | 'crc' | 'unknown-type';

export type StreamEvent =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'broken'; readonly bytes: Uint8Array; readonly reason: BrokenReason };

/** Every byte pushed is in one of `frameBytes`, `textBytes`, `brokenBytes`, `zeros`, or still waiting in the decoder. */
export interface StreamStats {
  readonly bytes: number;
  readonly frames: number;
  readonly frameBytes: number;
  readonly textBytes: number;
  readonly broken: number;
  readonly brokenBytes: number;
  readonly zeros: number;
}

/** Bytes of a frame beside its payload, before COBS: type, sequence, crc16. */
export const FRAME_OVERHEAD_BYTES = 4;

export function encodeFrame(frame: Frame): Uint8Array {
  const body = new Uint8Array(frame.payload.length + FRAME_OVERHEAD_BYTES);
  body[0] = frame.type;
  body[1] = frame.sequence;
  body.set(frame.payload, 2);
  const crc = crc16(body.subarray(0, -2));
  body[body.length - 2] = crc & 0xff;
  body[body.length - 1] = crc >> 8;
  const coded = cobsEncode(body);
  const wire = new Uint8Array(coded.length + 2);
  wire.set(coded, 1);
  return wire;
}

function decodeBody(coded: Uint8Array, types: ReadonlySet<number>): Frame | BrokenReason {
  const body = cobsDecode(coded);
  if (!body) return 'not-cobs';
  if (body.length < FRAME_OVERHEAD_BYTES) return 'too-short';
  const crc = body[body.length - 2] | (body[body.length - 1] << 8);
  if (crc16(body.subarray(0, -2)) !== crc) return 'crc';
  if (!types.has(body[0])) return 'unknown-type';
  return { type: body[0], sequence: body[1], payload: body.slice(2, -2) };
}

/** Printable ASCII, tab, line feed, carriage return, escape: what text begins with. No message type is one of these. */
const isTextByte = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1b;

export interface FrameDecoderOptions {
  /** Largest frame between its zeros; memory is bounded by it. Default 70,000 bytes: a 64 KiB tensor in one frame. */
  readonly maxFrameBytes?: number;
  /** Type bytes that exist in this direction. */
  readonly types?: ReadonlySet<number>;
}

/**
 * A state machine over bytes. After a good frame, bytes are text until a zero; after a zero, they are a frame until the next
 * zero. A piece that is no good frame ends at a zero that may itself begin the next frame: so a lost or added zero costs at
 * most one frame.
 */
export class FrameDecoder {
  private readonly maxFrameBytes: number;
  private readonly types: ReadonlySet<number>;
  private state: 'text' | 'frame' | 'overlong' = 'text';
  private piece = new Uint8Array(256);
  private length = 0;
  private readonly counts = { bytes: 0, frames: 0, frameBytes: 0, textBytes: 0, broken: 0, brokenBytes: 0, zeros: 0 };

  constructor(options: FrameDecoderOptions = {}) {
    this.maxFrameBytes = options.maxFrameBytes ?? 70_000;
    this.types = options.types ?? typesToHost;
  }

  get stats(): StreamStats {
    return { ...this.counts };
  }

  /** Bytes held back until a zero decides what they are. */
  get waitingBytes(): number {
    return this.length;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.counts.bytes += bytes.length;
    let textFrom = 0;
    const endText = (end: number): void => {
      if (this.state === 'text' && end > textFrom) this.emitText(events, bytes.slice(textFrom, end));
    };
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === 0) {
        endText(i);
        this.counts.zeros++;
        this.endPiece(events);
        textFrom = i + 1;
      } else if (this.state !== 'text') {
        this.append(byte, events);
        textFrom = i + 1; // where text begins if this byte has just decided so
      }
    }
    endText(bytes.length);
    return events;
  }

  /** Nothing more comes of what is waiting: it is told as it is, and bytes are text from here. */
  end(): StreamEvent[] {
    const events: StreamEvent[] = [];
    const wasOverlong = this.state === 'overlong';
    const piece = this.take();
    if (piece.length === 0) return events;
    this.state = 'text';
    if (!wasOverlong && piece.every(isTextByte)) this.emitText(events, piece);
    else this.emitBroken(events, piece, wasOverlong ? 'too-long' : 'cut-off');
    return events;
  }

  private append(byte: number, events: StreamEvent[]): void {
    if (this.length === this.piece.length) {
      const larger = new Uint8Array(Math.min(this.piece.length * 2, this.maxFrameBytes));
      larger.set(this.piece);
      this.piece = larger;
    }
    this.piece[this.length++] = byte;
    if (this.state === 'frame' && this.length === 2 && isTextByte(this.piece[0]) && isTextByte(byte)) {
      this.state = 'text';
      this.emitText(events, this.take());
    } else if (this.length === this.maxFrameBytes) {
      this.emitBroken(events, this.take(), 'too-long');
      this.state = 'overlong';
    }
  }

  /** A zero was read. */
  private endPiece(events: StreamEvent[]): void {
    const wasOverlong = this.state === 'overlong';
    const wasText = this.state === 'text';
    this.state = 'frame';
    if (wasText || this.length === 0) return;
    const piece = this.take();
    const frame = wasOverlong ? 'too-long' : decodeBody(piece, this.types);
    if (typeof frame !== 'string') {
      this.state = 'text';
      this.counts.frames++;
      this.counts.frameBytes += piece.length;
      events.push({ kind: 'frame', frame });
    } else if (piece.every(isTextByte)) {
      this.emitText(events, piece);
    } else {
      this.emitBroken(events, piece, frame);
    }
  }

  private take(): Uint8Array {
    const piece = this.piece.slice(0, this.length);
    this.length = 0;
    return piece;
  }

  private emitText(events: StreamEvent[], bytes: Uint8Array): void {
    this.counts.textBytes += bytes.length;
    events.push({ kind: 'text', bytes });
  }

  private emitBroken(events: StreamEvent[], bytes: Uint8Array, reason: BrokenReason): void {
    this.counts.broken++;
    this.counts.brokenBytes += bytes.length;
    events.push({ kind: 'broken', bytes, reason });
  }
}
