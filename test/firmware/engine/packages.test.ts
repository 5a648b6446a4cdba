import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { generateCode } from '../../../src/app/generate-code';
import type { GenerateReport } from '../../../src/app/engine-contract';
import { quietTask } from '../../../src/base/progress';
import { programOrSkip, skip } from '../device/support/boards';
import { needHostCompiler } from '../../support/host-c';
import { root, temporaryFolder } from '../../support/project';

const CORE = '/usr/share/arduino/hardware/arduino/avr';

describe('packages of generated C', function () {
  this.timeout(120_000);
  let folder: string;
  let report: GenerateReport;
  before(async () => {
    folder = temporaryFolder('packages');
    report = await generateCode({ path: path.join(root, 'samples/digits/digits-dense.onnx'), out: path.join(folder, 'all'), layout: 'all', name: 'digits' }, quietTask);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const inPackage = (...names: string[]): string => path.join(folder, 'all', ...names);

  it('CMake builds the folder as part of a project, and the program runs', function () {
    needHostCompiler(this);
    const cmake = programOrSkip(this, 'cmake');
    const project = path.join(folder, 'cmake');
    fs.mkdirSync(project);
    fs.writeFileSync(path.join(project, 'CMakeLists.txt'), `cmake_minimum_required(VERSION 3.13)\nproject(use C)\nadd_subdirectory("${inPackage()}" digits)\nadd_executable(use use.c)\ntarget_link_libraries(use digits)\n`);
    fs.writeFileSync(path.join(project, 'use.c'), '#include "digits.h"\n#include <stdio.h>\nstatic digits_model model;\nint main(void) {\n  digits_init(&model);\n  if (digits_run(&model)) return 1;\n  for (int i = 0; i < DIGITS_OUTPUT_0_ELEMENTS; i++) printf("%g\\n", (double)digits_output_0(&model)[i]);\n  return 0;\n}\n');
    execFileSync(cmake, ['-S', project, '-B', path.join(project, 'build')], { stdio: 'pipe' });
    execFileSync(cmake, ['--build', path.join(project, 'build')], { stdio: 'pipe' });
    const printed = execFileSync(path.join(project, 'build/use'), { encoding: 'utf8' }).trim().split('\n').map(Number);
    assert.equal(printed.length, 10);
    // Shares of ten classes.
    assert.ok(Math.abs(printed.reduce((a, b) => a + b, 0) - 1) < 1e-4, printed.join());
  });

  /** Runs a CMake file with stand-ins for a build system's functions, which print what they are given. */
  function runCmake(context: Mocha.Context, file: string, head: string): string[] {
    const cmake = programOrSkip(context, 'cmake');
    const script = path.join(folder, `${path.basename(path.dirname(file))}-stand-in.cmake`);
    fs.writeFileSync(script, `${head}\ninclude("${file}")\n`);
    return execFileSync(cmake, ['-P', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').map((line) => line.replace(/^-- /, ''));
  }

  const printing = (name: string): string => `function(${name})\n  foreach(argument IN LISTS ARGV)\n    message(STATUS "${name} \${argument}")\n  endforeach()\nendfunction()`;

  it('ESP-IDF registers all sources as a component', function () {
    const lines = runCmake(this, inPackage('CMakeLists.txt'), `set(ESP_PLATFORM 1)\n${printing('idf_component_register')}`);
    const given = lines.map((line) => line.replace('idf_component_register ', ''));
    assert.deepEqual([given[0], given.at(-2), given.at(-1)], ['SRCS', 'INCLUDE_DIRS', 'src']);
    assert.deepEqual(given.slice(1, -2).map((file) => path.relative(inPackage(), file)), ['src/digits.c', 'src/digits_weights.c']);
    assert.match(fs.readFileSync(inPackage('idf_component.yml'), 'utf8'), /^# .*\nversion: "\d+\.\d+\.\d+"\ndescription: ".*"\n$/);
  });

  it('Zephyr compiles all sources where CONFIG_DIGITS is set, and nothing elsewhere', function () {
    const head = ['zephyr_library_named', 'zephyr_library_sources', 'zephyr_include_directories'].map(printing).join('\n');
    const lines = runCmake(this, inPackage('zephyr/CMakeLists.txt'), `set(CONFIG_DIGITS y)\n${head}`);
    assert.equal(lines[0], 'zephyr_library_named digits');
    const files = lines.slice(1).map((line) => line.split(' ')[1]);
    assert.ok(files.length === 3 && files.every((file) => fs.existsSync(file)), files.join());
    assert.deepEqual(runCmake(this, inPackage('zephyr/CMakeLists.txt'), head), ['']);
    assert.match(fs.readFileSync(inPackage('zephyr/module.yml'), 'utf8'), /^name: digits\nbuild:\n  cmake: zephyr\n  kconfig: zephyr\/Kconfig\n$/m);
    assert.match(fs.readFileSync(inPackage('zephyr/Kconfig'), 'utf8'), /^config DIGITS\n\tbool "[^"]+"$/m);
  });

  it('PlatformIO finds name, version, header and folders', () => {
    const library = JSON.parse(fs.readFileSync(inPackage('library.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual([library.name, library.headers, library.build], ['digits', 'digits.h', { srcDir: 'src', includeDir: 'src' }]);
    assert.match(String(library.version), /^\d+\.\d+\.\d+$/);
    assert.ok(fs.existsSync(inPackage('src/digits.h')));
  });

  it('Arduino: the properties that its specification asks for, and a sketch that the AVR core compiles', function () {
    const properties = new Map(fs.readFileSync(inPackage('library.properties'), 'utf8').trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    for (const key of ['name', 'version', 'author', 'maintainer', 'sentence', 'paragraph', 'category', 'url', 'architectures', 'includes']) assert.ok(properties.has(key), key);
    assert.equal(properties.get('includes'), 'digits.h');
    compileForArduino(this, report);
  });

  it('Arduino: a sketch that hands over the input by rows', async function () {
    const byRows = await generateCode({ path: path.join(root, 'samples/digits/digits.onnx'), out: path.join(folder, 'rows'), layout: 'arduino', name: 'digits', memory: { inputRows: true } }, quietTask);
    assert.ok(byRows.arenaBytes < 2560, `${byRows.arenaBytes} bytes`);
    const sketch = fs.readFileSync(path.join(byRows.directory, 'examples/digits_once_a_second/digits_once_a_second.ino'), 'utf8');
    assert.ok(sketch.includes('digits_read_rows_with(&model, read_rows, 0);') && !sketch.includes('digits_input_0('));
    compileForArduino(this, byRows);
  });

  /** Compiles a library and its sketch with the AVR core. */
  function compileForArduino(context: Mocha.Context, { directory, files }: GenerateReport): void {
    const [gcc, gxx] = ['avr-gcc', 'avr-g++'].map((name) => programOrSkip(context, name));
    if (!fs.existsSync(path.join(CORE, 'cores/arduino/Arduino.h'))) skip(context, `${CORE} is absent (Debian package arduino-core-avr)`);
    const flags = ['-mmcu=atmega2560', '-DF_CPU=16000000L', '-DARDUINO=10819', '-DARDUINO_ARCH_AVR', `-I${CORE}/cores/arduino`, `-I${CORE}/variants/mega`, `-I${path.join(directory, 'src')}`];
    const object = (name: string): string => path.join(folder, `${name}.o`);
    for (const file of files.filter(({ path: name }) => name.endsWith('.c'))) {
      execFileSync(gcc, ['-c', '-Os', '-std=gnu11', '-Wall', '-Wextra', '-Werror', ...flags, path.join(directory, file.path), '-o', object(path.basename(file.path))], { stdio: 'pipe' });
    }
    // What the Arduino IDE makes of a sketch.
    const sketch = path.join(folder, 'sketch.cpp');
    fs.writeFileSync(sketch, `#include <Arduino.h>\n${fs.readFileSync(path.join(directory, 'examples/digits_once_a_second/digits_once_a_second.ino'), 'utf8')}`);
    execFileSync(gxx, ['-c', '-Os', '-std=gnu++11', '-fno-exceptions', ...flags, sketch, '-o', object('sketch')], { stdio: 'pipe' });
  }

  it('a second run replaces its own files, and never a file of the user', async () => {
    const request = { path: path.join(root, 'samples/digits/digits-dense.onnx'), out: path.join(folder, 'again'), layout: 'arduino,zephyr', name: 'digits' };
    await generateCode(request, quietTask);
    await generateCode(request, quietTask);
    fs.writeFileSync(path.join(folder, 'again/library.properties'), 'name=mine\n');
    await assert.rejects(generateCode({ ...request, replace: true }, quietTask), (error: { problem?: { code: string } }) => error.problem?.code === 'TINYML-OUT-FOREIGN');
  });

  it('unknown layouts, goals and section names are refused with what there is', async () => {
    const refused = (change: object): Promise<void> =>
      assert.rejects(generateCode({ path: path.join(root, 'samples/digits/digits-dense.onnx'), out: path.join(folder, 'never'), ...change }, quietTask), (error: { problem?: { fixes: unknown[] } }) => (error.problem?.fixes.length ?? 0) > 0);
    await refused({ layout: 'arduino,maker' });
    await refused({ optimize: 'beauty' });
    await refused({ weightsSection: '.x")))' });
    assert.ok(!fs.existsSync(path.join(folder, 'never')));
  });
});
