import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { Session, type SessionOptions } from '../../../src/device/protocol/session';
import { FakeBoard, type FakeBoardOptions } from './fake-board';

const start = (board: FakeBoardOptions = {}, options: SessionOptions = {}): { board: FakeBoard; session: Session } => {
  const fake = new FakeBoard(board);
  return { board: fake, session: new Session(fake.host, { replyTimeoutMs: 20, runPollMs: 40, ...options }) };
};
const problem = (code: string) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, code);
  return true;
};
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7);
const plusOne = (bytes: Uint8Array): Uint8Array => bytes.map((b) => b + 1);

describe('Session', () => {
  it('says hello and infers, with time from ticks', async () => {
    const { session } = start();
    const hello = await session.hello();
    assert.deepEqual([hello.model, hello.modelHash, hello.tickKind], ['increment', 0x12345678, 'cycles']);
    const result = await session.infer(counting(8));
    assert.deepEqual(result, { output: plusOne(counting(8)), ticks: 250, tickHz: 1_000_000, tickKind: 'cycles', us: 250 });
    await session.close();
  });

  it('sends large inputs in chunks and reads large outputs in parts', async () => {
    // Frames are counted: a busy computer must not look like a board that needs asking again.
    const { board, session } = start({ inputBytes: 27_648, outputBytes: 5000, maxPayload: 68, maxResult: 300 }, { replyTimeoutMs: 5000, runPollMs: 5000 });
    const { output } = await session.infer(counting(27_648));
    assert.deepEqual(output, plusOne(counting(5000)));
    assert.equal(board.received.filter((n) => n === 'input').length, Math.ceil(27_648 / 64) - 1);
    assert.equal(board.received.filter((n) => n === 'readOutput').length, Math.ceil(4700 / 300));
    assert.equal(board.runs, 1);
  });

  it('runs once however many requests, acks and results are lost', async () => {
    const { board, session } = start({
      inputBytes: 200,
      faultToBoard: (_, count) => (count === 1 ? 'lose' : undefined),
      faultToHost: (name, count) => (name !== 'helloReply' && count === 1 ? 'lose' : undefined),
    });
    const { output } = await session.infer(counting(200));
    assert.deepEqual(output, plusOne(counting(200)).slice(0, 8));
    assert.equal(board.runs, 1);
    assert.ok(session.stats.repeats >= 4, `${session.stats.repeats} repeats`);
  });

  it('passes on text and counts broken pieces, and the request still succeeds', async () => {
    const broken = Uint8Array.of(0, 5, 0x83, 1, 2, 3, 0);
    const { board, session } = start({ faultToHost: (name, count) => (name === 'helloReply' && count === 1 ? broken : undefined) });
    const lines: string[] = [];
    const pieces: string[] = [];
    session.onText((text) => lines.push(text));
    session.onBroken((piece) => pieces.push(piece.reason));
    await board.board.write(new TextEncoder().encode('temperature:21.5 µ\n'));
    await session.hello();
    board.send('log', 0, { level: 2, text: 'low voltage' });
    const log = await new Promise((resolve) => session.onLog(resolve));
    assert.deepEqual(log, { level: 'warning', text: 'low voltage' });
    assert.equal(lines.join(''), 'temperature:21.5 µ\n');
    assert.equal(pieces.length, 1);
    assert.equal(session.stats.broken, 1);
  });

  it('a silent board is a problem, after as many attempts as were asked for', async () => {
    const { board, session } = start({ faultToBoard: () => 'lose' }, { attempts: 3 });
    await assert.rejects(session.hello(), problem('TINYML-LINK-NO-REPLY'));
    assert.equal(board.received.length, 3);
  });

  it('a run that takes too long is a problem', async () => {
    const { session } = start({ hangs: true }, { runTimeoutMs: 50 });
    await assert.rejects(session.infer(counting(8)), problem('TINYML-LINK-NO-REPLY'));
  });

  it('cancel rejects at once, and the next request works', async () => {
    const { board, session } = start({ faultToHost: (name, count) => (name === 'result' && count === 1 ? 'lose' : undefined) });
    await session.hello();
    const abort = new AbortController();
    const running = session.infer(counting(8), abort.signal);
    while (board.runs === 0) await new Promise(setImmediate);
    abort.abort();
    await assert.rejects(running, CancelledError);
    assert.deepEqual((await session.infer(counting(8))).output, plusOne(counting(8)));
  });

  it('a board that starts anew answers an open hello, and fails any other open request', async () => {
    const { board, session } = start({ hangs: true, faultToBoard: (name) => (name === 'hello' ? 'lose' : undefined) });
    const greeting = session.hello();
    board.hello(0);
    assert.equal((await greeting).model, 'increment');
    const restarts: string[] = [];
    session.onRestart((hello) => restarts.push(hello.model));
    const running = session.infer(counting(8));
    running.catch(() => {});
    while (!board.received.includes('infer')) await new Promise(setImmediate);
    board.hello(0);
    await assert.rejects(running, problem('TINYML-LINK-RESTARTED'));
    assert.deepEqual(restarts, ['increment']);
  });

  it('a pulled cable fails the open and all later requests with its reason', async () => {
    const { board, session } = start({ hangs: true });
    await session.hello();
    const running = session.infer(counting(8));
    running.catch(() => {});
    board.host.unplug(new Error('device not configured'));
    await assert.rejects(running, problem('TINYML-LINK-CLOSED'));
    await assert.rejects(session.hello(), (error: ProblemError) => error.problem.detail === 'device not configured');
  });

  it('names what the board refuses, a failed run, a wrong input size and another protocol', async () => {
    await assert.rejects(start({ status: 7 }).session.infer(counting(8)), problem('TINYML-LINK-RUN-FAILED'));
    await assert.rejects(start().session.infer(counting(9)), problem('TINYML-LINK-INPUT-SIZE'));
    await assert.rejects(start({ protocol: 9 }).session.hello(), problem('TINYML-LINK-VERSION'));
    const { board, session } = start({ faultToBoard: (name) => (name === 'restart' ? 'lose' : undefined) });
    await session.hello();
    const restarting = session.restartModel();
    restarting.catch(() => {});
    while (!board.received.includes('restart')) await new Promise(setImmediate);
    board.send('error', 2, { code: 4 });
    await assert.rejects(restarting, problem('TINYML-LINK-REFUSED'));
  });

  it('requests made at once are answered in order', async () => {
    const { session } = start();
    const inputs = Array.from({ length: 20 }, (_, i) => counting(8).map((b) => b + i));
    const results = await Promise.all(inputs.map((input) => session.infer(input)));
    assert.deepEqual(results.map((r) => r.output), inputs.map(plusOne));
  });
});
