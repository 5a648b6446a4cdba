import type { SimulatedAvr } from '../../../../src/device/boards/board';
import type { ImageSegment } from '../../../../src/device/uploaders/intel-hex';
import { SimulatedBoard } from '../../../../src/device/simulators/avr/simulated-board';
import { MemoryLink } from '../../../../src/device/transports/memory-link';

/** A simulated board in this process behind a link: its flash can be looked at. */
export function simulatedLink(options: { chip?: SimulatedAvr; bootloaderImage?: readonly ImageSegment[]; flatOut?: boolean } = {}): { link: MemoryLink; board: SimulatedBoard } {
  const [link, line] = MemoryLink.pair('the simulated board');
  const board = new SimulatedBoard({ ...options, send: (bytes) => void line.write(bytes).catch(() => {}) });
  line.onData((bytes) => board.receive(bytes));
  line.onSignals((signals) => board.setSignals(signals));
  line.onClose(() => board.stop());
  return { link, board };
}
