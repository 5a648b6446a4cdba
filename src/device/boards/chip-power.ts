import type { Sourced } from './board';

/** What a chip draws while its core runs; only figures that its maker states for running code from flash, peripherals off. */
export interface ChipPower {
  readonly microampsPerMHz: Sourced;
  readonly volts: Sourced;
}

const power = (microampsPerMHz: number, volts: number, source: string): ChipPower => ({ microampsPerMHz: { value: microampsPerMHz, source }, volts: { value: volts, source } });

/** By the beginning of `Board.chip`. Chips without an entry have no modelled energy: it is unknown. */
const chips: Readonly<Record<string, ChipPower>> = {
  nRF52840: power(52, 3, 'nRF52840 product specification 1.1, key features: CoreMark from flash, DC/DC at 3 V'),
  STM32F401: power(146, 3.3, 'STM32F401xD/E datasheet (DS10086), features: run, peripherals off'),
  STM32F411: power(100, 3.3, 'STM32F411xC/E datasheet (DS10314), features: run, peripherals off'),
  STM32L476: power(100, 3.3, 'STM32L476xx datasheet (DS10198), features: run mode, LDO'),
  STM32L432: power(84, 3.3, 'STM32L432KB/KC datasheet (DS11451), features: run mode'),
  'ESP32-C3': power(143.75, 3.3, 'ESP32-C3 datasheet, current consumption in modem-sleep: CPU running at 160 MHz, peripheral clocks off, 23 mA'),
  ATmega2560: power(1250, 5, 'ATmega640/1280/1281/2560/2561 datasheet (DS40002211A), DC characteristics: active, 8 MHz at 5 V, 10 mA typical'),
  ATmega328P: power(650, 5, 'ATmega48A/PA/88A/PA/168A/PA/328/P datasheet, DC characteristics: active, 8 MHz at 5 V, 5.2 mA typical'),
};

export const powerOf = (chip: string): ChipPower | undefined => Object.entries(chips).find(([name]) => chip.startsWith(name))?.[1];
