import { scoreBar } from '../../base/score-bar';
import { formatBytes, formatCount, formatEnergyUj, formatPercent, formatTimeUs } from '../../base/units';
import type { HelloReport, PredictionEvent, RunStage, RunSummary } from '../../app/run-contract';

export const stageNames: Readonly<Record<RunStage, string>> = {
  generate: 'Generating C',
  build: 'Building firmware',
  flash: 'Flashing',
  connect: 'Connecting',
  run: 'Streaming',
};

/** `#12  3  0.996 ██████████  214 µs  3.34 µJ  truth 3  = host`; the channel adds the time in front. */
export function predictionLine(event: PredictionEvent): string {
  const truth = event.truth === undefined ? undefined : `truth ${event.truth}${event.truth === event.label ? '' : ' ✗'}`;
  const host = event.equalsHost === undefined ? undefined : event.equalsHost ? '= host' : '≠ host';
  const energy = event.energyUj === undefined ? undefined : formatEnergyUj(event.energyUj);
  return [event.index < 0 ? undefined : `#${event.index}`, event.label, `${event.score.toFixed(3)} ${scoreBar(event.score)}`, formatTimeUs(event.us), energy, truth, host].filter(Boolean).join('  ');
}

/** `digits.int8.onnx on This computer: 57 of 60 right (95.0 %), 60 of 60 equal to the host, median 12.3 µs` */
export function summaryLine(model: string, board: string, summary: RunSummary): string {
  const parts = [
    summary.labelled ? `${formatCount(summary.right)} of ${formatCount(summary.labelled)} right (${formatPercent(summary.right / summary.labelled)})` : undefined,
    summary.compared || !summary.samples ? `${formatCount(summary.equal)} of ${formatCount(summary.compared)} equal to the host` : `${formatCount(summary.samples)} predictions`,
    summary.samples ? `median ${formatTimeUs(summary.medianUs)}` : undefined,
  ];
  return `${model} on ${board}: ${parts.filter(Boolean).join(', ')}`;
}

/** `firmware 0.1.0 · model 9f3c·e1a7 · arena 4.1 KiB · 16 MHz` */
export function firmwareLine(hello: HelloReport): string {
  const hash = (hello.modelHash >>> 0).toString(16).padStart(8, '0');
  const clock = hello.clockHz ? `${hello.clockHz / 1e6} MHz` : undefined;
  return [`firmware ${hello.firmware}`, `model ${hash.slice(0, 4)}·${hash.slice(4)}`, `arena ${formatBytes(hello.arenaBytes)}`, clock].filter(Boolean).join(' · ');
}
