import type { Task } from '../../base/progress';

/** A task whose reports say how long their stage will still take, from how long it has taken so far. */
export function timed(task: Task, now: () => number = Date.now): Task {
  let stage = '';
  let start = 0;
  return {
    ...task,
    progress(progress) {
      if (progress.stage !== stage) [stage, start] = [progress.stage, now()];
      const { done, total } = progress;
      const secondsLeft = done && total ? ((now() - start) / 1000 / done) * (total - done) : undefined;
      task.progress(secondsLeft === undefined ? progress : { ...progress, secondsLeft });
    },
  };
}
