import type { LayerTrace } from '../device/protocol/session-types';
import type { LayerMeasurement } from './run-contract';

/** What a board told of its layers, without the check sums that only a comparison needs. */
export const layerTimings = (layers: readonly LayerTrace[]): readonly LayerMeasurement[] =>
  layers.map(({ layer, ticks, us, least, most, atLeast, atMost }) => ({ layer, ticks, us, least, most, atLeast, atMost }));
