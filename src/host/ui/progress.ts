import * as vscode from 'vscode';
import { isCancelled } from '../../base/cancel';
import type { Log } from '../../base/log';
import type { Progress, Task } from '../../base/progress';

/** `Calibrating… 12 of 60` */
export function stageText({ stage, done, total }: Progress): string {
  if (done === undefined) return `${stage}…`;
  return total === undefined ? `${stage}… ${done}` : `${stage}… ${done} of ${total}`;
}

/** Runs `work` under a notification that can be cancelled; undefined where the user did so. */
export function withTask<T>(title: string, log: Log, work: (task: Task) => Promise<T>): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (view, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      try {
        return await work({ signal: abort.signal, log, progress: (progress) => view.report({ message: stageText(progress) }) });
      } catch (error) {
        if (!isCancelled(error)) throw error;
        log.write('info', `${title}: cancelled`);
        return undefined;
      }
    }),
  );
}
