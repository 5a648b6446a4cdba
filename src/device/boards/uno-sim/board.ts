import { atmega328pAt16MHz, optiboot } from '../atmega328p';
import type { Board } from '../board';

export const unoSim: Board = {
  ...atmega328pAt16MHz,
  id: 'uno-sim',
  name: 'Arduino Uno (simulated)',
  kind: 'simulated',
  runTools: [],
  connect: { kind: 'avr-simulator', chip: 'atmega328p', uploader: optiboot },
  description: 'A cycle-exact ATmega328P at 16 MHz, flashed through its bootloader like a real Uno: needs no hardware.',
};
