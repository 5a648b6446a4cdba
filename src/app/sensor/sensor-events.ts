import type { CancelSignal } from '../../base/cancel';
import type { Payload } from '../../device/protocol/messages';
import { countsOf, type SenseReport } from '../../device/protocol/sense-report';
import type { Session } from '../../device/protocol/session';
import type { RunEvent, SensorFacts } from '../run-contract';

const axes = ['x', 'y', 'z'];

/** Firmware knows how many channels there are, not what they are called. */
export const sensorFacts = ({ kind, unit, channels, rateHz, window, hop }: SenseReport): SensorFacts =>
  ({ kind, unit, rateHz, window, hop, channels: channels === 1 ? [kind] : Array.from({ length: channels }, (_, i) => axes[i] ?? String(i)) });

export const samplesEvent = ({ missed, bytes }: Payload<'samples'>, scale: number): Extract<RunEvent, { kind: 'samples' }> =>
  ({ kind: 'samples', values: Float32Array.from(countsOf(bytes), (count) => count * scale), missed });

/** Asks firmware for its sensor and lets its measurements be told. Gives the unit of a count; undefined where it has none, or does not answer. */
export async function tellSensor(session: Session, onEvent: (event: RunEvent) => void, signal: CancelSignal): Promise<number | undefined> {
  if (!session.lastHello) return undefined;
  const report = await session.sense(true, signal).catch(() => undefined);
  if (report) onEvent({ kind: 'sensor', sensor: sensorFacts(report) });
  return report?.scale;
}
