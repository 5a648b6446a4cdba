import { arduinoArmBoards } from './arduino-arm/boards';
import { avrBoards, simulatedAvrBoards } from './avr/boards';
import type { Board } from './board';
import { espBoards } from './esp/boards';
import { host } from './host/board';
import { nrf52Boards } from './nrf52/boards';
import { cortexMBoards, riscvSim } from './qemu/boards';
import { picoSim, rp2Boards } from './rp2/boards';
import { stm32Boards } from './stm32/boards';

/** Every board, in the order of the picker: what needs no hardware comes first. */
export const boards: readonly Board[] = [
  host,
  ...simulatedAvrBoards,
  picoSim,
  ...cortexMBoards,
  riscvSim,
  ...avrBoards,
  ...arduinoArmBoards,
  ...rp2Boards,
  ...espBoards,
  ...stm32Boards,
  ...nrf52Boards,
];

export const findBoard = (id: string): Board | undefined => boards.find((board) => board.id === id);

/** Boards that a port may belong to, by its USB ids: several where a bridge chip is shared, none where it is unknown. */
export const boardsOfUsb = (vendorId: number | undefined, productId: number | undefined): readonly Board[] =>
  boards.filter((board) => [...(board.usb ?? []), ...(board.bootUsb ?? [])].some((id) => id.vendorId === vendorId && id.productId === productId));
