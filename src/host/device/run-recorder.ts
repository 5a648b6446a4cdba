import { HISTORY_LIMIT, type DeviceSnapshot, type DeviceState, type DeviceTotals, type DeviceUpdate, type PredictionView, type TextView } from '../../messages/device';
import type { PredictionEvent } from '../../app/run-contract';

/** Latest runs that median and p99 are made of: enough to be steady, few enough to follow a change. */
const LATENCY_WINDOW = 1000;

/**
 * What a device panel shows of one run, bounded in memory however long it runs. Collects what came since the last update, so
 * that the panel is told at its own pace and nothing is lost between two updates.
 */
export class RunRecorder {
  private readonly history: PredictionView[] = [];
  private readonly lines: TextView[] = [];
  private readonly latencies: number[] = [];
  private pendingPredictions: PredictionView[] = [];
  private pendingTexts: TextView[] = [];
  private counts = { samples: 0, labelled: 0, right: 0, equal: 0 };
  labels: readonly string[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  predict(event: PredictionEvent): void {
    const { counts } = this;
    counts.samples++;
    if (event.truth !== undefined) counts.labelled++;
    if (event.truth === event.label) counts.right++;
    if (event.equalsHost) counts.equal++;
    this.latencies.push(event.us);
    if (this.latencies.length > LATENCY_WINDOW) this.latencies.shift();
    const { index, label, score, scores, truth, us, equalsHost } = event;
    const view: PredictionView = { number: counts.samples, sample: index, label, score, scores, truth, us, equalsHost, at: this.now() };
    keep(this.history, view);
    keep(this.pendingPredictions, view);
  }

  print(text: string): void {
    const view: TextView = { text, at: this.now() };
    keep(this.lines, view);
    keep(this.pendingTexts, view);
  }

  get totals(): DeviceTotals {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    return { ...this.counts, medianUs: quantile(sorted, 0.5), p99Us: quantile(sorted, 0.99), latencySamples: sorted.length };
  }

  snapshot(state: DeviceState): DeviceSnapshot {
    return { state, totals: this.totals, labels: this.labels, predictions: [...this.history], texts: [...this.lines] };
  }

  /** Everything since the last call. */
  takeUpdate(state: DeviceState): DeviceUpdate {
    const update: DeviceUpdate = { state, totals: this.totals, predictions: this.pendingPredictions, texts: this.pendingTexts };
    this.pendingPredictions = [];
    this.pendingTexts = [];
    return update;
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > HISTORY_LIMIT) list.shift();
}

/** Nearest rank; null for no values. */
function quantile(sorted: readonly number[], part: number): number | null {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] : null;
}
