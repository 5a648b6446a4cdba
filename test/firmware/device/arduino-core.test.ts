import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { directEngine } from '../../../src/app/engine-direct';
import { bytesOf } from '../../../src/base/bytes';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { firmwareProject, modelSources, type FirmwareFile, type FirmwareModel } from '../../../src/device/firmware/project';
import { Session, type InferResult } from '../../../src/device/protocol/session';
import { readIntelHex } from '../../../src/device/uploaders/intel-hex';
import { uploadStk500v1 } from '../../../src/device/uploaders/stk500v1';
import { root } from '../../support/project';
import { boardWith, programOrSkip, removeTemporaryFolders, skip, temporaryFolder } from './support/boards';
import { fakeInputs, fakeModel, fakeModelFiles, fakeModelOutput } from './support/fake-model';
import { simulatedLink } from './support/simulated-link';

/** Arduino's AVR core as Debian packages it: what arduino-cli would compile the sketch with. */
const CORE = '/usr/share/arduino/hardware/arduino/avr';

describe('the Arduino sketch around a model', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  interface Wanted {
    /** In place of ours. */
    readonly sketch?: string;
    readonly model?: FirmwareModel;
    readonly sources?: readonly FirmwareFile[];
  }

  /** The firmware on a simulated Uno, built as a sketch. */
  async function flashed(context: Mocha.Context, { sketch, model = fakeModel, sources = fakeModelFiles }: Wanted = {}): Promise<Session> {
    const [gcc, gxx, objcopy] = ['avr-gcc', 'avr-g++', 'avr-objcopy'].map((name) => programOrSkip(context, name));
    if (!fs.existsSync(path.join(CORE, 'cores/arduino/main.cpp'))) skip(context, `${CORE} is absent (Debian package arduino-core-avr)`);
    const arduino = boards.find((b) => b.port === 'arduino')!;
    const folder = temporaryFolder();
    const files = [...firmwareProject(arduino, model).files, ...modelSources(sources, model)].map((file) => (file.path === 'firmware.cpp' && sketch ? { ...file, text: sketch } : file));
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
    const session = await flashed(this, { sketch: `#include <Arduino.h>
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
` });
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

  it('with layer reports tells of each layer of a real model what the host computes', async function () {
    const folder = temporaryFolder();
    const path_ = path.join(folder, 'dense.int8.onnx');
    await compressModel({ path: path.join(root, 'samples/digits/digits-dense.onnx'), data: path.join(root, 'samples/digits/digits.npz'), quantize: 'int8', method: [], out: path_ }, quietTask);
    const engine = directEngine();
    const generated = await engine.request('generate', { path: path_, out: path.join(folder, 'c'), isa: 'avr' });
    const { samples: [sample] } = await engine.request('samples', { path: path_, data: path.join(root, 'samples/digits/digits.npz'), limit: 1 });
    const sources = generated.files.map((file) => ({ path: file.path, text: fs.readFileSync(path.join(generated.directory, file.path), 'utf8') }));
    const session = await flashed(this, { model: { name: generated.name, inputs: 1, outputs: 1, trace: generated }, sources });
    await session.hello();
    const { layers: board, output } = await session.trace(sample.input, undefined);
    const { layers: host } = await engine.request('trace', { path: path_, isa: 'avr', inputs: [sample.input] });
    assert.deepEqual(output, sample.expected);
    assert.deepEqual(board.map(({ crc }) => crc), host.map(({ crc }) => crc));
    for (const { index, weights } of host) if (weights.bytes) assert.deepEqual(await session.weightsOf(index), weights);
    await session.close();
  });
});
