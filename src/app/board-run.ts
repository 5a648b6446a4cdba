import { isCancelled } from '../base/cancel';
import type { Disposable } from '../base/disposable';
import { problemOfUnknown } from '../base/problem';
import type { Turnstile } from '../base/turnstile';
import type { PreparedBoard } from './prepare-board';
import type { BoardRun, RunEvent, RunSummary } from './run-contract';

interface Work {
  readonly opened: PreparedBoard['opened'];
  readonly turnstile: Turnstile;
  readonly onEvent: (event: RunEvent) => void;
  /** What listens to the board; disposed of before the end is told, so that half a line still comes. */
  readonly listening: readonly Disposable[];
  work(): Promise<void>;
  summary(): RunSummary;
  /** Makes `work` end soon. */
  stop(): void;
}

/** Work on a board as others hold it. However it ends, that is told once, and the board is closed; a cancel is no error. */
export function boardRun({ opened, turnstile, onEvent, listening, work, summary, stop }: Work): BoardRun {
  const silence = (): void => listening.forEach((one) => one.dispose());
  const run = async (): Promise<RunSummary> => {
    try {
      await work();
      silence();
      onEvent({ kind: 'closed' });
    } catch (error) {
      silence();
      if (!isCancelled(error)) {
        onEvent({ kind: 'closed', problem: problemOfUnknown(error) });
        throw error;
      }
      onEvent({ kind: 'closed' });
    } finally {
      await opened.close();
    }
    return summary();
  };
  const done = run();
  done.catch(() => {}); // whoever awaits `done` sees the error; nobody has to
  return {
    done,
    hold: () => turnstile.hold(),
    step: () => turnstile.step(),
    go: () => turnstile.go(),
    send: (line) => opened.session.send(new TextEncoder().encode(`${line}\n`)),
    async stop() {
      stop();
      turnstile.go();
      await done.catch(() => {});
    },
  };
}
