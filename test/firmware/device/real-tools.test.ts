import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { firmwareProject } from '../../../src/device/firmware/project';
import { compile } from '../../../src/device/toolchains/compile';
import { currentEnvironment } from '../../../src/device/toolchains/environment';
import { findTools } from '../../../src/device/toolchains/find-tools';
import { builderAmong } from '../../../src/device/toolchains/project-builders';
import { programOrSkip, removeTemporaryFolders, temporaryFolder } from './support/boards';
import { fakeModel, fakeModelFiles } from './support/fake-model';

describe('PlatformIO itself', function () {
  this.timeout(300_000);
  after(removeTemporaryFolders);

  it('is found with its version, and reads the projects that we write for it; without its packages the problem carries its own words', async function () {
    const pio = programOrSkip(this, 'pio');
    const folder = temporaryFolder();
    const variables = { ...process.env, PLATFORMIO_CORE_DIR: path.join(folder, 'core') };
    const board = boards.find((b) => b.project?.platformio && b.toolchain === 'arduino')!;
    const environment = { ...currentEnvironment(process.env), variables };
    const { value: tools, problems } = await findTools(board, environment, quietTask);
    assert.deepEqual(problems, []);
    assert.match(tools.byId.get('platformio')!.version, /^\d+\.\d+/);
    const { builder } = builderAmong(board.project, tools.byId)!;
    const built = await compile({ board, tools, project: firmwareProject(board, fakeModel, builder.port), files: fakeModelFiles, buildFolder: path.join(folder, 'build') }, quietTask).catch((error: unknown) => error);
    const project = path.join(folder, 'build', 'platformio');
    const { stdout } = await promisify(execFile)(pio, ['project', 'config', '--project-dir', project, '--json-output'], { env: variables });
    const sections = JSON.parse(stdout) as [string, [string, unknown][]][];
    const [name, options] = sections.find(([section]) => section.startsWith('env:'))!;
    const { platform, board: id } = board.project!.platformio!;
    assert.deepEqual([name, Object.fromEntries(options)], ['env:board', { platform, board: id, framework: ['arduino'], monitor_speed: 115_200 }]);
    assert.ok(fs.existsSync(path.join(project, 'src', 'main.c')));
    if (built instanceof Error) {
      // its packages come from a registry of its own, which a computer may not reach
      assert.ok(built instanceof ProblemError, built.stack);
      assert.match(built.problem.detail ?? '', /pio.* run --project-dir/);
      console.log(`      not built: ${built.problem.title}`);
    }
  });
});
