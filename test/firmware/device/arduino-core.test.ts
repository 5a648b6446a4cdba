import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bytesOf } from '../../../src/base/bytes';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { firmwareProject } from '../../../src/device/firmware/project';
import { Session, type InferResult } from '../../../src/device/protocol/session';
import { readIntelHex } from '../../../src/device/uploaders/intel-hex';
import { uploadStk500v1 } from '../../../src/device/uploaders/stk500v1';
import { boardWith, programOrSkip, removeTemporaryFolders, skip, temporaryFolder } from './support/boards';
import { fakeInputs, fakeModel, fakeModelFiles, fakeModelOutput } from './support/fake-model';
import { simulatedLink } from './support/simulated-link';

/** Arduino's AVR core as Debian packages it: what arduino-cli would compile the sketch with. */
const CORE = '/usr/share/arduino/hardware/arduino/avr';

describe('the Arduino sketch around a model', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  /** The firmware on a simulated Uno; `sketch` in place of ours. */
  async function flashed(context: Mocha.Context, sketch?: string): Promise<Session> {
    const [gcc, gxx, objcopy] = ['avr-gcc', 'avr-g++', 'avr-objcopy'].map((name) => programOrSkip(context, name));
    if (!fs.existsSync(path.join(CORE, 'cores/arduino/main.cpp'))) skip(context, `${CORE} is absent (Debian package arduino-core-avr)`);
    const arduino = boards.find((b) => b.port === 'arduino')!;
    const folder = temporaryFolder();
    const files = [...firmwareProject(arduino, fakeModel).files, ...fakeModelFiles].map((file) => (file.path === 'firmware.cpp' && sketch ? { ...file, text: sketch } : file));
    for (const file of files) fs.writeFileSync(path.join(folder, file.path), file.text);
    const flags = ['-mmcu=atmega328p', '-DF_CPU=16000000L', '-DARDUINO=10819', '-DARDUINO_AVR_UNO', '-DARDUINO_ARCH_AVR', '-DDECIMAL_DIG=__DECIMAL_DIG__', `-I${CORE}/cores/arduino`, `-I${CORE}/variants/standard`];
    const common = ['-c', '-Os', '-ffunction-sections', '-fdata-sections', ...flags];
    const compile = (source: string, strict: boolean): string => {
      const object = path.join(folder, `${path.basename(source)}.o`);
      const warnings = strict ? ['-Wall', '-Wextra', '-Werror'] : ['-w'];
      if (source.endsWith('.c')) execFileSync(gcc, [...common, ...warnings, '-std=gnu11', source, '-o', object], { cwd: folder, stdio: 'pipe' });
      else execFileSync(gxx, [...common, ...warnings, '-std=gnu++11', '-fno-exceptions', '-fno-threadsafe-statics', source, '-o', object], { cwd: folder, stdio: 'pipe' });
      return object;
    };
    const core = fs.readdirSync(path.join(CORE, 'cores/arduino')).filter((name) => /\.(c|cpp)$/.test(name)).map((name) => compile(path.join(CORE, 'cores/arduino', name), false));
    // the core's headers are not free of warnings: ours alone are strict
    const ours = files.filter((file) => /\.(c|cpp)$/.test(file.path)).map((file) => compile(file.path, file.path.endsWith('.c')));
    const elf = path.join(folder, 'sketch.elf');
    execFileSync(gcc, ['-Os', '-Wl,--gc-sections', '-mmcu=atmega328p', '-o', elf, ...ours, ...core, '-lm'], { stdio: 'pipe' });
    const hex = path.join(folder, 'sketch.hex');
    execFileSync(objcopy, ['-O', 'ihex', '-R', '.eeprom', elf, hex]);

    const board = boardWith('avr-simulator');
    const target = board.connect.kind === 'avr-simulator' ? board.connect.upload.target : assert.fail();
    const { link } = simulatedLink();
    await uploadStk500v1(link, readIntelHex(fs.readFileSync(hex, 'utf8')), board.chip, target, quietTask);
    return new Session(link);
  }

  it('compiles with the AVR core, and runs on the simulated Uno', async function () {
    const session = await flashed(this);
    const hello = await session.hello();
    assert.equal(hello.model, 'twice');
    for (const input of fakeInputs(10)) assert.deepEqual((await session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
    await session.close();
  });

  it('a sketch that feeds the model itself tells its results unasked, and answers beside', async function () {
    const session = await flashed(this, `#include <Arduino.h>
#include "tml_app.h"
extern "C" {
#include "tml_model.h"
}
void setup() { tml_app_start(); }
void loop() {
  static uint32_t last;
  tml_app_step();
  if (millis() - last < 20) return;
  last = millis();
  tml_part in = tml_model_input(0);
  for (uint8_t i = 0; i < 8; i++) in.data[i] = i; /* a sensor would stand here */
  tml_app_run();
}
`);
    await session.hello();
    const results = await new Promise<InferResult[]>((resolve) => {
      const seen: InferResult[] = [];
      session.onResult((result) => seen.push(result) === 3 && resolve(seen));
    });
    const expected = bytesOf(fakeModelOutput(Int8Array.from({ length: 8 }, (_, i) => i)));
    for (const { output, us } of results) {
      assert.deepEqual(output, expected);
      assert.ok(us >= 0);
    }
    const [input] = fakeInputs(1);
    assert.deepEqual((await session.infer(bytesOf(input))).output, bytesOf(fakeModelOutput(input)));
    await session.close();
  });
});
