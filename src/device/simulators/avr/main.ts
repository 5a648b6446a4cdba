import type { SimulatedAvr } from '../../boards/board';
import { avrChips } from './chips';
import { SimulatedBoard } from './simulated-board';

/**
 * The program behind a simulated AVR board: its standard streams are the serial line, modem lines come as IPC messages
 * (`transports/process-link.ts`). Its flash lives as long as the process, which ends with its input or its parent.
 */
interface SignalsMessage {
  readonly kind: 'signals';
  readonly id: number;
  readonly dtr: boolean;
}

const chip = process.argv[2] as SimulatedAvr;
if (!(chip in avrChips)) throw new Error(`There is no simulated chip ${chip}`);
const board = new SimulatedBoard({ chip, flatOut: process.argv.includes('--flat-out'), send: (bytes) => void process.stdout.write(bytes) });

const end = (): void => {
  board.stop();
  process.exit(0);
};

process.stdin.on('data', (bytes: Buffer) => board.receive(bytes));
process.stdin.on('end', end);
process.stdout.on('error', end); // nobody listens any more
process.on('disconnect', end);
process.on('message', (message: SignalsMessage) => {
  if (message.kind !== 'signals') return;
  board.setSignals(message);
  process.send?.({ kind: 'done', id: message.id });
});
