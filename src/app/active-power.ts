import { formatCount } from '../base/units';
import type { Board } from '../device/boards/board';
import { powerOf } from '../device/boards/chip-power';

export interface ActivePower {
  /** While the core runs. */
  readonly watts: number;
  readonly basis: string;
}

/** What the maker of a chip states; undefined where nothing is published, or the clock is not known. */
export function activePower({ chip, clockHz }: Board): ActivePower | undefined {
  const power = powerOf(chip);
  if (!power || !clockHz) return undefined;
  const { microampsPerMHz: { value: current, source }, volts } = power;
  const megahertz = clockHz.value / 1e6;
  return {
    watts: (current * megahertz * volts.value) / 1e6,
    basis: `time measured × ${formatCount(Math.round(current * megahertz))} µA at ${volts.value} V (${current} µA/MHz: ${source})`,
  };
}
