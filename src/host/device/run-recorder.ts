import type { LayerFacts } from '../../app/engine-contract';
import type { PredictionEvent, RunEvent, SensorFacts } from '../../app/run-contract';
import {
  HISTORY_LIMIT, type ConfusionView, type DeviceSnapshot, type DeviceState, type DeviceTotals, type DeviceUpdate, type LayersView, type PredictionView, type TextView,
} from '../../messages/device';
import { LayerRecorder } from './layer-recorder';
import { SeriesRecorder } from './series-recorder';

type LayersEvent = Extract<RunEvent, { kind: 'layers' }>;

/** Pairs of classes that a panel lists. */
const CONFUSIONS = 6;
/** Faster measurements are drawn by their loudness. */
const DRAWN_HZ = 1000;
/** More classes are no table to read. */
const MATRIX_CLASSES = 40;

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
  private counts = { samples: 0, labelled: 0, right: 0, compared: 0, equal: 0 };
  private readonly series = new SeriesRecorder();
  private matrix: number[][] = [];
  private readonly confused = new Map<string, { readonly truth: string; readonly label: string; count: number }>();
  /** Test samples that were read wrong, each once. */
  readonly wrongSamples = new Set<number>();
  private layers: LayerRecorder | undefined;
  private latestLayers: LayersView | undefined;
  private layersAreNew = false;
  private basis = '';
  private arenaBytes = 0;
  labels: readonly string[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** A board answers: what its numbers are of. */
  connect(labels: readonly string[], layers: readonly LayerFacts[], modelledUs: readonly (number | undefined)[], basis: string, arenaBytes: number): void {
    this.labels = labels;
    this.matrix = [];
    this.layers = new LayerRecorder(layers, modelledUs);
    this.basis = basis;
    this.arenaBytes = arenaBytes;
  }

  measure(event: LayersEvent): void {
    if (!this.layers) return;
    this.layers.measure(event.layers);
    const { stackUsed, stackBytes } = event.stack;
    this.latestLayers = this.layers.view(this.basis, this.arenaBytes, stackBytes ? { usedBytes: stackUsed, bytes: stackBytes } : null);
    this.layersAreNew = true;
  }

  predict(event: PredictionEvent): void {
    const { counts } = this;
    counts.samples++;
    if (event.truth !== undefined) counts.labelled++;
    if (event.truth === event.label) counts.right++;
    if (event.equalsHost !== undefined) counts.compared++;
    if (event.equalsHost) counts.equal++;
    this.place(event);
    if (event.truth !== undefined && event.truth !== event.label) this.confuse(event.truth, event.label, event.index);
    this.latencies.push(event.us);
    if (this.latencies.length > LATENCY_WINDOW) this.latencies.shift();
    const { index, label, score, scores, truth, us, equalsHost } = event;
    const view: PredictionView = { number: counts.samples, sample: index, label, score, scores, truth, us, equalsHost, at: this.now() };
    keep(this.history, view);
    keep(this.pendingPredictions, view);
  }

  private place({ truth, label, scores }: PredictionEvent): void {
    if (truth === undefined || scores.length > MATRIX_CLASSES) return;
    if (!this.matrix.length) this.matrix = scores.map(() => new Array<number>(scores.length).fill(0));
    // Classes without a name go by their index.
    const indexOf = (name: string): number => (this.labels.includes(name) ? this.labels.indexOf(name) : Number(name));
    const row = this.matrix[indexOf(truth)];
    const column = indexOf(label);
    if (row && row[column] !== undefined) row[column]++;
  }

  private get shownMatrix(): readonly (readonly number[])[] {
    return this.matrix.map((row) => [...row]);
  }

  private confuse(truth: string, label: string, sample: number): void {
    this.wrongSamples.add(sample);
    const key = `${truth}\n${label}`;
    const known = this.confused.get(key);
    if (known) known.count++;
    else this.confused.set(key, { truth, label, count: 1 });
  }

  print(text: string): void {
    const view: TextView = { text, at: this.now() };
    this.series.take(text, view.at);
    keep(this.lines, view);
    keep(this.pendingTexts, view);
  }

  /** Measurements that end now. Of sound the loudest of each batch: more than is drawn. */
  sample({ channels, unit, rateHz }: SensorFacts, values: Float32Array): void {
    const at = this.now();
    if (rateHz > DRAWN_HZ) return this.series.add(channels[0], unit, at, values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    const count = values.length / channels.length;
    for (let i = 0; i < count; i++) channels.forEach((name, c) => this.series.add(name, unit, at - ((count - 1 - i) * 1000) / rateHz, values[i * channels.length + c]));
  }

  get totals(): DeviceTotals {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    return { ...this.counts, medianUs: quantile(sorted, 0.5), p99Us: quantile(sorted, 0.99), latencySamples: sorted.length };
  }

  private get confusions(): readonly ConfusionView[] {
    return [...this.confused.values()].sort((a, b) => b.count - a.count).slice(0, CONFUSIONS).map((one) => ({ ...one }));
  }

  snapshot(state: DeviceState): DeviceSnapshot {
    return { state, totals: this.totals, labels: this.labels, predictions: [...this.history], texts: [...this.lines], series: this.series.all, confusions: this.confusions, matrix: this.shownMatrix, ...(this.latestLayers ? { layers: this.latestLayers } : {}) };
  }

  /** Everything since the last call. */
  takeUpdate(state: DeviceState): DeviceUpdate {
    const update: DeviceUpdate = { state, totals: this.totals, predictions: this.pendingPredictions, texts: this.pendingTexts, series: this.series.takeNew(), confusions: this.confusions, matrix: this.shownMatrix, ...(this.layersAreNew ? { layers: this.latestLayers } : {}) };
    this.layersAreNew = false;
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
