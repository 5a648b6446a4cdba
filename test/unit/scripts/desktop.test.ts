import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { findDesktopCode } from '../../../scripts/editor/desktop.mjs';
import { temporaryFolder } from '../../support/project';

describe('findDesktopCode', () => {
  let folder: string;
  before(() => (folder = fs.realpathSync(temporaryFolder('desktop'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const file = (...parts: string[]) => {
    const full = path.join(folder, ...parts);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, '');
    return full;
  };

  it('follows the command line program to the program behind it', function () {
    if (process.platform !== 'linux') this.skip();
    const program = file('share', 'code', 'code');
    const cli = file('share', 'code', 'bin', 'code');
    fs.mkdirSync(path.join(folder, 'bin'));
    fs.symlinkSync(cli, path.join(folder, 'bin', 'code'));
    assert.equal(findDesktopCode(path.join(folder, 'bin', 'code')), program);
  });

  it('finds none behind the remote command line of a container', () => {
    assert.equal(findDesktopCode(file('server', 'bin', 'remote-cli', 'code')), undefined);
  });
});
