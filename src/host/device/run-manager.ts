import path from 'node:path';
import { CancelledError, isCancelled } from '../../base/cancel';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Log } from '../../base/log';
import { problemOfUnknown, ProblemError, type Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import { formatBytes, formatCount } from '../../base/units';
import { FrameRecorder, type Recording } from '../../app/record/frame-recorder';
import { sensorLine } from '../../app/sensor/sensor-line';
import type { BoardRun, RunDeps, RunEvent, RunRequest, RunSummary, SensorFacts } from '../../app/run-contract';
import type { Board } from '../../device/boards/board';
import type { DeviceSnapshot, DeviceState, DeviceUpdate } from '../../messages/device';
import { firmwareLine, predictionLine, stageNames, summaryLine } from '../present/run';
import { noBoardRuns } from '../problems';
import { RunRecorder } from './run-recorder';

/** 30 updates a second: more is not seen, and each costs a message to the webview. */
const UPDATE_INTERVAL_MS = 1000 / 30;

const idle: DeviceState = { phase: 'idle', text: 'No run yet' };

export type RunOnBoard = (request: RunRequest, deps: RunDeps, task: Task, onEvent: (event: RunEvent) => void) => Promise<BoardRun>;

/** What a run shows of its board; a port that is listened to has a name only. */
export type RunBoard = Pick<Board, 'id' | 'name' | 'kind'>;

export interface StartedRun {
  readonly model: string;
  readonly board: RunBoard;
  /** Settles when the run ends, with what was seen; rejects with the problem that ended it. */
  readonly done: Promise<RunSummary>;
}

/** One run at a time: starting another stops the one before. Tells status bar, device panel and output channel. */
export class RunManager implements Disposable {
  private readonly stateChanged = new Emitter<DeviceState>();
  private readonly updated = new Emitter<DeviceUpdate>();
  private readonly started = new Emitter<DeviceSnapshot>();
  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidUpdate = this.updated.event;
  readonly onDidStart = this.started.event;

  private current: DeviceState = idle;
  private recorder = new RunRecorder();
  private readonly frames = new FrameRecorder();
  private sensor: SensorFacts | undefined;
  private missed = 0;
  private isFullTold = false;
  private run: BoardRun | undefined;
  private timer: NodeJS.Timeout | undefined;
  private due = 0;
  private last: { request: RunRequest; board: RunBoard } | undefined;
  private preparing: AbortController | undefined;

  constructor(private readonly runOnBoard: RunOnBoard, private readonly deps: () => RunDeps, private readonly log: Log) {}

  get state(): DeviceState {
    return this.current;
  }

  get snapshot(): DeviceSnapshot {
    return this.recorder.snapshot(this.current);
  }

  /** For a panel that opens: everything, so that the next update begins behind it. */
  attach(): DeviceSnapshot {
    const snapshot = this.snapshot;
    this.recorder.takeUpdate(this.current);
    return snapshot;
  }

  get lastRequest(): { readonly request: RunRequest; readonly board: RunBoard } | undefined {
    return this.last;
  }

  /** Resolves when the board answers; the run goes on by itself. Cancelling the task stops what is under way. */
  async start(request: RunRequest, board: RunBoard, task: Task): Promise<StartedRun> {
    await this.stop();
    const model = path.basename(request.path);
    const abort = new AbortController();
    const cancel = (): void => abort.abort();
    task.signal.addEventListener('abort', cancel, { once: true });
    this.last = { request, board };
    this.recorder = new RunRecorder();
    [this.sensor, this.missed] = [undefined, 0];
    this.preparing = abort;
    this.setState({ phase: 'preparing', text: 'Starting', board: { id: board.id, name: board.name, simulated: board.kind === 'simulated' }, model, feeds: board.id !== '' && (!request.sensor || request.data !== undefined), canRecord: !board.id, recording: this.frames.currentLabel });
    this.started.fire(this.snapshot);
    this.log.write('info', model ? `${model} on ${board.name}` : board.name);
    try {
      const run = await this.runOnBoard(request, this.deps(), { ...task, signal: abort.signal }, (event) => this.preparing === abort && this.take(event, task));
      if (abort.signal.aborted) {
        await run.stop();
        throw new CancelledError();
      }
      this.run = run;
      return { model, board, done: this.follow(run, abort, model, board) };
    } catch (error) {
      this.end(error);
      throw error;
    } finally {
      task.signal.removeEventListener('abort', cancel);
    }
  }

  /** Idempotent; resolves when port and processes are free. */
  async stop(): Promise<void> {
    this.preparing?.abort();
    if (!this.run) return;
    this.setState({ ...this.current, held: false, phase: 'stopping', text: 'Stopping' });
    await this.run.stop();
    await this.run?.done.catch(() => undefined);
  }

  get isRecording(): boolean {
    return this.frames.isRecording;
  }

  startRecording(label: string): void {
    this.frames.start(label);
    this.isFullTold = false;
    this.setState({ ...this.current, recording: label });
    this.log.write('info', `Recording "${label}"`);
  }

  /** @throws ProblemError where nothing was recorded */
  stopRecording(): Recording {
    this.setState({ ...this.current, recording: undefined });
    return this.frames.stop();
  }

  /** Feeds no more samples, one more, or all of them again. */
  feed(how: 'hold' | 'step' | 'go'): void {
    if (!this.run || this.current.phase !== 'streaming') return;
    this.run[how]();
    const held = how !== 'go';
    this.setState({ ...this.current, held, text: held ? 'Held' : stageNames.run });
  }

  /** A line of text to the board. @throws Error where none runs */
  async send(text: string): Promise<void> {
    if (!this.run) throw new ProblemError(noBoardRuns());
    await this.run.send(text);
    this.log.write('info', `sent: ${text}`);
  }

  /** Test samples that the board read wrong in the run that is shown. */
  get wrongSamples(): readonly number[] {
    return [...this.recorder.wrongSamples];
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.preparing?.abort();
    void this.run?.stop();
    for (const emitter of [this.stateChanged, this.updated, this.started]) emitter.dispose();
  }

  private async follow(run: BoardRun, abort: AbortController, model: string, board: RunBoard): Promise<RunSummary> {
    try {
      const summary = await run.done;
      const stopped = this.current.phase === 'stopping';
      if (this.preparing === abort) this.setState({ ...this.current, held: false, phase: stopped ? 'stopped' : 'finished', text: stopped ? 'Stopped' : 'Finished' });
      this.log.write('info', summaryLine(model, board.name, summary));
      return summary;
    } catch (error) {
      if (this.preparing === abort) this.end(error);
      throw error;
    } finally {
      if (this.run === run) this.run = undefined;
    }
  }

  private take(event: RunEvent, task: Task): void {
    switch (event.kind) {
      case 'stage':
        task.progress({ stage: stageNames[event.stage] });
        this.setState({ ...this.current, text: stageNames[event.stage] });
        break;
      case 'built':
        this.log.write('info', `Firmware: ${formatBytes(event.flashBytes)} flash, ${formatBytes(event.ramBytes)} RAM`);
        break;
      case 'connected':
        this.recorder.connect(event.labels, event.layers, event.modelledUs, event.basis, event.hello.arenaBytes);
        this.log.write('info', `Connected to ${event.board.name}: ${firmwareLine(event.hello)}`);
        if (event.energyBasis) this.log.write('info', `Energies are ${event.energyBasis}`);
        this.setState({ ...this.current, phase: 'streaming', text: stageNames.run, firmware: firmwareLine(event.hello) });
        this.started.fire(this.snapshot);
        break;
      case 'prediction':
        this.recorder.predict(event);
        this.log.write(event.equalsHost === false ? 'warning' : 'info', predictionLine(event));
        this.schedule();
        break;
      case 'layers':
        this.recorder.measure(event);
        this.schedule();
        break;
      case 'link':
        this.log.write(event.state === 'lost' ? 'warning' : 'info', event.text);
        this.setState({ ...this.current, phase: event.state === 'live' ? 'streaming' : event.state === 'paused' ? 'preparing' : 'failed', text: event.text });
        break;
      case 'text':
        this.frames.take(event.text);
        this.tellFull();
        this.recorder.print(event.text);
        this.log.write(event.level ?? 'info', `board: ${event.text}`);
        this.schedule();
        break;
      case 'sensor':
        this.sensor = event.sensor;
        this.log.write('info', sensorLine(event.sensor));
        this.setState({ ...this.current, canRecord: true });
        break;
      case 'samples':
        if (!this.sensor) break;
        this.frames.takeRows(this.sensor.channels, this.sensor.rateHz, event.values);
        this.tellFull();
        this.recorder.sample(this.sensor, event.values);
        this.tellMissed(event.missed);
        this.schedule();
        break;
      case 'closed':
        if (event.problem) this.fail(event.problem);
    }
  }

  private tellFull(): void {
    if (this.isFullTold || !this.frames.isRecording || !this.frames.isFull) return;
    this.isFullTold = true;
    this.log.write('warning', 'No more fits into this recording: stop it and save what there is');
  }

  /** Since the board's start: told where it has grown. */
  private tellMissed(missed: number): void {
    if (missed > this.missed) this.log.write('warning', `${formatCount(missed - this.missed)} measurements were lost on the board`);
    this.missed = missed;
  }

  private end(error: unknown): void {
    if (isCancelled(error)) this.setState({ ...this.current, phase: 'stopped', text: 'Cancelled' });
    else this.fail(error instanceof ProblemError ? error.problem : problemOfUnknown(error));
  }

  private fail(problem: Problem): void {
    this.setState({ ...this.current, phase: 'failed', text: this.current.phase === 'streaming' ? 'Link lost' : 'Failed', problem });
  }

  private setState(state: DeviceState): void {
    // The first reason stays: what follows a lost link is its consequence.
    if (this.current.phase === 'failed' && state.phase === 'failed' && this.current.model === state.model && this.current.problem) return;
    this.current = state;
    this.stateChanged.fire(state);
    this.schedule();
  }

  private schedule(): void {
    if (this.timer) return;
    const now = Date.now();
    // From when the last one was due, not from when it came: timers are late, and 30 a second stay 30.
    this.due = Math.max(now, this.due + UPDATE_INTERVAL_MS);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.updated.fire(this.recorder.takeUpdate(this.current));
    }, this.due - now);
  }
}
