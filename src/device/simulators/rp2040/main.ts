import fs from 'node:fs';
import { readUf2 } from '../../uploaders/uf2';
import { CLOCK_HZ, Rp2040Chip } from './rp2040-chip';

/** The program behind a simulated Pico: flash is what the UF2 file says, its standard streams are UART 0. It ends with its input. */
const SLICE_CYCLES = CLOCK_HZ / 250;

const sent: number[] = [];
const chip = new Rp2040Chip(readUf2(fs.readFileSync(process.argv[2])).segments, (byte) => sent.push(byte));
let scheduled = false;

function turn(): void {
  scheduled = false;
  chip.run(SLICE_CYCLES);
  if (sent.length) process.stdout.write(Uint8Array.from(sent.splice(0)));
  schedule();
}

/** A chip that sleeps with nothing to come costs nothing. */
function schedule(): void {
  if (scheduled || chip.idle) return;
  scheduled = true;
  setImmediate(turn);
}

const end = (): void => process.exit(0);
process.stdin.on('data', (bytes: Buffer) => {
  chip.receive(bytes);
  schedule();
});
process.stdin.on('end', end);
process.stdout.on('error', end); // nobody listens any more
process.on('disconnect', end);
schedule();
