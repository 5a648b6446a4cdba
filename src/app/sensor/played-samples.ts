import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import type { BoardSensor } from '../../device/boards/board';
import { loadDataset } from '../data/dataset';
import { parseWav } from '../data/sound/wav';
import { sensorProblems } from './problems';

/** Codes of int16. */
const [LEAST, MOST] = [-32768, 32767];

/**
 * A file as counts of a sensor, channels in turn: sound, or samples that were recorded, one behind the other. What lies beyond the sensor's range is held at its end.
 * @throws ProblemError where rate or channels are not the sensor's
 */
export async function playedSamples(file: string, { channels, scale, rateHz }: BoardSensor): Promise<Int16Array> {
  const { test } = await loadDataset(file, { whole: true });
  const rate = path.extname(file).toLowerCase() === '.wav' ? parseWav(await fs.readFile(file)).rateHz : undefined;
  if (rate !== undefined && rate !== rateHz.value) throw new ProblemError(sensorProblems.otherRate(file, rate, rateHz.value));
  const { values } = test;
  if (values.length % channels.length) throw new ProblemError(sensorProblems.otherChannels(file, values.length, channels.length));
  return Int16Array.from(values, (value) => Math.max(LEAST, Math.min(MOST, Math.round(value / scale))));
}
