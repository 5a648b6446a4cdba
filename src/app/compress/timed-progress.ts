import type { Task } from '../../base/progress';

/** A task whose reports say how long their stage will still take, from how long it has taken so far. */
export function timed(task: Task, now: () => number = Date.now): Task {
  let stage = '';
  let start = 0;
  let first = 0;
  return {
    ...task,
    progress(progress) {
      const { done, total } = progress;
      if (progress.stage !== stage) [stage, start, first] = [progress.stage, now(), done ?? 0];
      // Nothing is known of its pace when a stage begins, wherever it begins.
      const secondsLeft = done !== undefined && total && done > first ? ((now() - start) / 1000 / (done - first)) * (total - done) : undefined;
      task.progress(secondsLeft === undefined ? progress : { ...progress, secondsLeft });
    },
  };
}
