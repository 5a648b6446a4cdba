import { ProblemError } from '../../base/problem';
import { seriesOf } from '../../device/protocol/series';
import { recordProblems } from './problems';

/** What was recorded under one label: rows of numbers, one for each measurement or line of numbers. */
export interface Recording {
  readonly label: string;
  readonly names: readonly string[];
  readonly rows: number;
  /** Row by row. */
  readonly values: Float32Array;
  /** Rows a second, where the board tells. */
  readonly rateHz?: number;
}

/** 256 MiB, more than an hour of sound at 16 kHz: beyond that it is a recording that nobody stopped. */
const MOST_VALUES = 2 ** 26;
const PIECE = 2 ** 16;

/** Captures what a board measures or prints, from `start` to `stop`. What comes first says what a row has. */
export class FrameRecorder {
  private label: string | undefined;
  private names: readonly string[] = [];
  private rateHz: number | undefined;
  private pieces: Float32Array[] = [];
  private length = 0;

  constructor(private readonly mostValues = MOST_VALUES) {}

  get isRecording(): boolean {
    return this.label !== undefined;
  }

  /** No more is taken: what follows is lost. */
  get isFull(): boolean {
    return this.length + this.names.length > this.mostValues;
  }

  get count(): number {
    return this.names.length ? this.length / this.names.length : 0;
  }

  get currentLabel(): string | undefined {
    return this.label;
  }

  start(label: string): void {
    [this.label, this.names, this.rateHz, this.pieces, this.length] = [label, [], undefined, [], 0];
  }

  /** Lines of other series, and those that are none, belong to no row. */
  take(line: string): void {
    if (this.label === undefined) return;
    const points = seriesOf(line);
    if (points.length) this.takeRows(points.map(({ name }) => name), undefined, points.map(({ value }) => value));
  }

  /** Whole measurements of a sensor, channels in turn. */
  takeRows(names: readonly string[], rateHz: number | undefined, values: ArrayLike<number>): void {
    if (this.label === undefined) return;
    if (!this.names.length) [this.names, this.rateHz] = [names, rateHz];
    if (names.join('\n') !== this.names.join('\n')) return;
    for (let row = 0; row + names.length <= values.length && !this.isFull; row += names.length) {
      for (let i = 0; i < names.length; i++) this.put(values[row + i]);
    }
  }

  /** @throws ProblemError where nothing carried numbers */
  stop(): Recording {
    const { label = '', names, rateHz, count, length, pieces } = this;
    this.label = undefined;
    this.pieces = [];
    if (!count) throw new ProblemError(recordProblems.nothing());
    const values = new Float32Array(length);
    pieces.forEach((piece, i) => values.set(piece.subarray(0, Math.min(PIECE, length - i * PIECE)), i * PIECE));
    return { label, names, rows: count, values, ...(rateHz === undefined ? {} : { rateHz }) };
  }

  private put(value: number): void {
    const at = this.length % PIECE;
    if (at === 0) this.pieces.push(new Float32Array(PIECE));
    this.pieces[this.pieces.length - 1][at] = value;
    this.length++;
  }
}

/** A recording as samples of a model: windows of so many rows, one behind the other; what is left at the end is dropped. */
export interface Samples {
  readonly rows: number;
  readonly columns: number;
  readonly labels: readonly string[];
  /** Row by row, sample by sample. */
  readonly values: Float32Array;
  readonly rateHz?: number;
}

/**
 * @param elements of the model's input; each sample is the whole recording where absent
 * @throws ProblemError where the series do not divide the input, or the recording is too short
 */
export function samplesOf({ label, names, rows, values, rateHz }: Recording, elements?: number): Samples {
  const columns = names.length;
  const window = elements === undefined ? rows : elements / columns;
  if (!Number.isInteger(window) || window < 1) throw new ProblemError(recordProblems.otherSize(names, elements!));
  const count = Math.floor(rows / window);
  if (count === 0) throw new ProblemError(recordProblems.tooShort(rows, window));
  return { rows: window, columns, labels: new Array<string>(count).fill(label), values: values.slice(0, count * window * columns), ...(rateHz === undefined ? {} : { rateHz }) };
}
