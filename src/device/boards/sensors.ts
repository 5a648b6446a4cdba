import type { BoardSensor, Sourced } from './board';

/** Counts of 1/4096 g: 8 g to either side, as much as these libraries set up or more. */
const accelerometer = { kind: 'accelerometer', channels: ['x', 'y', 'z'], unit: 'g', scale: 1 / 4096 } as const;
/** As sound is read from .wav: from -1 to 1. */
const microphone = { id: 'microphone', kind: 'microphone', channels: ['sound'], unit: '', scale: 1 / 32768 } as const;
const from = (value: number, source: string): Sourced => ({ value, source });

export const lsm9ds1: BoardSensor = { ...accelerometer, id: 'accelerometer', chip: 'LSM9DS1', driver: 'lsm9ds1', rateHz: from(119, 'arduino-libraries/Arduino_LSM9DS1, src/LSM9DS1.cpp: begin() sets 119 Hz') };
export const bmi270: BoardSensor = { ...accelerometer, id: 'accelerometer-rev2', chip: 'BMI270', driver: 'bmi270', rateHz: from(100, 'arduino-libraries/Arduino_BMI270_BMM150, src/BMI270.cpp: 100 Hz; firmware tells what the library says') };
export const lsm6dsox: BoardSensor = { ...accelerometer, id: 'accelerometer', chip: 'LSM6DSOX', driver: 'lsm6dsox', rateHz: from(104, 'arduino-libraries/Arduino_LSM6DSOX 1.1: 104 Hz; firmware tells what the library says') };
export const lsm6ds3tr: BoardSensor = { ...accelerometer, id: 'accelerometer', chip: 'LSM6DS3TR-C', driver: 'lsm6ds3', rateHz: from(104, 'set by firmware/sensors.ts') };
export const pdmMicrophone = (chip: string): BoardSensor => ({ ...microphone, chip, driver: 'pdm', rateHz: from(16_000, 'arduino/ArduinoCore-mbed, libraries/PDM, examples: 16 kHz, one channel') });

/** Of boards without any: a file is played over the link. The rates are those of the boards above. */
export const playedSensors: readonly BoardSensor[] = [
  { ...accelerometer, id: 'accelerometer', chip: '', driver: 'played', rateHz: from(119, 'that of an LSM9DS1 behind Arduino_LSM9DS1') },
  { ...microphone, chip: '', driver: 'played', rateHz: from(16_000, 'that of a PDM microphone behind Arduino\'s PDM library') },
];
