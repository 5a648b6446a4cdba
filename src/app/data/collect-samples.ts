import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import { elementCount } from '../../engine/ir/dtype';
import type { FileSample } from './sample-files';

/** Files that are read at the same time: enough to keep a disk busy. */
const AT_ONCE = 8;
/** Numbers that a data set may hold: a gibibyte of them. */
const MOST_NUMBERS = 2 ** 28;

export interface Collected {
  readonly sampleShape: readonly number[];
  readonly values: Float32Array;
}

/** The samples of a list of files, read a few at a time; all must have one shape and, of sound, one rate. */
export async function collectSamples(names: readonly string[], read: (index: number) => Promise<FileSample>, fail: (why: string) => never, task: Task): Promise<Collected> {
  let first: FileSample | undefined;
  let values = new Float32Array(0);
  for (let from = 0; from < names.length; from += AT_ONCE) {
    throwIfCancelled(task.signal);
    task.progress({ stage: 'Reading samples', done: from, total: names.length });
    const batch = await Promise.all(names.slice(from, from + AT_ONCE).map((_, i) => read(from + i)));
    for (const [i, { shape, data, rateHz }] of batch.entries()) {
      if (!first) {
        first = batch[0];
        const numbers = elementCount(shape) * names.length;
        if (numbers > MOST_NUMBERS) return fail(`${names.length} samples of ${shape.join('×')} numbers take ${(numbers / 2 ** 28).toFixed(1)} GiB; expected at most 1 GiB. A part of them is enough to calibrate with.`);
        values = new Float32Array(numbers);
      }
      const name = names[from + i];
      if (shape.join() !== first.shape.join()) return fail(`${name} is ${shape.join('×')}, ${names[0]} ${first.shape.join('×')}; samples must have one size.${rateHz ? ' Sound can be given one: --pad-or-cut.' : ''}`);
      if (rateHz !== first.rateHz) return fail(`${name} has ${rateHz} samples a second, ${names[0]} ${first.rateHz}; say which rate the model takes (--rate), and let others be converted (--resample).`);
      values.set(Float32Array.from(data), (from + i) * elementCount(shape));
    }
  }
  return { sampleShape: first?.shape ?? [], values };
}
