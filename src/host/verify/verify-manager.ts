import path from 'node:path';
import { CancelledError, isCancelled } from '../../base/cancel';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Log } from '../../base/log';
import { problemOfUnknown } from '../../base/problem';
import type { Progress, Task } from '../../base/progress';
import type { RunDeps } from '../../app/run-contract';
import type { VerifyEvent, VerifyReport, VerifyRequest } from '../../app/verify/verify-contract';
import type { Board } from '../../device/boards/board';
import type { VerifyView } from '../../messages/verify';
import { firmwareLine, stageNames } from '../present/run';
import { presentVerify } from '../present/verify';

export type VerifyOnBoard = (request: VerifyRequest, deps: RunDeps, task: Task, onEvent: (event: VerifyEvent) => void) => Promise<VerifyReport>;

/** One verification at a time, and what its view shows of it. */
export class VerifyManager implements Disposable {
  private readonly changed = new Emitter<VerifyView>();
  readonly onDidChange = this.changed.event;
  private current: VerifyView = { phase: 'idle', text: 'Nothing verified yet' };
  private running: AbortController | undefined;
  private last: { readonly request: VerifyRequest; readonly board: Board } | undefined;
  private lastReport: VerifyReport | undefined;

  constructor(private readonly verify: VerifyOnBoard, private readonly deps: () => RunDeps, private readonly log: Log) {}

  get view(): VerifyView {
    return this.current;
  }

  get lastRequest(): { readonly request: VerifyRequest; readonly board: Board } | undefined {
    return this.last;
  }

  get report(): VerifyReport | undefined {
    return this.lastReport;
  }

  /** @throws CancelledError, ProblemError; the view shows both as well. */
  async start(request: VerifyRequest, board: Board, task: Task): Promise<VerifyReport> {
    this.stop();
    const abort = new AbortController();
    const cancel = (): void => abort.abort();
    task.signal.addEventListener('abort', cancel, { once: true });
    this.running = abort;
    this.last = { request, board };
    this.lastReport = undefined;
    const base = { model: path.basename(request.path), board: board.name };
    this.set({ phase: 'running', text: 'Starting', ...base });
    this.log.write('info', `Verifying ${base.model} on ${board.name}`);
    const progress = (at: Progress): void => {
      task.progress(at);
      if (this.running === abort) this.set({ ...this.current, text: at.total === undefined ? at.stage : `${at.stage}, ${at.done ?? 0} of ${at.total}` });
    };
    try {
      const report = await this.verify(request, this.deps(), { ...task, signal: abort.signal, progress }, (event) => this.running === abort && this.take(event));
      if (abort.signal.aborted) throw new CancelledError();
      this.lastReport = report;
      this.log.write(report.equal ? 'info' : 'warning', `${base.model} on ${board.name}: ${report.verdict}`);
      if (report.first) this.log.write('warning', `Likely cause: ${report.first.cause.title} (${report.first.cause.certainty}). ${report.first.cause.evidence}`);
      this.set({ ...this.current, phase: 'done', text: 'Compared', result: presentVerify(report) });
      return report;
    } catch (error) {
      if (this.running === abort) this.set(isCancelled(error) ? { ...this.current, phase: 'stopped', text: 'Cancelled' } : { ...this.current, phase: 'failed', text: 'Failed', problem: problemOfUnknown(error) });
      throw error;
    } finally {
      task.signal.removeEventListener('abort', cancel);
      if (this.running === abort) this.running = undefined;
    }
  }

  stop(): void {
    this.running?.abort();
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
  }

  private take(event: VerifyEvent): void {
    if (event.kind === 'stage') this.set({ ...this.current, text: stageNames[event.stage] });
    else if (event.kind === 'connected') this.set({ ...this.current, firmware: firmwareLine(event.hello) });
    else if (event.kind === 'text') this.log.write('info', `board: ${event.text}`);
  }

  private set(view: VerifyView): void {
    this.current = view;
    this.changed.fire(view);
  }
}
