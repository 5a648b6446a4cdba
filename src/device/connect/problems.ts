import { toHex32 } from '../../base/bytes';
import type { Problem } from '../../base/problem';

export const wrongModel = (board: string, model: string, expected: number, found: number): Problem => ({
  code: 'TINYML-CONNECT-WRONG-MODEL',
  severity: 'error',
  title: `${board} runs another model: "${model}"`,
  detail: `Its model hash is ${toHex32(found)}, that of the chosen model ${toHex32(expected)}.`,
  fixes: [{ title: 'Flash the chosen model onto the board', command: { id: 'tinyml.flash' } }],
});

export const portNotChosen = (board: string): Problem => ({
  code: 'TINYML-CONNECT-NO-PORT',
  severity: 'error',
  title: `No serial port is chosen for ${board}`,
  fixes: [{ title: 'Choose the port the board is plugged into' }, { title: 'Choose a simulated board: it needs no hardware' }],
});

export const imageMissing = (board: string, ending: string): Problem => ({
  code: 'TINYML-CONNECT-NO-IMAGE',
  severity: 'error',
  title: `There is no ${ending} image to write to ${board}`,
  fixes: [{ title: 'Build the firmware for this board first' }],
});
