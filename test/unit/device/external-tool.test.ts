import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask, type Progress } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { byTool } from '../../../src/device/boards/tool-uploads';
import type { ToolUpload } from '../../../src/device/boards/uploads';
import { nameOfUpload, uploadOf } from '../../../src/device/boards/upload-of';
import { firmwareProject, type FirmwareSensor } from '../../../src/device/firmware/project';
import { compile } from '../../../src/device/toolchains/compile';
import { currentEnvironment } from '../../../src/device/toolchains/environment';
import { builderAmong, projectBuilders } from '../../../src/device/toolchains/project-builders';
import { findTools, type FoundTool } from '../../../src/device/toolchains/find-tools';
import { argumentsFor, uploadByTool } from '../../../src/device/uploaders/external-tool';

const uploads: readonly ToolUpload[] = [
  byTool.arduinoCli('a:b:c'), byTool.platformio(), byTool.idf(), byTool.west(), byTool.avrdude('m328p', 'arduino', 57_600),
  byTool.openocd('stlink', 'stm32f4x'), byTool.dfuUtil('1:2', '-Q'), byTool.probeRs('STM32F446RE'), byTool.picotool(),
];

describe('uploading by tools of the user', function () {
  if (process.platform === 'win32') return; // the fake tools are shell scripts
  this.timeout(20_000);
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml tool $(touch hacked) '))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** A program that writes its arguments down, one a line, then does as told. */
  function fakeTool(id: FoundTool['id'], script = ''): FoundTool {
    const file = path.join(folder, id);
    fs.writeFileSync(file, `#!/bin/sh\nfor a in "$@"; do printf '%s\\n' "$a"; done > '${path.join(folder, 'args')}'\n${script}\n`, { mode: 0o755 });
    return { id, path: file, version: '1' };
  }
  const places = (): { image: string; folder: string; project: string; port: string } => ({ image: path.join(folder, 'a; touch hacked.bin'), folder, project: folder, port: '/dev/tty $HOME' });

  for (const { target } of uploads) {
    it(`${target.tool}: arguments reach it as they are, through no shell`, async () => {
      const tool = fakeTool(target.tool, 'echo "Writing 50%"; echo "done 100 %"');
      const reports: Progress[] = [];
      await uploadByTool(target, tool, places(), process.env, { ...quietTask, progress: (p) => reports.push(p) });
      const seen = fs.readFileSync(path.join(folder, 'args'), 'utf8').trimEnd().split('\n');
      assert.deepEqual(seen, argumentsFor(target, places()));
      assert.ok(seen.some((a) => a.includes('touch hacked')) || seen.includes('/dev/tty $HOME'));
      assert.equal(fs.readdirSync(folder).includes('hacked'), false);
      assert.ok(reports.some((p) => p.stage === 'Writing' && p.total === 100));
    });
  }

  it('a failure carries command line, exit code and last lines', async () => {
    const tool = fakeTool('avrdude', 'echo "ser_open(): can\'t open device: Permission denied" >&2; exit 7');
    await assert.rejects(uploadByTool(byTool.avrdude('m328p', 'arduino', 57_600).target, tool, places(), process.env, quietTask), (error: unknown) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.problem.code, 'TINYML-UPLOAD-TOOL');
      assert.match(error.problem.detail!, /avrdude.*-c arduino[^]*exit code 7[^]*Permission denied/);
      assert.match(error.problem.fixes[0].title, /has the port open/);
      return true;
    });
  });

  it('cancel ends the tool', async () => {
    const abort = new AbortController();
    const work = uploadByTool(byTool.picotool().target, fakeTool('picotool', 'exec sleep 60'), places(), process.env, { ...quietTask, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(work, CancelledError);
  });

  it('cancel ends what the tool has started, too: it would keep the port', async () => {
    const abort = new AbortController();
    const pid = path.join(folder, 'pid');
    const work = uploadByTool(byTool.picotool().target, fakeTool('picotool', `sleep 60 & echo $! > '${pid}.new'; mv '${pid}.new' '${pid}'; wait`), places(), process.env, { ...quietTask, signal: abort.signal });
    while (!fs.existsSync(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    await assert.rejects(work, CancelledError);
    const started = Number(fs.readFileSync(pid, 'utf8'));
    const runs = (): boolean => {
      try {
        return process.kill(started, 0) && (process.platform !== 'linux' || !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${started}/status`, 'utf8')));
      } catch {
        return false;
      }
    };
    while (runs()) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('of a tool that prints without end, the last lines are kept', async () => {
    const tool = fakeTool('picotool', 'head -c 4000000 /dev/zero | tr "\\0" "a" >&2; echo "the reason" >&2; exit 1');
    await assert.rejects(uploadByTool(byTool.picotool().target, tool, places(), process.env, quietTask), (error: unknown) => error instanceof ProblemError && /the reason$/.test(error.problem.detail!));
  });

  it('a missing port, and a path that could end a quotation, are problems', () => {
    assert.throws(() => argumentsFor(byTool.arduinoCli('a:b:c').target, { image: 'a', folder, project: folder }), (e: unknown) => e instanceof ProblemError && e.problem.code === 'TINYML-UPLOAD-TOOL-PORT');
    const openocd = byTool.openocd('stlink', 'stm32f4x').target;
    assert.equal(argumentsFor(openocd, { image: '/a b/[exec rm].elf', folder, project: folder }).at(-1), 'program {/a b/[exec rm].elf} verify reset exit');
    assert.throws(() => argumentsFor(openocd, { image: '/a} ; exec rm {', folder, project: folder }), (e: unknown) => e instanceof ProblemError && e.problem.code === 'TINYML-UPLOAD-TOOL-PATH');
  });

  it('every board names tools that exist, and each of its ways by one name', () => {
    for (const board of boards) {
      if (board.connect.kind !== 'port') continue;
      const names = board.connect.uploads.map(nameOfUpload);
      assert.equal(new Set(names).size, names.length, board.id);
      for (const name of names) assert.equal(nameOfUpload(uploadOf(board, name)!), name);
      assert.throws(() => uploadOf(board, 'telepathy'), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-BOARD-WAY' && error.problem.fixes[0].title.endsWith(names.join(', ')));
    }
  });
});

describe('building with arduino-cli, PlatformIO, ESP-IDF and Zephyr', function () {
  if (process.platform === 'win32') return;
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-project-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const board = boards.find((b) => b.project?.fqbn && b.project.platformio && b.isa !== 'avr' && uploadOf(b)?.kind !== 'tool')!;
  const model = { name: 'twice', inputs: 1, outputs: 1 };
  const tool = (name: string, script: string): void => fs.writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const build = async (target = board, sensor?: FirmwareSensor) => {
    const { value: tools, problems } = await findTools(target, { ...currentEnvironment(), pathFolders: [path.join(folder, 'bin')] }, quietTask);
    assert.deepEqual(problems, []);
    const files = [{ path: 'twice.h', text: '/* model */' }, { path: 'twice.c', text: 'int a;' }];
    const port = builderAmong(target.project, tools.byId)!.builder.port;
    return compile({ board: target, tools, project: firmwareProject(target, { ...model, sensor }, port), files, buildFolder: path.join(folder, 'build') }, quietTask);
  };
  beforeEach(() => fs.mkdirSync(path.join(folder, 'bin')));

  it('arduino-cli is given a complete sketch, and its merged image is taken', async () => {
    tool('arduino-cli', `if [ "$1" = version ]; then echo "arduino-cli  Version: 1.2.3 Commit: x"; exit 0; fi
for a in "$@"; do printf '%s\\n' "$a"; done > '${folder}/args'
while [ $# -gt 1 ]; do [ "$1" = --output-dir ] && out="$2"; shift; done
ls "$1" > '${folder}/sketch'; mkdir -p "$out"; echo app > "$out/firmware.ino.bin"; echo merged > "$out/firmware.ino.merged.bin"`);
    const built = await build();
    const args = fs.readFileSync(path.join(folder, 'args'), 'utf8').split('\n');
    assert.deepEqual(args.slice(0, 3), ['compile', '--fqbn', board.project!.fqbn]);
    assert.equal(path.basename(built.bin!), 'firmware.ino.merged.bin');
    const sketch = fs.readFileSync(path.join(folder, 'sketch'), 'utf8').split('\n');
    for (const name of ['firmware.ino', 'main.c', 'tml_port_arduino.cpp', 'twice.c', 'tml_model.c', 'tml_app.h']) assert.ok(sketch.includes(name), name);
    // a file of an earlier model must not be compiled into this one
    fs.writeFileSync(path.join(folder, 'build/arduino-cli/firmware/other.c'), 'int b;');
    await build();
    assert.ok(!fs.readdirSync(path.join(folder, 'build/arduino-cli/firmware')).includes('other.c'));
  });

  it('PlatformIO builds where arduino-cli is not installed', async () => {
    tool('pio', `if [ "$1" = --version ]; then echo "PlatformIO Core, version 6.1.0"; exit 0; fi
mkdir -p "$3/.pio/build/board"; echo image > "$3/.pio/build/board/firmware.bin"`);
    const built = await build();
    assert.match(fs.readFileSync(path.join(folder, 'build/platformio/platformio.ini'), 'utf8'), new RegExp(`board = ${board.project!.platformio!.board}\nframework = arduino`));
    assert.ok(built.bin!.endsWith(path.join('.pio', 'build', 'board', 'firmware.bin')));
  });

  it('errors point at our files; a missing package names its command', async () => {
    tool('arduino-cli', `if [ "$1" = version ]; then echo "Version: 1.2.3"; exit 0; fi
echo "/built/sketch/twice.c:3:5: error: 'x' undeclared" >&2; exit 1`);
    await assert.rejects(build(), (error: unknown) => error instanceof ProblemError && error.problem.where?.path === path.join(folder, 'build/arduino-cli/firmware/twice.c') && error.problem.where.line === 3);
    tool('arduino-cli', 'if [ "$1" = version ]; then echo "Version: 1.2.3"; exit 0; fi\necho "Error: Platform not installed" >&2; exit 1');
    await assert.rejects(build(), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-BUILD-PACKAGE' && /arduino-cli core install \S+:\S+$/.test(error.problem.fixes[0].shell!));
  });

  it('the library of a sensor is asked of PlatformIO, and named where arduino-cli has it not', async () => {
    const target = boards.find((b) => b.sensors?.some((one) => one.driver === 'lsm9ds1'))!;
    const sensor: FirmwareSensor = { sensor: target.sensors!.find((one) => one.driver === 'lsm9ds1')!, window: 4, hop: 2, planar: false, quantized: true };
    tool('pio', `if [ "$1" = --version ]; then echo "PlatformIO Core, version 6.1.0"; exit 0; fi
mkdir -p "$3/.pio/build/board"; echo image > "$3/.pio/build/board/firmware.bin"`);
    tool('arduino-cli', `if [ "$1" = version ]; then echo "Version: 1.2.3"; exit 0; fi
echo "/built/sketch/tml_sensor_driver.h:2:10: fatal error: Arduino_LSM9DS1.h: No such file or directory" >&2; exit 1`);
    await assert.rejects(build(target, sensor), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-BUILD-LIBRARY' && error.problem.fixes[0].shell === 'arduino-cli lib install "Arduino_LSM9DS1"');
    const names = { platformio: target.project!.platformio! };
    assert.match(projectBuilders.platformio!.extraFiles(names, [], ['Arduino_LSM9DS1'])[0].text, /\nlib_deps =\n {2}Arduino_LSM9DS1\n$/);
    assert.doesNotMatch(projectBuilders.platformio!.extraFiles(names, [], [])[0].text, /lib_deps/);
  });

  it('ESP-IDF gets a project of its own, and its images become one', async () => {
    tool('idf.py', `if [ "$1" = --version ]; then echo "ESP-IDF v5.3.1"; exit 0; fi
for a in "$@"; do printf '%s\\n' "$a"; done > '${folder}/args'
mkdir -p "$4/bootloader"; printf boot > "$4/bootloader/bootloader.bin"; printf app > "$4/firmware.bin"
echo '{"flash_files":{"0x10":"bootloader/bootloader.bin","0x20":"firmware.bin"}}' > "$4/flasher_args.json"`);
    const esp = boards.find((b) => b.project?.idf?.console === 'usb')!;
    const built = await build(esp);
    const project = path.join(folder, 'build/idf.py');
    assert.deepEqual(fs.readFileSync(path.join(folder, 'args'), 'utf8').trimEnd().split('\n'), ['-C', project, '-B', path.join(project, 'build'), `-DIDF_TARGET=${esp.project!.idf!.target}`, 'build']);
    const image = fs.readFileSync(built.bin!);
    assert.equal(path.basename(built.bin!), 'firmware.merged.bin');
    assert.deepEqual([image.length, image[0], image.toString('latin1', 0x10, 0x14), image[0x14], image.toString('latin1', 0x20)], [0x23, 0xff, 'boot', 0xff, 'app']);
    const text = (file: string): string => fs.readFileSync(path.join(project, file), 'utf8');
    assert.match(text('main/CMakeLists.txt'), /SRCS "main.c".*"tml_port_esp_idf.c" "twice.c"/);
    assert.match(text('sdkconfig.defaults'), /CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG=y/);
    // a second build finds its project as it left it
    await build(esp);
    assert.deepEqual(fs.readdirSync(path.join(project, 'main')).filter((name) => name.endsWith('.cpp')), []);
  });

  it('an image of ESP-IDF that would lie outside of its build folder is refused', async () => {
    tool('idf.py', `if [ "$1" = --version ]; then echo "ESP-IDF v5.3.1"; exit 0; fi
mkdir -p "$4"; echo '{"flash_files":{"0x10":"../../../secret"}}' > "$4/flasher_args.json"`);
    await assert.rejects(build(boards.find((b) => b.project?.idf)!), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-BUILD-FLASHER-ARGS' && /secret/.test(error.problem.detail!));
  });

  it('west builds for boards of Zephyr', async () => {
    tool('west', `if [ "$1" = --version ]; then echo "West version: v1.2.0"; exit 0; fi
for a in "$@"; do printf '%s\\n' "$a"; done > '${folder}/args'
mkdir -p "$5/zephyr"; echo image > "$5/zephyr/zephyr.hex"; echo image > "$5/zephyr/zephyr.bin"`);
    const zephyr = boards.find((b) => b.project?.zephyr && !b.project.fqbn)!;
    const built = await build(zephyr);
    const project = path.join(folder, 'build/west');
    assert.deepEqual(fs.readFileSync(path.join(folder, 'args'), 'utf8').trimEnd().split('\n'), ['build', '--board', zephyr.project!.zephyr, '--build-dir', path.join(project, 'build'), project]);
    assert.deepEqual([built.hex, built.bin].map((file) => path.basename(file!)), ['zephyr.hex', 'zephyr.bin']);
    assert.match(fs.readFileSync(path.join(project, 'CMakeLists.txt'), 'utf8'), /target_sources\(app PRIVATE src\/main.c.*src\/tml_port_zephyr.c src\/twice.c\)/);
  });

  it('without any, one problem names all', async () => {
    const { problems } = await findTools(board, { ...currentEnvironment(), pathFolders: [path.join(folder, 'bin')] }, quietTask);
    assert.equal(problems.length, 1);
    assert.match(problems[0].fixes.map((f) => f.title).join('\n'), /arduino-cli[^]*Or: .*(pio|PlatformIO)/);
  });
});
