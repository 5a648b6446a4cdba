import { formatCount } from '../../base/units';
import type { SensorFacts } from '../run-contract';

/** `accelerometer (x, y, z in g) at 119 Hz: a run on 128 measurements, every 64` */
export const sensorLine = ({ kind, unit, channels, rateHz, window, hop }: SensorFacts): string =>
  `${kind} (${channels.join(', ')}${unit ? ` in ${unit}` : ''}) at ${formatCount(rateHz)} Hz: a run on ${formatCount(window)} measurements, every ${formatCount(hop)}`;
