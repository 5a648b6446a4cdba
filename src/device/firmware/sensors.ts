import type { FirmwarePortId } from './ports';
import type { FirmwareFile } from './project';
import imuDriver from './sensors/arduino_imu.cpp';
import pdmDriver from './sensors/arduino_pdm.cpp';
import playedDriver from './sensors/played.c';

/** What stands between a sensor and the application: implements the first part of `app/tml_sensor.h`. */
export interface SensorDriver {
  readonly files: readonly FirmwareFile[];
  /** As Arduino's library index and PlatformIO's registry name them; those of a board's package need no name. */
  readonly libraries: readonly string[];
  /** What its sources are written for; anything where absent. */
  readonly port?: FirmwarePortId;
}

interface ImuCalls {
  readonly library: string;
  /** Includes, and what else stands before the calls. */
  readonly head: readonly string[];
  readonly begin: string;
  readonly hz: string;
  readonly waiting: string;
  readonly read: string;
  /** Measurements that it keeps until they are read. */
  readonly queue: number;
}

/** Calls of one library behind the names that `arduino_imu.cpp` uses. */
const imu = ({ library, head, begin, hz, waiting, read, queue }: ImuCalls): SensorDriver => ({
  port: 'arduino',
  libraries: [library],
  files: [
    { path: 'tml_sensor.cpp', text: imuDriver },
    {
      path: 'tml_sensor_driver.h',
      text: ['/* The accelerometer\'s library. Generated: changes are lost. */', ...head, `#define TML_IMU_BEGIN() (${begin})`, `#define TML_IMU_HZ() (${hz})`, `#define TML_IMU_WAITING() (${waiting})`, `#define TML_IMU_READ(x, y, z) (${read})`, `#define TML_IMU_QUEUE ${queue}`, ''].join('\n'),
    },
  ],
});

/** The interface that Arduino's own libraries share. */
const arduinoImu = (library: string, change: Partial<ImuCalls> = {}): SensorDriver =>
  imu({ library, head: [`#include <${library}.h>`], begin: 'IMU.begin()', hz: 'IMU.accelerationSampleRate()', waiting: 'IMU.accelerationAvailable()', read: 'IMU.readAcceleration(x, y, z)', queue: 1, ...change });

/** Sources of the calls: the headers of these libraries, in their repositories of the same name (arduino-libraries; Seeed-Studio/Seeed_Arduino_LSM6DS3). */
export const sensorDrivers = {
  played: { libraries: [], files: [{ path: 'tml_sensor_played.c', text: playedDriver }] },
  pdm: { port: 'arduino', libraries: [], files: [{ path: 'tml_sensor.cpp', text: pdmDriver }] },
  // Its queue holds 32 (LSM9DS1 datasheet, section 3.3).
  lsm9ds1: arduinoImu('Arduino_LSM9DS1', { begin: 'IMU.begin() && (IMU.setContinuousMode(), 1)', queue: 32 }),
  bmi270: arduinoImu('Arduino_BMI270_BMM150'),
  lsm6dsox: arduinoImu('Arduino_LSM6DSOX'),
  lsm6ds3: imu({
    library: 'Seeed Arduino LSM6DS3',
    head: [
      '#include <LSM6DS3.h>', '#include <Wire.h>',
      'static LSM6DS3 tml_imu(I2C_MODE, 0x6A);',
      'static int tml_imu_begin(void) { tml_imu.settings.accelSampleRate = 104; tml_imu.settings.accelRange = 8; tml_imu.settings.gyroEnabled = 0; return tml_imu.begin() == IMU_SUCCESS; }',
      '/* LSM6DS3TR-C datasheet, STATUS_REG: a new measurement is bit 0. */',
      'static int tml_imu_waiting(void) { uint8_t status = 0; return tml_imu.readRegister(&status, 0x1E) == IMU_SUCCESS && (status & 1); }',
    ],
    begin: 'tml_imu_begin()', hz: '104.0f', waiting: 'tml_imu_waiting()', read: '(x) = tml_imu.readFloatAccelX(), (y) = tml_imu.readFloatAccelY(), (z) = tml_imu.readFloatAccelZ(), 1', queue: 1,
  }),
} as const satisfies Record<string, SensorDriver>;

export type SensorDriverId = keyof typeof sensorDrivers;
