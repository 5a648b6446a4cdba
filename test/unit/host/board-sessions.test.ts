import assert from 'node:assert/strict';
import type { BoardRun, RunRequest } from '../../../src/app/run-contract';
import { quietTask } from '../../../src/base/progress';
import { BoardSessions, type BoardSession } from '../../../src/host/device/board-sessions';
import { RunManager, type RunBoard } from '../../../src/host/device/run-manager';

const summary = { samples: 0, labelled: 0, right: 0, compared: 0, equal: 0, medianUs: 0 };
const board = (id: string): RunBoard => ({ id, name: id, kind: 'hardware' });
const request = (id: string, portPath?: string): RunRequest => ({ path: '/m.onnx', boardId: id, portPath });

/** A session whose runs last until they are stopped; its panel is not asked for anything but to go. */
function session(): BoardSession & { readonly disposed: () => boolean } {
  let disposed = false;
  const runs = new RunManager(
    async () => {
      let finish!: () => void;
      const done = new Promise<void>((resolve) => (finish = resolve)).then(() => summary);
      return { done, stop: async () => finish(), hold: () => {}, step: () => {}, go: () => {}, send: async () => {} } satisfies BoardRun;
    },
    () => ({ engine: { request: () => Promise.reject(new Error('not asked')) }, programs: { avrSimulator: '' }, buildRoot: '', env: {} }),
    { write: () => {} },
  );
  return { runs, panel: { dispose: () => (disposed = true) } as unknown as BoardSession['panel'], disposed: () => disposed };
}

describe('sessions of several boards', () => {
  it('a second board gets its own while the first runs; a third takes what is free', async () => {
    const first = session();
    const made: ReturnType<typeof session>[] = [];
    const sessions = new BoardSessions(first, () => (made.push(session()), made[made.length - 1]));
    assert.equal(sessions.sessionFor(board('a'), undefined), first);
    await first.runs.start(request('a'), board('a'), quietTask);
    const second = sessions.sessionFor(board('b'), 'p');
    assert.notEqual(second, first);
    await second.runs.start(request('b', 'p'), board('b'), quietTask);
    assert.equal(sessions.sessionFor(board('b'), 'p'), second, 'the same board again');
    assert.notEqual(sessions.sessionFor(board('b'), 'q'), second, 'one of the same kind at another port');
    assert.equal(sessions.sessionFor(board('a'), undefined), first);
    await sessions.stop(board('a'), undefined);
    assert.equal(second.runs.state.phase, 'preparing', 'stopping one leaves the other');
    assert.equal(sessions.sessionFor(board('c'), undefined), first, 'free again');
    await sessions.stopAll();
    assert.notEqual(second.runs.state.phase, 'preparing');
    sessions.dispose();
    assert.ok(made.every((one) => one.disposed()) && !first.disposed());
  });
});
