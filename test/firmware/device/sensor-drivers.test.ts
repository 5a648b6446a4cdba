import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { boards } from '../../../src/device/boards';
import { firmwareProject, type FirmwareFile, type FirmwareSensor } from '../../../src/device/firmware/project';
import { sensorDrivers } from '../../../src/device/firmware/sensors';
import { programOrSkip, removeTemporaryFolders, temporaryFolder } from './support/boards';
import { fakeModel, fakeModelFiles } from './support/fake-model';

/** What the drivers call, declared as the headers of these libraries do: wrong names, types and missing includes are found. */
const arduino = `#pragma once
#include <stdint.h>
#include <stddef.h>
extern "C" { uint32_t micros(void); void yield(void); void noInterrupts(void); void interrupts(void); }
struct Stream_ { void begin(long); int read(); size_t write(uint8_t); void flush(); };
extern Stream_ Serial;
`;
const imuOf = (name: string, more: string): string => `#pragma once
class ${name} { public: int begin(); int accelerationAvailable(); int readAcceleration(float &x, float &y, float &z); float accelerationSampleRate(); ${more} };
extern ${name} IMU;
`;
const headers: Readonly<Record<string, string>> = {
  'Arduino.h': arduino,
  'Wire.h': '#pragma once\n',
  'PDM.h': '#pragma once\n#include <stddef.h>\nclass PDMClass { public: int begin(int channels, int sampleRate); int available(); int read(void *buffer, size_t size); void onReceive(void (*)(void)); };\nextern PDMClass PDM;\n',
  'Arduino_LSM9DS1.h': imuOf('LSM9DS1Class', 'void setContinuousMode();'),
  'Arduino_BMI270_BMM150.h': imuOf('BoschSensorClass', ''),
  'Arduino_LSM6DSOX.h': imuOf('LSM6DSOXClass', ''),
  'LSM6DS3.h': `#pragma once
#include <stdint.h>
#define I2C_MODE 0
typedef enum { IMU_SUCCESS, IMU_HW_ERROR } status_t;
struct SensorSettings { uint8_t gyroEnabled; uint16_t accelRange, accelSampleRate; };
class LSM6DS3 { public: SensorSettings settings; LSM6DS3(uint8_t bus, uint8_t address); status_t begin(void); status_t readRegister(uint8_t *to, uint8_t at); float readFloatAccelX(void); float readFloatAccelY(void); float readFloatAccelZ(void); };
`,
};

const WINDOW = 4;
/** The model's header, its input as large as the window asks. */
const modelFor = ({ sensor }: FirmwareSensor): readonly FirmwareFile[] =>
  fakeModelFiles.map((file) => ({ ...file, text: file.text.replace('INPUT_0_ELEMENTS 8', `INPUT_0_ELEMENTS ${WINDOW * sensor.channels.length}`).replace('int8_t *twice_input_0(twice_model *model);', 'int8_t *twice_input_0(twice_model *model);\nint8_t twice_quantize_input_0(float value);') }));

const real = boards.filter(({ kind }) => kind === 'hardware').flatMap((board) => (board.sensors ?? []).map((sensor) => ({ board, sensor })));

function write(files: readonly FirmwareFile[]): string {
  const folder = temporaryFolder();
  for (const { path: file, text } of [...files, ...Object.entries(headers).map(([name, text]) => ({ path: `include/${name}`, text }))]) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

describe('sensors of boards', () => {
  after(removeTemporaryFolders);

  it('every driver that stands for a chip belongs to a board', () => {
    const used = new Set(real.map(({ sensor }) => sensor.driver));
    assert.deepEqual(Object.keys(sensorDrivers).filter((id) => id !== 'played').sort(), [...used].sort());
    for (const { board, sensor } of real) assert.ok(sensor.rateHz.source && sensor.chip, `${board.id} ${sensor.id}`);
  });

  for (const { board, sensor } of real) {
    it(`${board.name}, ${sensor.id} (${sensor.chip}): the sketch compiles without a warning against the documented interface`, function () {
      const [gcc, gxx] = ['arm-none-eabi-gcc', 'arm-none-eabi-g++'].map((name) => programOrSkip(this, name));
      const feeding: FirmwareSensor = { sensor, window: WINDOW, hop: 2, planar: false, quantized: true };
      const project = firmwareProject(board, { ...fakeModel, sensor: feeding });
      assert.deepEqual(project.arduinoLibraries ?? [], [...sensorDrivers[sensor.driver].libraries]);
      const files = [...project.files, ...modelFor(feeding)];
      const folder = write(files);
      const common = ['-mcpu=cortex-m4', '-mthumb', '-Wall', '-Wextra', '-Werror', '-DARDUINO=10819', '-DF_CPU=64000000L', '-Iinclude', '-I.', '-fsyntax-only'];
      const named = (ending: string): string[] => files.map((file) => file.path).filter((name) => name.endsWith(ending));
      execFileSync(gcc, [...common, '-std=gnu17', ...named('.c')], { cwd: folder, stdio: 'pipe' });
      execFileSync(gxx, [...common, '-std=gnu++17', ...named('.cpp')], { cwd: folder, stdio: 'pipe' });
    });
  }

  /** Runs a driver on this computer, its library and the application's side written here. Gives what it printed. */
  function play(context: Mocha.Context, id: 'lsm9ds1' | 'bmi270' | 'pdm', body: string): string[] {
    const gxx = programOrSkip(context, 'g++');
    const { sensor } = real.find((one) => one.sensor.driver === id)!;
    const board = real.find((one) => one.sensor === sensor)!.board;
    const { files } = firmwareProject(board, { ...fakeModel, sensor: { sensor, window: WINDOW, hop: 2, planar: false, quantized: true } });
    const main = `#include <Arduino.h>
#include <stdio.h>
#include "tml_sensor.h"
static uint32_t now_us;
extern "C" { uint32_t micros(void) { return now_us; } void yield(void) {} void noInterrupts(void) {} void interrupts(void) {} }
void tml_sensor_take(const int16_t *counts, uint16_t count) { for (int i = 0; i < count; i++) printf("%d ", counts[i]); printf("taken\\n"); }
void tml_sensor_missed(uint32_t n) { printf("missed %u\\n", (unsigned)n); }
${body}`;
    const folder = write([...files, { path: 'main_test.cpp', text: main }]);
    const program = path.join(folder, 'driver');
    execFileSync(gxx, ['-Wall', '-Iinclude', '-I.', '-DARDUINO=1', 'main_test.cpp', 'tml_sensor.cpp', '-o', program], { cwd: folder, stdio: 'pipe' });
    return execFileSync(program).toString().trim().split('\n');
  }

  it('an accelerometer without a queue: counts of 1/4096 g, held at the ends; what came while the model ran is told as missed', function () {
    const said = play(this, 'bmi270', `#include <Arduino_BMI270_BMM150.h>
BoschSensorClass IMU;
static int waiting;
static float g = 0.5f;
int BoschSensorClass::begin() { return 1; }
int BoschSensorClass::accelerationAvailable() { return waiting; }
int BoschSensorClass::readAcceleration(float &x, float &y, float &z) { waiting = 0; x = g; y = -1.0f; z = 100.0f; return 1; }
float BoschSensorClass::accelerationSampleRate() { return 100.0f; }
int main() {
  printf("%d %u\\n", tml_sensor_start(), (unsigned)tml_sensor_millihz());
  tml_sensor_poll();
  waiting = 1; now_us += 5000; tml_sensor_poll(); tml_sensor_poll();
  waiting = 1; now_us += 45000; g = 1.0f; tml_sensor_poll();
  return 0;
}
`);
    assert.deepEqual(said, ['1 100000', '2048 -4096 32767 taken', 'missed 3', '4096 -4096 32767 taken']);
  });

  it('one with a queue is read until it is empty, and misses only what the queue has no room for', function () {
    const said = play(this, 'lsm9ds1', `#include <Arduino_LSM9DS1.h>
LSM9DS1Class IMU;
static int waiting;
int LSM9DS1Class::begin() { return 1; }
void LSM9DS1Class::setContinuousMode() { printf("queue\\n"); }
int LSM9DS1Class::accelerationAvailable() { return waiting > 0; }
int LSM9DS1Class::readAcceleration(float &x, float &y, float &z) { waiting--; x = y = z = 0; return 1; }
float LSM9DS1Class::accelerationSampleRate() { return 100.0f; }
int main() {
  tml_sensor_start();
  waiting = 3; now_us += 31000; tml_sensor_poll();
  now_us += 400000; tml_sensor_poll();
  return 0;
}
`);
    assert.deepEqual(said, ['queue', '0 0 0 taken', '0 0 0 taken', '0 0 0 taken', 'missed 8']);
  });

  it('a microphone: what its interrupt queues comes in order; behind a full queue nothing is taken until the gap is told', function () {
    const said = play(this, 'pdm', `#include <PDM.h>
PDMClass PDM;
static void (*handler)(void);
static int ready;
static int16_t next;
int PDMClass::begin(int channels, int rate) { printf("%d channel, %d Hz\\n", channels, rate); return 1; }
int PDMClass::available() { return ready * 2; }
int PDMClass::read(void *to, size_t bytes) { for (size_t i = 0; i < bytes / 2; i++) ((int16_t *)to)[i] = next++; return (int)bytes; }
void PDMClass::onReceive(void (*f)(void)) { handler = f; }
int main() {
  tml_sensor_start();
  ready = 3; handler(); tml_sensor_poll(); tml_sensor_poll();
  ready = 4000; handler(); ready = 100; handler(); handler();
  for (int i = 0; i < 18; i++) tml_sensor_poll();
  ready = 2; handler(); tml_sensor_poll();
  return 0;
}
`);
    assert.equal(said[0], '1 channel, 16000 Hz');
    assert.equal(said[1], '0 1 2 taken');
    const between = said.slice(2, -2).flatMap((line) => line.replace(' taken', '').split(' ').map(Number));
    assert.deepEqual(between, Array.from({ length: 4096 }, (_, i) => i + 3));
    assert.deepEqual(said.slice(-2), ['missed 104', '4203 4204 taken']);
  });
});
