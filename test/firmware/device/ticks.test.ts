import assert from 'node:assert/strict';
import { quietTask } from '../../../src/base/progress';
import { openBoard } from '../../../src/device/connect/open-board';
import { boardWith, buildFirmware, removeTemporaryFolders, simulatorProgram, toolsOrSkip } from './support/boards';
import { fakeModelFiles } from './support/fake-model';

/** The model with a wait of known length in front; the first input byte chooses it. */
function filesWithWait(declaration: string, short: string, long: string) {
  return fakeModelFiles.map((f) => ({
    ...f,
    text: f.text.replace('#include <string.h>', `#include <string.h>\n${declaration}`).replace('int i;', `int i; if (model->arena[0] == 0) { ${short} } else { ${long} }`),
  }));
}

describe('ticks', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  /** Ticks of the short and of the long wait, each measured twice. */
  async function measure(context: Mocha.Context, kind: 'qemu' | 'avr-simulator', files: ReturnType<typeof filesWithWait>) {
    const board = boardWith(kind);
    const tools = await toolsOrSkip(context, board);
    const firmware = await buildFirmware(board, tools, { files });
    const opened = await openBoard(board, firmware, { tools, simulatorProgram }, quietTask);
    try {
      const results = [];
      for (const first of [0, 1, 0, 1]) results.push(await opened.session.infer(Uint8Array.of(first, 0, 0, 0, 0, 0, 0, 0)));
      return results;
    } finally {
      await opened.close();
    }
  }

  it('of the simulated AVR are cycles, also where the 16-bit counter wraps', async function () {
    const [short, long, shortAgain, longAgain] = await measure(this, 'avr-simulator', filesWithWait('', '__builtin_avr_delay_cycles(1000);', '__builtin_avr_delay_cycles(1001000);'));
    assert.equal(short.tickKind, 'cycles');
    assert.equal(short.us, short.ticks / 16);
    assert.ok(short.ticks >= 1000 && short.ticks < 1400, String(short.ticks));
    const wraps = Math.floor(1_001_000 / 65_536);
    const extra = long.ticks - short.ticks - 1_000_000;
    assert.ok(extra >= 0 && extra <= wraps * 60, `${extra} cycles for ${wraps} interrupts of the counter`);
    assert.deepEqual([shortAgain.ticks, longAgain.ticks], [short.ticks, long.ticks]);
  });

  it('of the simulated Cortex-M are executed instructions, the same in every run', async function () {
    const loop = 'static void turns(int n) { __asm volatile(".syntax unified\\n1: subs %0, #1\\n bne 1b\\n" : "+r"(n) :: "cc"); }';
    const [short, long, shortAgain, longAgain] = await measure(this, 'qemu', filesWithWait(loop, 'turns(1000);', 'turns(1001000);'));
    assert.equal(short.tickKind, 'instructions');
    assert.ok(short.ticks >= 2000 && short.ticks < 2200, String(short.ticks));
    // one tick of SysTick is 5/8 of an instruction, so start and stop may each round
    assert.ok(Math.abs(long.ticks - short.ticks - 2_000_000) <= 12, String(long.ticks - short.ticks));
    assert.ok(Math.abs(shortAgain.ticks - short.ticks) <= 2 && Math.abs(longAgain.ticks - long.ticks) <= 2);
  });
});
