import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import { realValues } from '../../engine/ir/tensor';
import { Interpreter } from '../../engine/verify/interpret';
import { argmax } from '../accuracy';
import { sampleAt, type SampleArray } from '../data/samples';
import { inputOf } from '../load-samples';
import type { OpenModel } from '../model-file';

/** Samples between two looks at the cancel flag and two reports. */
const STRIDE = 8;

/**
 * Class of each labelled test sample by the reference interpreter: the arithmetic of the generated C on both sides, so that
 * the difference is the quantization's alone. Empty where there are no labels.
 */
export async function predictions(open: OpenModel, test: SampleArray, stage: string, task: Task): Promise<number[]> {
  if (!test.labels) return [];
  const interpreter = new Interpreter(open.lowered);
  const result: number[] = [];
  for (let index = 0; index < test.count; index++) {
    if (index % STRIDE === 0) {
      task.progress({ stage, done: index, total: test.count });
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(task.signal);
    }
    const [output] = interpreter.run([inputOf(open.lowered, sampleAt(test, index))]);
    result.push(argmax(realValues(output)));
  }
  return result;
}
