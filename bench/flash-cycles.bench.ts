// 1,000 flash cycles of a simulated Uno in this process, one board and link after another: handles, listeners and memory must
// not grow. `npm run bench -- flash-cycles`; the number of cycles may be given in TINYML_FLASH_CYCLES.
import { quietTask } from '../src/base/progress';
import { boards } from '../src/device/boards';
import { uploadStk500v1 } from '../src/device/uploaders/stk500v1';
import { simulatedLink } from '../test/firmware/device/support/simulated-link';
import { leakOf, measure } from '../test/firmware/device/support/leaks';

async function main(): Promise<void> {
  const cycles = Number(process.env.TINYML_FLASH_CYCLES ?? 1000);
  const target = boards.flatMap((b) => (b.connect.kind === 'avr-simulator' && b.connect.upload.kind === 'stk500v1' ? [b.connect.upload.target] : []))[0];
  const bytes = new Uint8Array(1000).map((_, i) => i);
  bytes.set([0x0c, 0x94, 0, 0]);
  const once = async (): Promise<void> => {
    const { link } = simulatedLink();
    await uploadStk500v1(link, [{ address: 0, bytes }], 'ATmega328P', target, quietTask);
    await link.close();
  };
  const warm = Math.min(50, cycles);
  for (let i = 0; i < warm; i++) await once();
  const before = measure();
  for (let i = 0; i < cycles; i++) await once();
  const leak = leakOf(before, measure());
  console.table({ [`after ${cycles} cycles`]: leak });
  if (leak.handles > 0 || leak.heapBytes > 4e6) process.exitCode = 1;
}

void main();
