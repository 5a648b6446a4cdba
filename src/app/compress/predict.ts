import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import { realValues } from '../../engine/ir/tensor';
import { Interpreter } from '../../engine/verify/interpret';
import { sampleAt, spread, type SampleArray } from '../data/samples';
import { inputOf } from '../load-samples';
import type { OpenModel } from '../model-file';

/** Samples between two looks at the cancel flag and two reports. */
const STRIDE = 8;

/** Without labels so many samples say how alike two models are. */
const UNLABELLED = 64;

/** Test samples whose results are compared: all that have labels, a part of others. */
export const compared = (test: SampleArray): SampleArray => (test.labels ? test : spread(test, UNLABELLED));

/**
 * Output of each test sample by the reference interpreter: the arithmetic of the generated C on both sides, so that the
 * difference is that of the models alone.
 */
export async function results(open: OpenModel, test: SampleArray, stage: string, task: Task): Promise<Float64Array[]> {
  const interpreter = new Interpreter(open.lowered);
  const outputs: Float64Array[] = [];
  for (let index = 0; index < test.count; index++) {
    if (index % STRIDE === 0) {
      task.progress({ stage, done: index, total: test.count });
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(task.signal);
    }
    const [output] = interpreter.run([inputOf(open.lowered, sampleAt(test, index))]);
    outputs.push(realValues(output));
  }
  return outputs;
}
