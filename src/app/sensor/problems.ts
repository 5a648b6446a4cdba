import type { Problem } from '../../base/problem';
import { formatCount } from '../../base/units';

export const sensorProblems = {
  unknown: (board: string, wanted: string, known: readonly string[]): Problem => ({
    code: 'TINYML-SENSOR-UNKNOWN', severity: 'error', title: known.length ? `${board} has no sensor "${wanted}"` : `${board} has no sensor that is known`,
    detail: known.length ? `It has: ${known.join(', ')}.` : 'A sketch with a sensor of its own writes the model\'s inputs itself and calls tml_app_run().',
    fixes: [{ title: known.length ? `Choose ${known[0]}` : 'Choose a board that has one' }],
  }),
  otherInput: (sensor: string, channels: number, shape: readonly number[], dtype: string): Problem => ({
    code: 'TINYML-SENSOR-INPUT', severity: 'error', title: `The ${sensor} does not fill this model's input`,
    detail: `A measurement has ${formatCount(channels)} ${channels === 1 ? 'number' : 'numbers'}; the input is ${shape.join('×')}, ${dtype}. It must be real numbers or codes with a scale, and hold whole measurements.`,
    fixes: [{ title: 'Choose a model that takes the sensor\'s measurements as they are, without features computed before' }],
  }),
  badHop: (hop: number, window: number): Problem => ({
    code: 'TINYML-SENSOR-HOP', severity: 'error', title: `A run every ${formatCount(hop)} measurements leaves gaps: a window has ${formatCount(window)}`,
    fixes: [{ title: `Give a number from 1 to ${formatCount(window)}` }],
  }),
  nothingToPlay: (board: string, sensor: string): Problem => ({
    code: 'TINYML-SENSOR-PLAY', severity: 'error', title: `${board} has no ${sensor} of its own: a file is played in its place`,
    detail: 'A .wav for sound; a .csv or .npz for other measurements, such as was recorded.',
    fixes: [{ title: 'Name the file (--data)' }, { title: 'Choose a board that has this sensor' }],
  }),
  otherRate: (path: string, found: number, wanted: number): Problem => ({
    code: 'TINYML-SENSOR-RATE', severity: 'error', title: `This file has ${formatCount(found)} samples a second, the sensor ${formatCount(wanted)}`, where: { path },
    fixes: [{ title: `Convert it: ffmpeg -i in.wav -ar ${wanted} out.wav` }],
  }),
  otherChannels: (path: string, values: number, channels: number): Problem => ({
    code: 'TINYML-SENSOR-CHANNELS', severity: 'error', title: `${formatCount(values)} numbers are no whole measurements of ${channels} channels`, where: { path },
    fixes: [{ title: 'Play a file with the sensor\'s channels, in its order' }],
  }),
  tooShort: (path: string, measurements: number, window: number): Problem => ({
    code: 'TINYML-SENSOR-SHORT', severity: 'error', title: `${formatCount(measurements)} measurements are less than one window of ${formatCount(window)}`, where: { path },
    fixes: [{ title: 'Play a longer file' }],
  }),
  otherFramework: (board: string, sensor: string): Problem => ({
    code: 'TINYML-SENSOR-FRAMEWORK', severity: 'error', title: `The ${sensor} of ${board} is read through an Arduino library; what was found here builds without Arduino`,
    fixes: [{ title: 'Install arduino-cli', url: 'https://arduino.github.io/arduino-cli/latest/installation/' }, { title: 'Or PlatformIO, where it knows the board' }],
  }),
  dead: (board: string, sensor: string): Problem => ({
    code: 'TINYML-SENSOR-DEAD', severity: 'error', title: `The ${sensor} of ${board} does not answer`,
    detail: 'Its library could not start it. Boards of one name may be sold with and without sensors, or with others in a later revision.',
    fixes: [{ title: 'Choose the sensor of your revision of the board' }],
  }),
};
