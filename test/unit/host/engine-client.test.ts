import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { silentLog, type Log } from '../../../src/base/log';
import { ProblemError } from '../../../src/base/problem';
import { EngineClient } from '../../../src/app/worker/client';
import { withFolders } from '../../../src/host/path-folders';

/** A worker that speaks the protocol by hand: what is tested is the thread's lifetime, not the engine. */
const WORKER = `
const { parentPort } = require('node:worker_threads');
const open = new Set();
parentPort.on('message', (m) => {
  if (m.kind === 'cancel') { open.delete(m.id); parentPort.postMessage({ rpc: 1, kind: 'reply', id: m.id, cancelled: true }); }
  if (m.kind !== 'request') return;
  const what = m.params.path;
  if (what === 'throw') throw new Error('planted fault');
  if (what === 'exit') process.exit(3);
  if (what === 'hang') return open.add(m.id);
  if (what === 'log') parentPort.postMessage({ rpc: 1, kind: 'notice', method: 'log', params: { level: 'warning', message: 'from the worker' } });
  parentPort.postMessage({ rpc: 1, kind: 'reply', id: m.id, result: { pid: what } });
});`;

describe('EngineClient', () => {
  let folder: string;
  let client: EngineClient;
  const ask = (what: string, log: Log = silentLog): Promise<unknown> => {
    client ??= new EngineClient(path.join(folder, 'worker.js'), log);
    return client.request('inspect', { path: what });
  };
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-engine-'));
    fs.writeFileSync(path.join(folder, 'worker.js'), WORKER);
  });
  beforeEach(() => (client = new EngineClient(path.join(folder, 'worker.js'), silentLog)));
  afterEach(() => client.dispose());
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const death of ['throw', 'exit']) {
    it(`fails every open request with a problem when the worker dies (${death}), and works again`, async () => {
      const hanging = ask('hang');
      const results = await Promise.allSettled([hanging, ask(death)]);
      for (const result of results) {
        assert.ok(result.status === 'rejected' && result.reason instanceof ProblemError);
        assert.equal(result.reason.problem.code, 'TINYML-ENGINE-STOPPED');
      }
      const detail = (results[0] as PromiseRejectedResult).reason.problem.detail as string;
      assert.match(detail, death === 'throw' ? /planted fault/ : /code 3/);
      assert.deepEqual(await ask('ok'), { pid: 'ok' });
    });
  }

  it('fails with a problem where the worker cannot be started', async () => {
    const missing = new EngineClient(path.join(folder, 'missing.js'), silentLog);
    await assert.rejects(missing.request('inspect', { path: 'x' }), (e: unknown) => e instanceof ProblemError && e.problem.code === 'TINYML-ENGINE-STOPPED');
    missing.dispose();
  });

  it('cancels one request and leaves the other', async () => {
    const abort = new AbortController();
    const hanging = client.request('inspect', { path: 'hang' }, { signal: abort.signal });
    abort.abort();
    await assert.rejects(hanging, CancelledError);
    assert.deepEqual(await ask('ok'), { pid: 'ok' });
  });

  it('passes the worker\'s log on', async () => {
    const lines: string[] = [];
    const logging = new EngineClient(path.join(folder, 'worker.js'), { write: (level, message) => lines.push(`${level} ${message}`) });
    await logging.request('inspect', { path: 'log' });
    assert.ok(lines.includes('warning from the worker'), lines.join('\n'));
    logging.dispose();
  });

  it('leaves nothing waiting when disposed', async () => {
    const hanging = ask('hang');
    client.dispose();
    await assert.rejects(hanging, CancelledError);
    await assert.rejects(ask('ok'), ProblemError);
  });
});

describe('withFolders', () => {
  it('puts absolute folders before the PATH and keeps its spelling', () => {
    const folder = path.resolve(os.tmpdir());
    assert.deepEqual(withFolders({ Path: 'old', HOME: 'h' }, [folder, 'relative/bin', '']), { Path: `${folder}${path.delimiter}old`, HOME: 'h' });
    assert.deepEqual(withFolders({}, [folder]), { PATH: folder });
  });
});
