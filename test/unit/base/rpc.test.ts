import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { Emitter } from '../../../src/base/event';
import { ProblemError, type Problem } from '../../../src/base/problem';
import type { Progress } from '../../../src/base/progress';
import { AbortLike, RpcClient, RpcServer, RPC_VERSION, type Handlers, type RpcPort } from '../../../src/base/rpc';

type TestContract = {
  requests: {
    add: { params: { a: number; b: number }; result: number };
    refuse: { params: null; result: null };
    crash: { params: null; result: null };
    wait: { params: null; result: null };
    report: { params: null; result: string };
  };
  notices: { moved: { to: number } };
};

const problem: Problem = { code: 'T-1', severity: 'error', title: 'It is so', fixes: [{ title: 'Do otherwise' }] };
const other: Problem = { ...problem, code: 'T-2' };

/** Two ends of one wire. As in a real one, messages are copies and arrive later. */
function wire(): { near: RpcPort; far: RpcPort; sent: unknown[] } {
  const toNear = new Emitter<unknown>();
  const toFar = new Emitter<unknown>();
  const sent: unknown[] = [];
  const send = (target: Emitter<unknown>) => (message: unknown) => {
    const copy: unknown = structuredClone(message);
    sent.push(copy);
    queueMicrotask(() => target.fire(copy));
  };
  return { near: { send: send(toFar), onMessage: toNear.event }, far: { send: send(toNear), onMessage: toFar.event }, sent };
}

const handlers: Handlers<TestContract> = {
  add: ({ a, b }) => a + b,
  refuse: () => {
    throw new ProblemError(problem, [other]);
  },
  crash: () => {
    throw new TypeError('a is undefined');
  },
  wait: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError()))),
  report: (_, context) => {
    context.progress({ stage: 'Reading', done: 1, total: 2 });
    context.progress({ stage: 'Reading', done: 2, total: 2 });
    return 'read';
  },
};

function pair(): { client: RpcClient<TestContract>; server: RpcServer<TestContract>; moved: number[]; sent: unknown[]; near: RpcPort } {
  const { near, far, sent } = wire();
  const moved: number[] = [];
  return { client: new RpcClient<TestContract>(near, { moved: ({ to }) => moved.push(to) }), server: new RpcServer<TestContract>(far, handlers), moved, sent, near };
}

describe('rpc', () => {
  it('answers requests, each with its own result, whatever their order', async () => {
    const { client } = pair();
    const results = await Promise.all([client.request('add', { a: 1, b: 2 }), client.request('add', { a: 10, b: 20 })]);
    assert.deepEqual(results, [3, 30]);
  });

  it('carries a problem and the others found with it', async () => {
    const error = await pair().client.request('refuse', null).catch((e: unknown) => e);
    assert.ok(error instanceof ProblemError);
    assert.deepEqual(error.problem, problem);
    assert.deepEqual(error.others, [other]);
  });

  it('shows an exception as an internal problem with its stack', async () => {
    const error = await pair().client.request('crash', null).catch((e: unknown) => e);
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.code, 'TINYML-INTERNAL');
    assert.match(error.problem.detail ?? '', /TypeError: a is undefined\n\s+at /);
  });

  it('rejects with a cancel, not with a problem, when the signal aborts', async () => {
    const abort = new AbortLike();
    const waiting = pair().client.request('wait', null, { signal: abort });
    abort.abort();
    await assert.rejects(waiting, CancelledError);
  });

  it('sends nothing for a signal that has aborted already', async () => {
    const { client, sent } = pair();
    const abort = new AbortLike();
    abort.abort();
    await assert.rejects(client.request('add', { a: 1, b: 1 }, { signal: abort }), CancelledError);
    assert.deepEqual(sent, []);
  });

  it('reports progress to the request it belongs to', async () => {
    const seen: Progress[] = [];
    assert.equal(await pair().client.request('report', null, { progress: (p) => seen.push(p) }), 'read');
    assert.deepEqual(seen.map(({ done }) => done), [1, 2]);
  });

  it('delivers notices', async () => {
    const { client, server, moved } = pair();
    server.notify('moved', { to: 7 });
    await client.request('add', { a: 0, b: 0 });
    assert.deepEqual(moved, [7]);
  });

  it('answers a request of another protocol version with an error that names both', async () => {
    const { near } = pair();
    const reply = new Promise<{ problem?: Problem }>((resolve) => near.onMessage((message) => resolve(message as { problem?: Problem })));
    near.send({ rpc: RPC_VERSION + 1, kind: 'request', id: 1, method: 'add', params: { a: 1, b: 1 } });
    assert.match((await reply).problem?.title ?? '', new RegExp(`protocol ${RPC_VERSION + 1}.*${RPC_VERSION}`));
  });

  it('answers an unknown request, also one named like an inherited property', async () => {
    const { near } = pair();
    for (const [id, method] of ['nonsense', 'constructor'].entries()) {
      const reply = new Promise<{ problem?: Problem }>((resolve) => near.onMessage((message) => resolve(message as { problem?: Problem })));
      near.send({ rpc: RPC_VERSION, kind: 'request', id, method, params: null });
      assert.match((await reply).problem?.title ?? '', new RegExp(`No such request: ${method}`));
    }
  });

  it('ignores what is no message of ours', async () => {
    const { client, near } = pair();
    for (const junk of [null, 'text', 42, { kind: 'request' }, { rpc: 'one', kind: 'reply' }]) near.send(junk);
    assert.equal(await client.request('add', { a: 2, b: 2 }), 4);
  });

  it('leaves nothing waiting when the other side is gone', async () => {
    const { client } = pair();
    const waiting = client.request('wait', null);
    client.fail(new ProblemError(problem));
    await assert.rejects(waiting, ProblemError);
    const next = client.request('wait', null);
    client.dispose();
    await assert.rejects(next, CancelledError);
  });

  it('aborts what runs when the server is disposed', async () => {
    const { near, far } = wire();
    let aborted = false;
    const server = new RpcServer<TestContract>(far, { ...handlers, wait: (_, { signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))) });
    const client = new RpcClient<TestContract>(near);
    const waiting = client.request('wait', null).catch(() => null);
    await new Promise((resolve) => setImmediate(resolve));
    server.dispose();
    assert.equal(aborted, true);
    client.dispose();
    await waiting;
  });
});
