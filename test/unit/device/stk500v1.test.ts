import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Task } from '../../../src/base/progress';
import type { Stk500v1Target } from '../../../src/device/boards/board';
import { bootloader } from '../../../src/device/simulators/avr/bootloader';
import { MemoryLink } from '../../../src/device/transports/memory-link';
import { stk, uploadStk500v1 } from '../../../src/device/uploaders/stk500v1';
import { random } from './random';

const target: Stk500v1Target = { baud: 57_600, signature: [0x1e, 0x95, 0x0f], pageBytes: 128, applicationBytes: 2048 };
const image = [{ address: 0, bytes: random(8).bytes(700) }];

interface Board {
  readonly link: MemoryLink;
  readonly flash: Uint8Array;
  readonly commands: number[];
  started: boolean;
}

/** The board's side of the protocol on a link in memory, with a fault: what it does with each answer. */
function board(options: { signature?: [number, number, number]; answer?: (command: number, bytes: Uint8Array, count: number) => Uint8Array | undefined } = {}): Board {
  const [link, line] = MemoryLink.pair('the board');
  const result: Board = { link, flash: new Uint8Array(2560).fill(0xff), commands: [], started: false };
  let command: number | undefined;
  const make = (): Generator<void, void, number> => {
    const steps = bootloader({
      flash: result.flash,
      signature: options.signature ?? [0x1e, 0x95, 0x0f],
      pageBytes: 128,
      startAddress: 2048,
      send: (bytes) => {
        result.commands.push(command!);
        const answer = options.answer ? options.answer(command!, bytes, result.commands.length) : bytes;
        if (answer) void line.write(answer);
        command = undefined;
      },
      leave: () => void (result.started = true),
    });
    steps.next();
    return steps;
  };
  let steps = make();
  line.onSignals((signals) => {
    if (!signals.dtr) return;
    steps = make();
    command = undefined;
  });
  line.onData((bytes) => {
    for (const byte of bytes) {
      command ??= byte;
      steps.next(byte);
    }
  });
  return result;
}

const upload = (b: Board, task: Task = quietTask): Promise<void> => uploadStk500v1(b.link, image, 'ATmega328P', target, task);
const problem = (code: string, text?: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, code);
  if (text) assert.match(`${error.problem.title}\n${error.problem.detail}`, text);
  return true;
};

describe('the STK500v1 uploader', () => {
  it('writes, verifies, starts, and reports every byte', async () => {
    const b = board();
    const reports: Array<{ stage: string; done?: number; total?: number }> = [];
    await upload(b, { ...quietTask, progress: (p) => reports.push(p) });
    assert.deepEqual([...b.flash.subarray(0, 700)], [...image[0].bytes]);
    assert.ok(b.flash.subarray(700).every((byte) => byte === 0xff));
    assert.ok(b.started);
    assert.equal(b.link.baud, target.baud);
    assert.deepEqual(reports.at(-1), { stage: 'Verifying', done: 768, total: 768 });
    assert.deepEqual(reports.filter((r) => r.stage === 'Writing').map((r) => r.done), [0, 128, 256, 384, 512, 640]);
  });

  it('refuses an image that is too large before it touches the board', async () => {
    const b = board();
    await assert.rejects(uploadStk500v1(b.link, [{ address: 1500, bytes: new Uint8Array(600) }], 'x', target, quietTask), problem('TINYML-UPLOAD-TOO-LARGE', /2,100.*2,048/s));
    assert.deepEqual(b.commands, []);
  });

  it('names a wrong chip and writes nothing', async () => {
    const b = board({ signature: [0x1e, 0x98, 0x01] });
    await assert.rejects(upload(b), problem('TINYML-UPLOAD-WRONG-CHIP', /1e 98 01.*1e 95 0f/s));
    assert.ok(!b.commands.includes(stk.programPage));
  });

  it('names the address where what was read back differs', async () => {
    let reads = 0;
    const b = board({ answer: (command, bytes) => (command === stk.readPage && ++reads === 3 ? bytes.map((v, i) => (i === 1 + 5 ? v ^ 0x40 : v)) : bytes) });
    await assert.rejects(upload(b), problem('TINYML-UPLOAD-VERIFY', /0x0105/));
  });

  it('names the step at which the bootloader falls silent or answers wrongly', async () => {
    const silent = board({ answer: (command, bytes) => (command === stk.programPage ? undefined : bytes) });
    await assert.rejects(upload(silent), problem('TINYML-UPLOAD-NO-ANSWER', /writing at 0/));
    const wrong = board({ answer: (command, bytes) => (command === stk.loadAddress ? Uint8Array.of(0x15, 0x11) : bytes) });
    await assert.rejects(upload(wrong), problem('TINYML-UPLOAD-BAD-ANSWER', /15 11/));
  });

  it('tries again when the first answers are lost or mangled', async () => {
    const b = board({ answer: (_, bytes, count) => (count === 1 ? undefined : count === 2 ? Uint8Array.of(0xff, 0xfe) : bytes) });
    await upload(b);
    assert.ok(b.started);
  });

  it('a cable pulled while writing is a problem that says where', async () => {
    const b = board({
      answer: (command, bytes, count) => {
        if (command === stk.programPage && count > 8) b.link.unplug(new Error('device not configured'));
        return bytes;
      },
    });
    await assert.rejects(upload(b), problem('TINYML-UPLOAD-UNPLUGGED', /writing at|setting address/));
  });

  it('can be cancelled at every stage, and flashes afterwards', async () => {
    for (const stage of ['Resetting the board', 'Writing', 'Verifying']) {
      const b = board();
      const abort = new AbortController();
      const stages: string[] = [];
      const task: Task = {
        ...quietTask,
        signal: abort.signal,
        progress: (p) => {
          stages.push(p.stage);
          if (p.stage === stage) abort.abort();
        },
      };
      await assert.rejects(upload(b, task), CancelledError);
      assert.equal(stages.at(-1), stage);
      await upload(b);
      assert.ok(b.started);
    }
  });
});

describe('the STK500v1 uploader and a board that never answers', function () {
  this.timeout(10_000);
  it('gives up with what to check', async () => {
    const [link, line] = MemoryLink.pair('the port');
    line.onData(() => void line.write(new TextEncoder().encode('hi')));
    await assert.rejects(uploadStk500v1(link, image, 'x', target, quietTask), (error: ProblemError) => {
      assert.equal(error.problem.code, 'TINYML-UPLOAD-NO-SYNC');
      assert.match(error.problem.detail!, /68 69/);
      assert.ok(error.problem.fixes.length >= 3);
      return true;
    });
  });
});
