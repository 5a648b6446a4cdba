import type { Board } from '../board';
import { playedSensors } from '../sensors';

export const host: Board = {
  id: 'host',
  name: 'This computer',
  kind: 'host',
  chip: 'this computer',
  core: 'native',
  isa: 'c99',
  toolchain: 'host-cc',
  chipFlags: [],
  port: 'host',
  runTools: [],
  connect: { kind: 'process' },
  sensors: playedSensors,
  description: 'The firmware as a program on this computer, behind the same link as a board: needs only a C compiler.',
};
