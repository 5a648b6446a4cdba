import { AbortLike } from '../base/rpc';
import { Turnstile } from '../base/turnstile';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import type { Board } from '../device/boards/board';
import { wrongModel } from '../device/connect/problems';
import { PROTOCOL_VERSION } from '../device/protocol/messages';
import { RESTARTED } from '../device/protocol/problems';
import type { InferResult } from '../device/protocol/session-types';
import { activePower } from './active-power';
import { boardRun } from './board-run';
import { tellText } from './board-text';
import { boardById } from './find-board';
import { layerTimings } from './layer-timings';
import { predictionOf, summaryOf } from './predictions';
import { basisOf, prepareBoard, type PreparedBoard } from './prepare-board';
import type { BoardRun, PredictionEvent, RunDeps, RunEvent, RunRequest, RunStage } from './run-contract';
import { runOnSensor } from './sensor/run-on-sensor';

/** What the cost model says of each layer on this board. */
async function modelledTimes({ path, bindings, memory, calibration }: RunRequest, board: Board, { engine }: RunDeps, task: Task): Promise<(number | undefined)[]> {
  const { layers } = await engine.request('inspect', { path, bindings, memory, board, calibration }, { signal: task.signal });
  return layers.map(({ timeUs }) => timeUs);
}

/** Resets in a row, for one sample: more is firmware that crashes on it. */
const RESTARTS_AT_MOST = 2;

type Sample = PreparedBoard['samples']['samples'][number];

/** Between two runs that tell of their layers: often enough to follow, seldom enough to cost a serial line little. */
const TRACE_INTERVAL_MS = 1000;

/**
 * Generates, builds and flashes firmware for a model, then runs the test samples through the board, each compared with what
 * the host computes. Resolves when the board answers; predictions follow as events.
 */
export async function runOnBoard(request: RunRequest, deps: RunDeps, task: Task, onEvent: (event: RunEvent) => void): Promise<BoardRun> {
  const board = await boardById(request.boardId, deps.workspace);
  const stage = (name: RunStage): void => onEvent({ kind: 'stage', stage: name });

  const prepared = await prepareBoard(request, board, deps, task, onEvent);
  try {
    await announce(request, prepared, deps, task, onEvent);
    stage('run');
    return request.sensor ? await runOnSensor(prepared, request.sensor, onEvent) : stream(prepared, onEvent);
  } catch (error) {
    await prepared.opened.close();
    throw error;
  }
}

/** What runs where: before anything that it says. */
async function announce(request: RunRequest, prepared: PreparedBoard, deps: RunDeps, task: Task, onEvent: (event: RunEvent) => void): Promise<void> {
  const { opened, samples, generated, traced } = prepared;
  const { board } = opened;
  onEvent({ kind: 'stage', stage: 'connect' });
  const { firmware: name, modelHash, arenaBytes, clockHz } = opened.hello;
  const energyBasis = activePower(board)?.basis;
  onEvent({
    kind: 'connected', hello: { protocol: PROTOCOL_VERSION, firmware: name, modelHash, arenaBytes, clockHz }, board: { id: board.id, name: board.name }, labels: samples.labels,
    layers: traced ? generated.layers : [], modelledUs: traced ? await modelledTimes(request, board, deps, task) : [], basis: basisOf(prepared), ...(energyBasis ? { energyBasis } : {}),
  });
}

/** Feeds the samples one after another until all are done, the link is lost, or it is stopped. */
function stream({ opened, samples, traced }: PreparedBoard, onEvent: (event: RunEvent) => void): BoardRun {
  const { session } = opened;
  const abort = new AbortLike();
  const seen: PredictionEvent[] = [];
  const turnstile = new Turnstile();
  let nextTrace = 0;
  const text = tellText(session, onEvent);
  const watts = activePower(opened.board)?.watts;

  const infer = async (sample: Sample): Promise<InferResult> => {
    if (!traced || Date.now() < nextTrace) return session.infer(sample.input, abort);
    const told = await session.trace(sample.input, undefined, abort);
    onEvent({ kind: 'layers', sample: sample.index, layers: layerTimings(told.layers), stack: await session.stack(abort) });
    nextTrace = Date.now() + TRACE_INTERVAL_MS;
    return told;
  };
  /** A board that resets and still runs this model goes on, unless what its model remembered is gone. */
  const overRestarts = async (sample: Sample): Promise<InferResult> => {
    for (let restarts = 0; ; restarts++) {
      try {
        return await infer(sample);
      } catch (error) {
        const restarted = error instanceof ProblemError && error.problem.code === RESTARTED;
        if (!restarted || samples.stateful || restarts === RESTARTS_AT_MOST) throw error;
        const { model, modelHash } = await session.hello(abort);
        if (modelHash !== opened.hello.modelHash) throw new ProblemError(wrongModel(opened.board.name, model, opened.hello.modelHash, modelHash));
        onEvent({ kind: 'text', text: `The board has restarted: sample ${sample.index} is fed again`, level: 'warning' });
      }
    }
  };

  const work = async (): Promise<void> => {
    for (const sample of samples.samples) {
      await turnstile.pass();
      if (abort.aborted) break;
      const result = await overRestarts(sample);
      const event = predictionOf(samples, sample, result, watts);
      seen.push(event);
      onEvent(event);
    }
  };
  return boardRun({ opened, turnstile, onEvent, listening: [text], work, summary: () => summaryOf(seen), stop: () => abort.abort() });
}
