import { CancelledError, isCancelled } from '../base/cancel';
import { AbortLike } from '../base/rpc';
import { LineSplitter } from '../base/lines';
import { Turnstile } from '../base/turnstile';
import { problemOfUnknown } from '../base/problem';
import type { Task } from '../base/progress';
import type { Board } from '../device/boards/board';
import { PROTOCOL_VERSION } from '../device/protocol/messages';
import type { InferResult } from '../device/protocol/session-types';
import { boardById } from './find-board';
import { layerTimings } from './layer-timings';
import { predictionOf, summaryOf } from './predictions';
import { basisOf, prepareBoard, type PreparedBoard } from './prepare-board';
import type { BoardRun, PredictionEvent, RunDeps, RunEvent, RunRequest, RunStage, RunSummary } from './run-contract';

/** What the cost model says of each layer on this board. */
async function modelledTimes({ path, bindings, memory, calibration }: RunRequest, board: Board, { engine }: RunDeps, task: Task): Promise<(number | undefined)[]> {
  const { layers } = await engine.request('inspect', { path, bindings, memory, board, calibration }, { signal: task.signal });
  return layers.map(({ timeUs }) => timeUs);
}

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
  const { opened, samples, generated } = prepared;
  stage('connect');
  const { firmware: name, modelHash, arenaBytes, clockHz } = opened.hello;
  onEvent({ kind: 'connected', hello: { protocol: PROTOCOL_VERSION, firmware: name, modelHash, arenaBytes, clockHz }, board: { id: board.id, name: board.name }, labels: samples.labels, layers: prepared.traced ? generated.layers : [], modelledUs: prepared.traced ? await modelledTimes(request, board, deps, task) : [], basis: basisOf(prepared) });
  stage('run');
  return stream(prepared, onEvent);
}

/** Feeds the samples one after another until all are done, the link is lost, or it is stopped. */
function stream({ opened, samples, traced }: PreparedBoard, onEvent: (event: RunEvent) => void): BoardRun {
  const { session } = opened;
  const abort = new AbortLike();
  const seen: PredictionEvent[] = [];
  const lines = new LineSplitter();
  const turnstile = new Turnstile();
  let nextTrace = 0;
  const print = (line: string): void => onEvent({ kind: 'text', text: line });
  const text = session.onText((chunk) => lines.push(chunk).forEach(print));

  const run = async (): Promise<RunSummary> => {
    try {
      for (const sample of samples.samples) {
        await turnstile.pass();
        if (abort.aborted) break;
        let result: InferResult;
        if (traced && Date.now() >= nextTrace) {
          const told = await session.trace(sample.input, undefined, abort);
          onEvent({ kind: 'layers', sample: sample.index, layers: layerTimings(told.layers), stack: await session.stack(abort) });
          nextTrace = Date.now() + TRACE_INTERVAL_MS;
          result = told;
        } else result = await session.infer(sample.input, abort);
        const event = predictionOf(samples, sample, result);
        seen.push(event);
        onEvent(event);
      }
      lines.end().forEach(print);
      onEvent({ kind: 'closed' });
    } catch (error) {
      if (!isCancelled(error)) {
        onEvent({ kind: 'closed', problem: problemOfUnknown(error) });
        throw error;
      }
      onEvent({ kind: 'closed' });
    } finally {
      text.dispose();
      await opened.close();
    }
    return summaryOf(seen);
  };
  const done = run();
  done.catch(() => {}); // whoever awaits `done` sees the error; nobody has to
  return {
    done,
    hold: () => turnstile.hold(),
    step: () => turnstile.step(),
    go: () => turnstile.go(),
    send: (line) => session.send(new TextEncoder().encode(`${line}\n`)),
    async stop() {
      abort.abort();
      turnstile.go();
      await done.catch((error: unknown) => {
        if (error instanceof CancelledError) throw error;
      });
    },
  };
}
