import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { AbortLike } from '../../base/rpc';
import { Turnstile } from '../../base/turnstile';
import { bytesOfCounts } from '../../device/protocol/sense-report';
import type { InferResult } from '../../device/protocol/session';
import { pause } from '../../device/uploaders/link-reader';
import { activePower } from '../active-power';
import { boardRun } from '../board-run';
import { tellText } from '../board-text';
import { predictionOf, summaryOf } from '../predictions';
import type { PreparedBoard } from '../prepare-board';
import type { BoardRun, PredictionEvent, RunEvent, SensorRequest } from '../run-contract';
import { sensorProblems } from './problems';
import { samplesEvent, sensorFacts } from './sensor-events';

/** Predictions that the summary is made of, the newest. */
const SUMMARIZED = 1000;

/**
 * A board whose sensor feeds its model: its predictions, and what it measures, until it is stopped. Where a file is played in the
 * sensor's place, until that has ended: then each prediction is compared with the host's for the same window. The board is the
 * caller's to close where this throws.
 */
export async function runOnSensor({ opened, samples, sensor }: PreparedBoard, request: SensorRequest, onEvent: (event: RunEvent) => void): Promise<BoardRun> {
  const { session, board } = opened;
  const abort = new AbortLike();
  const report = await session.sense(sensor!.counts === undefined, abort);
  if (!report.measures && !sensor!.counts) throw new ProblemError(sensorProblems.dead(board.name, sensor!.firmware.sensor.kind));
  const facts = { ...sensorFacts(report), channels: sensor!.firmware.sensor.channels };
  onEvent({ kind: 'sensor', sensor: facts });
  const turnstile = new Turnstile();
  const seen: PredictionEvent[] = [];
  const watts = activePower(board)?.watts;
  let window = 0; // that the next result is of
  const predict = (result: InferResult): void => {
    const sample = samples.samples[window];
    const event = predictionOf(samples, sensor!.counts ? { index: window, expected: sample?.expected } : { index: -1 }, result, watts);
    window++;
    seen.push(event);
    if (!sensor!.counts && seen.length > SUMMARIZED) seen.shift();
    onEvent(event);
  };
  const listening = [tellText(session, onEvent), session.onResult(predict), session.onSamples((told) => onEvent(samplesEvent(told, report.scale)))];
  let stop = (): void => {};
  const ended = new Promise<void>((resolve, reject) => {
    stop = resolve;
    session.onClose((error) => reject(error ?? new CancelledError()));
  });
  ended.catch(() => {});

  const play = async (counts: Int16Array): Promise<void> => {
    const { channels, rateHz } = facts;
    const { hello: { maxPayload } } = opened;
    const chunk = Math.floor(maxPayload / (2 * channels.length)) * channels.length;
    const begun = Date.now();
    for (let at = 0, run = 0; at < counts.length; run++) {
      await turnstile.pass();
      // Up to where the next window is full: each result is then known by its place.
      const end = Math.min(counts.length, (report.window + run * report.hop) * channels.length);
      for (; at < end; at = Math.min(end, at + chunk)) {
        if (abort.aborted) return;
        const part = counts.subarray(at, Math.min(end, at + chunk));
        if (!request.flatOut) await pause(Math.max(0, begun + (1000 * (at + part.length)) / channels.length / rateHz - Date.now()), abort);
        await session.play(bytesOfCounts(part), abort);
        onEvent({ kind: 'samples', values: Float32Array.from(part, (count) => count * report.scale), missed: 0 });
      }
      const full = end === (report.window + run * report.hop) * channels.length;
      if (!full || window > run) continue;
      onEvent({ kind: 'text', text: `The result of window ${run} was lost on the line`, level: 'warning' });
      window = run + 1;
    }
  };

  return boardRun({
    opened, turnstile, onEvent, listening,
    work: () => (sensor!.counts ? play(sensor!.counts) : ended),
    summary: () => summaryOf(seen),
    stop() {
      abort.abort();
      stop();
    },
  });
}
