import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import type { Progress } from '../../../src/base/progress';
import { AbortLike, type RequestOptions } from '../../../src/base/rpc';
import { HeadStart } from '../../../src/host/editors/head-start';

interface Run {
  readonly params: { path: string };
  readonly options: RequestOptions;
  finish(value: string): void;
}

describe('a request that begins before the page can ask', () => {
  let runs: Run[];
  let early: HeadStart<{ path: string }, string>;
  const begin = (path: string): void =>
    early.begin({ path }, (params, options) => new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new CancelledError()));
      runs.push({ params, options, finish: resolve });
    }));
  beforeEach(() => {
    runs = [];
    early = new HeadStart();
  });

  it('is handed over once, with what it has told of its progress', async () => {
    begin('m.onnx');
    const heard: string[] = [];
    const progress = ({ stage }: Progress): unknown => heard.push(stage);
    runs[0].options.progress!({ stage: 'Reading' });
    runs[0].options.progress!({ stage: 'Understanding' });
    const taken = early.take({ path: 'm.onnx' }, { progress });
    runs[0].options.progress!({ stage: 'Planning' });
    assert.deepEqual(heard, ['Understanding', 'Planning']);
    assert.equal(early.take({ path: 'm.onnx' }, {}), undefined);
    runs[0].finish('report');
    assert.equal(await taken, 'report');
  });

  it('is cancelled by whoever has taken it, and not by the page going away afterwards', async () => {
    begin('m.onnx');
    const abort = new AbortLike();
    const taken = early.take({ path: 'm.onnx' }, { signal: abort });
    early.drop();
    assert.equal(runs[0].options.signal!.aborted, false);
    abort.abort();
    await assert.rejects(taken!, CancelledError);
  });

  it('is cancelled where something else is asked for, where what it read has changed, and where a new one begins', () => {
    begin('a.onnx');
    assert.equal(early.take({ path: 'b.onnx' }, {}), undefined);
    begin('a.onnx');
    early.drop();
    assert.equal(early.take({ path: 'a.onnx' }, {}), undefined);
    begin('a.onnx');
    begin('a.onnx');
    assert.deepEqual(runs.map(({ options }) => options.signal!.aborted), [true, true, true, false]);
  });

  it('gives its failure to whoever takes it, and to nobody else', async () => {
    early.begin({ path: 'm.onnx' }, () => Promise.reject(new Error('not readable')));
    await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would end the process here
    await assert.rejects(early.take({ path: 'm.onnx' }, {})!, /not readable/);
  });
});
