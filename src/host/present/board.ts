import type { Board } from '../../device/boards/board';
import type { BoardView } from '../../messages/inspector';

/** `ATmega328P · AVR · 16 MHz`; the host is no chip of ours to describe. */
export function boardDetail(board: Board): string {
  if (board.kind === 'host') return 'native program';
  const clock = board.clockHz ? `${board.clockHz.value / 1e6} MHz` : undefined;
  return [board.chip, board.core, clock].filter(Boolean).join(' · ');
}

export const viewOfBoard = (board: Board): BoardView => ({
  id: board.id,
  name: board.name,
  detail: boardDetail(board),
  simulated: board.kind === 'simulated',
});
