import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../../support/project';
import { programOrSkip } from './support/boards';

describe('2 Mbit/s of frames and text over a pseudo terminal', function () {
  this.timeout(180_000);

  it('for eight seconds: every frame and every line is accounted for, and memory stays flat (the ten minutes are a benchmark)', function () {
    programOrSkip(this, 'socat');
    // Delays are not judged here: they are this computer's as well.
    const env = { ...process.env, TINYML_STREAM_SECONDS: '8', TINYML_STREAM_UNTIMED: '1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'bench/run.mjs'), 'stream'], { cwd: root, env, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /broken pieces 0, lines out of order 0/);
  });
});
