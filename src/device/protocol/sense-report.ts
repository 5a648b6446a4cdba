import type { Payload } from './messages';
import { floatOfBits } from './trace-collector';

/** The sensor of a board, as its firmware tells. */
export interface SenseReport {
  /** False where the sensor does not answer. */
  readonly measures: boolean;
  readonly kind: string;
  /** Of a count times `scale`; empty for a share of full scale. */
  readonly unit: string;
  readonly scale: number;
  readonly channels: number;
  readonly rateHz: number;
  /** Measurements of one run, and between the starts of two. */
  readonly window: number;
  readonly hop: number;
}

export const senseReport = ({ measures, kind, unit, scale, channels, milliHz, window, hop }: Payload<'senseReply'>): SenseReport =>
  ({ measures: measures !== 0, kind, unit, scale: floatOfBits(scale), channels, rateHz: milliHz / 1000, window, hop });

/** Counts of a `samples` message; an odd byte at its end, which no firmware sends, is left out. */
export function countsOf(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: Math.floor(bytes.length / 2) }, (_, i) => view.getInt16(2 * i, true));
}

export function bytesOfCounts(counts: Int16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(counts.length * 2));
  counts.forEach((count, i) => view.setInt16(2 * i, count, true));
  return new Uint8Array(view.buffer);
}
