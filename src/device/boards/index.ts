import type { Board } from './board';
import { host } from './host/board';
import { m4Sim } from './m4-sim/board';
import { uno } from './uno/board';
import { unoSim } from './uno-sim/board';

/** Every board, in the order of the picker: what needs no hardware comes first. */
export const boards: readonly Board[] = [host, unoSim, m4Sim, uno];

export const findBoard = (id: string): Board | undefined => boards.find((board) => board.id === id);
