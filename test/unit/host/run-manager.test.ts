import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError, type Problem } from '../../../src/base/problem';
import { quietTask, type Task } from '../../../src/base/progress';
import type { LogLevel } from '../../../src/base/log';
import type { BoardRun, RunDeps, RunEvent, RunRequest, RunSummary } from '../../../src/app/run-contract';
import { boards } from '../../../src/device/boards/index';
import { RunManager, type RunOnBoard } from '../../../src/host/device/run-manager';
import type { DeviceUpdate } from '../../../src/messages/device';

const request: RunRequest = { path: '/models/digits.onnx', boardId: boards[0].id };
const deps = (): RunDeps => ({ engine: { request: () => Promise.reject(new Error('not asked')) }, programs: { avrSimulator: '' }, buildRoot: '', env: {} });
const summary: RunSummary = { samples: 1, labelled: 1, right: 1, compared: 1, equal: 1, medianUs: 5 };
const lost: Problem = { code: 'TINYML-LINK-LOST', severity: 'error', title: 'The board stopped answering', fixes: [{ title: 'Run again' }] };
const connected: RunEvent = { kind: 'connected', hello: { protocol: 1, firmware: '0.1', modelHash: 1, arenaBytes: 100, clockHz: 0 }, board: { id: 'x', name: 'X' }, labels: ['a', 'b'], layers: [], modelledUs: [], basis: '' };
const prediction: RunEvent = { kind: 'prediction', index: 0, label: 'a', score: 1, scores: [1, 0], truth: 'a', us: 5, ticks: 5, equalsHost: true };

/** A board in the test's hands. */
class FakeRun {
  readonly stops: number[] = [];
  emit!: (event: RunEvent) => void;
  task!: Task;
  finish!: (summary: RunSummary) => void;
  fail!: (error: unknown) => void;
  private readonly done = new Promise<RunSummary>((resolve, reject) => {
    this.finish = resolve;
    this.fail = reject;
  });
  constructor(private readonly connectAtOnce = true) {}

  readonly runOnBoard: RunOnBoard = async (_request, _deps, task, onEvent) => {
    this.emit = onEvent;
    this.task = task;
    onEvent({ kind: 'stage', stage: 'build' });
    if (!this.connectAtOnce) await new Promise((_, reject) => task.signal.addEventListener('abort', () => reject(new CancelledError())));
    onEvent(connected);
    return { stop: async () => (this.stops.push(1), this.finish(summary)), send: async () => {}, hold: () => {}, step: () => {}, go: () => {}, done: this.done } satisfies BoardRun;
  };
}

function setUp(run = new FakeRun()): { manager: RunManager; run: FakeRun; phases: string[]; lines: string[]; levels: LogLevel[] } {
  const lines: string[] = [];
  const levels: LogLevel[] = [];
  const manager = new RunManager(run.runOnBoard, deps, { write: (level, line) => (levels.push(level), lines.push(line)) });
  const phases: string[] = [];
  manager.onDidChangeState(({ phase }) => phases[phases.length - 1] !== phase && phases.push(phase));
  return { manager, run, phases, lines, levels };
}

const accelerometer: RunEvent = { kind: 'sensor', sensor: { kind: 'accelerometer', unit: 'g', channels: ['x', 'y'], rateHz: 100, window: 4, hop: 2 } };

describe('RunManager', () => {
  it('records what a sensor measures, draws it, and tells what was lost', async () => {
    const { manager, run, lines, levels } = setUp();
    await manager.start({ ...request, sensor: { id: 'accelerometer' } }, boards[0], quietTask);
    assert.deepEqual([manager.state.canRecord, manager.state.feeds], [false, false]);
    run.emit(accelerometer);
    assert.equal(manager.state.canRecord, true);
    manager.startRecording('up');
    run.emit({ kind: 'samples', values: Float32Array.of(1, 2, 3, 4), missed: 0 });
    run.emit({ kind: 'samples', values: Float32Array.of(5, 6), missed: 7 });
    assert.deepEqual(manager.stopRecording(), { label: 'up', names: ['x', 'y'], rows: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6), rateHz: 100 });
    assert.deepEqual(manager.snapshot.series.map(({ name, unit, points }) => [name, unit, points.map(([, value]) => value)]), [['x', 'g', [1, 3, 5]], ['y', 'g', [2, 4, 6]]]);
    assert.equal(levels[lines.indexOf('7 measurements were lost on the board')], 'warning');
    manager.dispose();
  });

  it('writes what a board logs at its own level, and where energies come from', async () => {
    const { manager, run, lines, levels } = setUp();
    await manager.start(request, boards[0], quietTask);
    run.emit({ kind: 'text', text: 'battery low', level: 'warning' });
    run.emit({ ...connected, energyBasis: 'time measured × 1 mA' } as RunEvent);
    run.emit({ ...prediction, energyUj: 5, equalsHost: undefined } as RunEvent);
    assert.equal(levels[lines.indexOf('board: battery low')], 'warning');
    assert.ok(lines.includes('Energies are time measured × 1 mA'));
    assert.match(lines[lines.length - 1], /5 µs {2}5 µJ {2}truth a$/);
    assert.equal(levels[levels.length - 1], 'info');
    manager.dispose();
  });

  it('goes from preparing over streaming to finished and writes a line per prediction', async () => {
    const { manager, run, phases, lines } = setUp();
    const { done } = await manager.start(request, boards[0], quietTask);
    run.emit(prediction);
    run.finish(summary);
    assert.deepEqual(await done, summary);
    assert.deepEqual(phases, ['preparing', 'streaming', 'finished']);
    assert.ok(lines.some((line) => line.startsWith('#0  a  1.000')), lines.join('\n'));
    manager.dispose();
  });

  it('batches what it tells the panel: many predictions, few updates', async () => {
    const { manager, run } = setUp();
    const updates: DeviceUpdate[] = [];
    manager.onDidUpdate((update) => updates.push(update));
    await manager.start(request, boards[0], quietTask);
    for (let i = 0; i < 200; i++) run.emit(prediction);
    const arrived = new Promise<void>((resolve) => manager.onDidUpdate(({ totals }) => totals.samples === 200 && resolve()));
    await arrived;
    assert.equal(updates.reduce((n, update) => n + update.predictions.length, 0), 200);
    assert.ok(updates.length < 20, `${updates.length} updates`);
    manager.dispose();
  });

  it('shows a lost link with its problem, and rejects', async () => {
    const { manager, run } = setUp();
    const { done } = await manager.start(request, boards[0], quietTask);
    run.emit({ kind: 'closed', problem: lost });
    run.fail(new ProblemError(lost));
    await assert.rejects(done, ProblemError);
    assert.equal(manager.state.phase, 'failed');
    assert.equal(manager.state.text, 'Link lost');
    assert.deepEqual(manager.state.problem, lost);
    manager.dispose();
  });

  it('stops: the board is told once, and the state says so', async () => {
    const { manager, run } = setUp();
    const { done } = await manager.start(request, boards[0], quietTask);
    await Promise.all([manager.stop(), done]);
    assert.deepEqual([run.stops.length, manager.state.phase], [1, 'stopped']);
    manager.dispose();
  });

  it('is cancelled while it prepares', async () => {
    const { manager } = setUp(new FakeRun(false));
    const abort = new AbortController();
    const starting = manager.start(request, boards[0], { ...quietTask, signal: abort.signal });
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await assert.rejects(starting, CancelledError);
    assert.deepEqual([manager.state.phase, manager.state.text], ['stopped', 'Cancelled']);
    manager.dispose();
  });

  it('stops the run before when another is started, and ignores what the old one still says', async () => {
    const first = new FakeRun();
    const second = new FakeRun();
    const runs = [first, second];
    const manager = new RunManager((...args) => runs.shift()!.runOnBoard(...args), deps, { write: () => {} });
    await manager.start(request, boards[0], quietTask);
    await manager.start({ ...request, path: '/models/other.onnx' }, boards[0], quietTask);
    assert.equal(first.stops.length, 1);
    first.emit(prediction);
    first.emit({ kind: 'closed', problem: lost });
    assert.deepEqual([manager.state.phase, manager.state.model, manager.snapshot.totals.samples], ['streaming', 'other.onnx', 0]);
    manager.dispose();
  });

  it('logs a difference from the host as a warning', async () => {
    const { manager, run, lines, levels } = setUp();
    await manager.start(request, boards[0], quietTask);
    run.emit({ ...prediction, equalsHost: false });
    assert.equal(levels[lines.findIndex((line) => line.includes('≠ host'))], 'warning');
    manager.dispose();
  });
});
