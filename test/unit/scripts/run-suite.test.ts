/** A test run must never look better than it was: `npm test` judges by each suite's own report. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { runSuite } from '../../../scripts/testing/run-suite.mjs';
import { root, temporaryFolder } from '../../support/project';

describe('runSuite', function () {
  this.timeout(60_000); // each test runs mocha in a process of its own
  let project: string;

  before(() => {
    project = temporaryFolder('suites');
    for (const folder of ['node_modules', 'scripts']) fs.symlinkSync(path.join(root, folder), path.join(project, folder), 'dir');
  });
  after(() => fs.rmSync(project, { recursive: true, force: true }));

  const run = (name: string, source: string, grep?: string, limitSeconds = 30) => {
    const folder = path.join(project, 'out', 'test', name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'a.test.js'), source);
    return runSuite(project, { name, runner: 'mocha', limitSeconds }, grep, 'ignore');
  };
  const reasons = async (result: ReturnType<typeof runSuite>) => (await result).failures.map((failure) => failure.reason.split('\n')[0]);

  it('counts what passed, failed and was skipped', async () => {
    const result = await run('mixed', `it('a', () => {}); it('b', () => { throw new Error('wrong'); }); it.skip('c', () => {});`);
    assert.deepEqual([result.passed, result.skipped, result.failures.length], [1, 1, 1]);
    assert.equal(result.failures[0].title, 'b');
    assert.match(result.failures[0].reason, /wrong/);
  });

  it('takes a process that ends before its tests as failed, also with status 0', async () => {
    assert.deepEqual(await reasons(run('dies', `it('a', () => process.exit(0));`)), ['no report: it ended without having finished its tests']);
  });

  it('takes a failing hook as failed', async () => {
    assert.deepEqual(await reasons(run('hook', `before(() => { throw new Error('no set-up'); }); it('a', () => {});`)), ['Error: no set-up']);
  });

  it('takes a run without tests as failed', async () => {
    assert.deepEqual(await reasons(run('none', `it('a', () => {});`, 'no such test')), ['no test ran']);
  });

  it('stops a suite at its time limit', async () => {
    const hang = `it('a', () => new Promise(() => setInterval(() => {}, 1000))).timeout(0);`;
    assert.deepEqual(await reasons(run('hangs', hang, undefined, 2)), ['no report: it did not end within 2 s and was stopped']);
  });
});
