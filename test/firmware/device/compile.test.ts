import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { readIntelHex } from '../../../src/device/uploaders/intel-hex';
import { boardWith, buildFirmware, programOrSkip, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';
import { fakeModelFiles } from './support/fake-model';
import { largeModel } from './support/large-model';

describe('compile', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);
  const host = boardWith('process');
  const uno = boardWith('avr-simulator');
  const edited = (from: string, to: string) => fakeModelFiles.map((f) => ({ ...f, text: f.text.replace(from, to) }));

  it('compiles again only what has changed', async function () {
    const tools = await toolsOrSkip(this, host);
    const buildFolder = temporaryFolder();
    const first = await buildFirmware(host, tools, { buildFolder });
    assert.deepEqual([...first.compiled].sort(), ['main.c', 'tml_link.c', 'tml_model.c', 'tml_port_host.c', 'twice.c']);
    assert.deepEqual((await buildFirmware(host, tools, { buildFolder })).compiled, []);
    const changed = await buildFirmware(host, tools, { buildFolder, files: edited('> 127 ? 127', '> 126 ? 126') });
    assert.deepEqual(changed.compiled, ['twice.c']);
    const header = await buildFirmware(host, tools, { buildFolder, files: edited('0xc0ffee42u', '0xc0ffee43u') });
    assert.equal(header.compiled.length, 5);
    const flags = await buildFirmware(host, tools, { buildFolder, extraFlags: ['-DSOMETHING'] });
    assert.equal(flags.compiled.length, 5);
    assert.equal(fs.readdirSync(path.join(buildFolder, 'objects')).filter((f) => f.endsWith('.o')).length, 5, 'stale objects are gone');
  });

  it('gives every error at its line, and keeps the last good program', async function () {
    const tools = await toolsOrSkip(this, host);
    const buildFolder = temporaryFolder();
    const good = await buildFirmware(host, tools, { buildFolder });
    const before = fs.readFileSync(good.elf);
    await assert.rejects(buildFirmware(host, tools, { buildFolder, files: edited('int i;', 'int i; nonsense = 1; other = 2;') }), (error: ProblemError) => {
      assert.ok(error instanceof ProblemError, String(error));
      const all = [error.problem, ...error.others];
      assert.deepEqual(all.map((p) => p.where), all.map(() => ({ path: path.join(buildFolder, 'twice.c'), line: 5 })));
      assert.match(all.map((p) => p.title).join(), /nonsense.*other/s);
      return true;
    });
    assert.deepEqual(fs.readFileSync(good.elf), before);
  });

  it('refuses a model with other counts of inputs than the glue was made for', async function () {
    const tools = await toolsOrSkip(this, host);
    await assert.rejects(buildFirmware(host, tools, { files: edited('INPUT_COUNT 1', 'INPUT_COUNT 2') }), (error: ProblemError) => /generated for 1 inputs/.test(error.problem.title));
  });

  it('cancel ends the compiler', async function () {
    const tools = await toolsOrSkip(this, host);
    const abort = new AbortController();
    const task = { ...quietTask, signal: abort.signal, progress: () => abort.abort() };
    await assert.rejects(buildFirmware(host, tools, { task }), CancelledError);
  });

  it('says how many bytes too many, for RAM and for flash below the bootloader', async function () {
    const tools = await toolsOrSkip(this, uno);
    const ram = largeModel([1000, 500], [300, 200]);
    await assert.rejects(buildFirmware(uno, tools, { model: ram.model, files: ram.files }), (error: ProblemError) => {
      assert.equal(error.problem.code, 'TINYML-BUILD-TOO-LARGE');
      assert.match(error.problem.title, /RAM/);
      return true;
    });
    const weights = `#include <avr/pgmspace.h>\nextern const char twice_weights[28700];\nconst char twice_weights[28700] PROGMEM = {1};\n`;
    const use = edited('return 0; }', 'return twice_weights[sizeof *model]; }').map((f) => ({ ...f, text: f.path.endsWith('.c') ? `extern const char twice_weights[28700];\n${f.text}` : f.text }));
    await assert.rejects(buildFirmware(uno, tools, { files: [...use, { path: 'weights.c', text: weights }] }), (error: ProblemError) => /flash/.test(error.problem.title));
  });

  for (const [kind, prefix] of [['process', ''], ['avr-simulator', 'avr-'], ['qemu', 'arm-none-eabi-']] as const) {
    it(`sizes of ${boardWith(kind).name} are those of ${prefix}size`, async function () {
      const board = boardWith(kind);
      const tools = await toolsOrSkip(this, board);
      const size = programOrSkip(this, `${prefix}size`);
      const firmware = await buildFirmware(board, tools);
      const [text, data, bss] = execFileSync(size, [firmware.elf]).toString().split('\n')[1].trim().split(/\s+/).map(Number);
      const s = firmware.sizes!;
      assert.deepEqual({ text: s.textBytes + s.rodataBytes, data: s.dataBytes, bss: s.bssBytes }, { text, data, bss });
    });
  }

  it('the .hex holds what avr-objcopy puts into one', async function () {
    const tools = await toolsOrSkip(this, uno);
    const objcopy = programOrSkip(this, 'avr-objcopy');
    const firmware = await buildFirmware(uno, tools);
    const theirs = `${firmware.elf}.hex`;
    execFileSync(objcopy, ['-O', 'ihex', '-R', '.eeprom', firmware.elf, theirs]);
    assert.deepEqual(readIntelHex(fs.readFileSync(firmware.hex!, 'utf8')), readIntelHex(fs.readFileSync(theirs, 'utf8')));
  });
});
