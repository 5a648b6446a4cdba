import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { problemsOfCompiler } from '../../../src/device/toolchains/compiler-messages';
import { currentEnvironment, type ToolEnvironment } from '../../../src/device/toolchains/environment';
import { findTools, toolsOfBoard } from '../../../src/device/toolchains/find-tools';
import { installCommand } from '../../../src/device/toolchains/install-command';
import { tools, type Tool } from '../../../src/device/toolchains/tools';

const systems: ReadonlyArray<[string, Partial<ToolEnvironment>]> = [
  ['debian', { platform: 'linux', osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n' }],
  ['ubuntu', { platform: 'linux', osRelease: 'ID=ubuntu\nID_LIKE=debian\n' }],
  ['mint', { platform: 'linux', osRelease: 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' }],
  ['fedora', { platform: 'linux', osRelease: 'ID=fedora\n' }],
  ['rocky', { platform: 'linux', osRelease: 'ID="rocky"\nID_LIKE="rhel centos fedora"\n' }],
  ['arch', { platform: 'linux', osRelease: 'ID=arch\n' }],
  ['macos', { platform: 'darwin', osRelease: '' }],
  ['windows', { platform: 'win32', osRelease: '' }],
  ['unknown linux', { platform: 'linux', osRelease: 'ID=plan9\n' }],
];
const on = (system: string, pathFolders: string[] = []): ToolEnvironment => ({ ...currentEnvironment({}), ...systems.find(([name]) => name === system)![1], pathFolders, programEndings: [''] });
const boardWith = (port: string) => boards.find((b) => b.port === port)!;

describe('missing tools', () => {
  it('are named with the package and the command of the user\'s system', () => {
    const commands = (tool: Tool): Record<string, string | undefined> => Object.fromEntries(systems.map(([name]) => [name, installCommand(tool.packages, on(name))]));
    assert.deepEqual(commands(tools['avr-gcc']), {
      debian: 'sudo apt install gcc-avr avr-libc binutils-avr',
      ubuntu: 'sudo apt install gcc-avr avr-libc binutils-avr',
      mint: 'sudo apt install gcc-avr avr-libc binutils-avr',
      fedora: 'sudo dnf install avr-gcc avr-libc avr-binutils',
      rocky: 'sudo dnf install avr-gcc avr-libc avr-binutils',
      arch: 'sudo pacman -S avr-gcc avr-libc avr-binutils',
      macos: 'brew install osx-cross/avr/avr-gcc',
      windows: 'winget install ZakKemble.avr-gcc',
      'unknown linux': undefined,
    });
    assert.match(commands(tools['arm-none-eabi-gcc']).debian!, /libnewlib-arm-none-eabi/);
    assert.equal(commands(tools['qemu-system-arm']).ubuntu, 'sudo apt install qemu-system-arm');
  });

  it('are all reported at once, with the maker\'s page everywhere', async () => {
    for (const [system] of systems) {
      const { value, problems } = await findTools(boardWith('cortex-m-mps2'), on(system), quietTask);
      assert.equal(value.byId.size, 0);
      assert.deepEqual(problems.map((p) => p.code), ['TINYML-TOOL-MISSING', 'TINYML-TOOL-MISSING']);
      for (const problem of problems) assert.ok(problem.fixes.some((f) => f.url?.startsWith('https://')));
      assert.equal(problems.every((p) => p.fixes[0].shell !== undefined), system !== 'unknown linux');
    }
  });
});

describe('tools on the PATH', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-tools-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const program = (name: string, script: string): void => fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  it('are found and versioned; files that are no programs are passed over', async function () {
    if (process.platform === 'win32') this.skip();
    const other = path.join(folder, 'other');
    fs.mkdirSync(path.join(other, 'cc'), { recursive: true }); // a folder of that name
    fs.writeFileSync(path.join(other, 'gcc'), 'text', { mode: 0o644 });
    program('cc', 'echo "cc (Somewhere) 13.2.1"');
    const { value, problems } = await findTools(boardWith('host'), on('debian', [other, folder]), quietTask);
    assert.deepEqual(problems, []);
    assert.deepEqual([...value.byId.values()], [{ id: 'host-cc', path: path.join(folder, 'cc'), version: '13.2.1' }]);
  });

  it('without their C library are incomplete', async function () {
    if (process.platform === 'win32') this.skip();
    program('avr-gcc', 'case "$*" in *-print-file-name=libc.a*) echo libc.a;; *) echo 5.4.0;; esac');
    const { problems } = await findTools(boards.find((b) => b.toolchain === 'avr-gcc')!, on('debian', [folder]), quietTask);
    assert.deepEqual(problems.map((p) => p.code), ['TINYML-TOOL-INCOMPLETE']);
    assert.match(problems[0].fixes[0].shell!, /avr-libc/);
  });

  it('that fail are broken, with command line, exit code and last lines', async function () {
    if (process.platform === 'win32') this.skip();
    program('avr-gcc', 'echo "error while loading shared libraries" >&2; exit 127');
    const { problems } = await findTools(boards.find((b) => b.toolchain === 'avr-gcc')!, on('debian', [folder]), quietTask);
    assert.equal(problems[0].code, 'TINYML-TOOL-BROKEN');
    assert.match(problems[0].detail!, /avr-gcc -dumpversion\nexit code 127\nerror while loading/);
  });
});

describe('the environment', () => {
  it('of Windows is read whatever the case of its names', () => {
    const environment = currentEnvironment({ Path: 'C:\\a;C:\\b', PATHEXT: '.COM;.EXE;.BAT' }, 'win32');
    assert.deepEqual([environment.pathFolders, environment.programEndings], [['C:\\a', 'C:\\b'], ['.exe']]); // a .bat would need a shell
  });
});

describe('compiler messages', () => {
  const parse = (stderr: string) => problemsOfCompiler({ program: 'cc', args: [], exitCode: 1, stdout: '', stderr }, 'Some board');

  it('become problems at their lines', () => {
    const found = parse("kws.c: In function 'kws_run':\nkws.c:12:5: error: 'x' undeclared\nkws.h:3: warning: unused\nmain.c:1:10: fatal error: no.h: No such file or directory\n");
    assert.deepEqual(found.map((p) => [p.severity, p.where?.path, p.where?.line, p.title]), [
      ['error', 'kws.c', 12, "'x' undeclared"],
      ['warning', 'kws.h', 3, 'unused'],
      ['error', 'main.c', 1, 'no.h: No such file or directory'],
    ]);
  });

  it('of the linker become problems too', () => {
    const found = parse("/usr/lib/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to `missing'\nld: region `FLASH' overflowed by 1234 bytes\n");
    assert.deepEqual(found.map((p) => [p.code, p.title]), [
      ['TINYML-BUILD-ERROR', 'undefined reference to missing'],
      ['TINYML-BUILD-TOO-LARGE', 'The firmware does not fit into the flash of Some board: 1,234 bytes too many'],
    ]);
  });
});

describe('the boards', () => {
  it('have ids of their own, tools that exist, and a source for each figure', () => {
    assert.equal(new Set(boards.map((b) => b.id)).size, boards.length);
    for (const board of boards) {
      for (const id of toolsOfBoard(board)) assert.ok(tools[id]);
      for (const figure of [board.clockHz, board.flashBytes, board.ramBytes]) assert.ok(figure === undefined || (figure.value > 0 && figure.source.length > 10));
    }
  });
});
