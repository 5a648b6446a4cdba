import assert from 'node:assert/strict';
import { timed } from '../../../../src/app/compress/timed-progress';
import { quietTask, type Progress } from '../../../../src/base/progress';

describe('time left of a stage', () => {
  it('follows from its pace since it began, wherever it began', () => {
    const seen: (number | undefined)[] = [];
    let ms = 0;
    const task = timed({ ...quietTask, progress: (progress: Progress) => void seen.push(progress.secondsLeft) }, () => ms);
    const report = (stage: string, done: number, at: number): void => {
      ms = at;
      task.progress({ stage, done, total: 10 });
    };
    report('a', 0, 1000);
    report('a', 5, 6000);
    report('a', 8, 9000);
    report('b', 4, 10_000);
    report('b', 6, 14_000);
    ms = 15_000;
    task.progress({ stage: 'c' });
    assert.deepEqual(seen, [undefined, 5, 2, undefined, 8, undefined]);
  });
});
