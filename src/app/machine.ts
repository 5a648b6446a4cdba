import type { Board } from '../device/boards/board';
import { timingOf } from '../device/boards/core-timing';
import { powerOf } from '../device/boards/chip-power';
import { siliconSentence } from '../device/boards/silicon';
import { activePower } from './active-power';
import type { Machine } from '../engine/cost/latency';
import type { Calibration } from './engine-contract';

/** What the time model needs of a board; undefined where nothing is known of its core or clock. */
export function machineOf(board: Board, calibration?: Calibration): Machine | undefined {
  const timing = timingOf(board.core, board.chip);
  const hz = board.clockHz?.value;
  if (!timing || hz === undefined) return undefined;
  const power = powerOf(board.chip);
  const { integer, real } = timing.cyclesPerInstruction;
  return {
    code: timing.code,
    ...(timing.realCode ? { realCode: timing.realCode } : {}),
    clockHz: hz,
    cyclesPerInstruction: { integer: integer.value, real: real.value },
    ...(calibration ? { calibration } : {}),
    ...(power ? { activeWatts: activePower(board)!.watts } : {}),
    sources: [
      ...(timing.like ? [`Counted on the ${timing.like}: no simulator of a ${board.core} counts its instructions here.`] : []),
      ...(integer.value === 1 && real.value === 1 ? [`Cycles: ${integer.source}.`] : [`${integer.value} cycles per instruction on integers, ${real.value} on real numbers: ${integer.source}.`]),
      `${(hz / 1e6).toLocaleString('en-US')} MHz: ${board.clockHz!.source}.`,
      siliconSentence,
      ...(power ? [`Energy: ${power.microampsPerMHz.value} µA/MHz at ${power.volts.value} V (${power.microampsPerMHz.source}) times that time, so as far off as it; measured energy is not at hand to compare with.`] : []),
    ],
  };
}
