import { ProblemError } from '../../base/problem';
import { seriesOf } from '../../device/protocol/series';
import { recordProblems } from './problems';

/** What was recorded under one label: rows of numbers, one for each line that the board printed. */
export interface Recording {
  readonly label: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Some eight hours of three axes at a kilohertz: more is a recording that nobody stopped. */
const MOST_ROWS = 30_000_000;

/** Captures series that a board prints, from `start` to `stop`. The first line says which series a row has. */
export class FrameRecorder {
  private label: string | undefined;
  private names: readonly string[] = [];
  private rows: number[][] = [];

  get isRecording(): boolean {
    return this.label !== undefined;
  }

  get count(): number {
    return this.rows.length;
  }

  start(label: string): void {
    [this.label, this.names, this.rows] = [label, [], []];
  }

  /** Lines of other series, and those that are none, belong to no row. */
  take(line: string): void {
    if (this.label === undefined || this.rows.length >= MOST_ROWS) return;
    const points = seriesOf(line);
    if (!points.length) return;
    const names = points.map(({ name }) => name);
    if (!this.names.length) this.names = names;
    if (names.join('\n') === this.names.join('\n')) this.rows.push(points.map(({ value }) => value));
  }

  /** @throws ProblemError where no line carried numbers */
  stop(): Recording {
    const { label = '', names, rows } = this;
    this.label = undefined;
    if (!rows.length) throw new ProblemError(recordProblems.nothing());
    return { label, names, rows };
  }
}

/** A recording as samples of a model: windows of so many rows, one behind the other; what is left at the end is dropped. */
export interface Samples {
  readonly rows: number;
  readonly columns: number;
  readonly labels: readonly string[];
  /** Row by row, sample by sample. */
  readonly values: Float32Array;
}

/**
 * @param elements of the model's input; each sample is the whole recording where absent
 * @throws ProblemError where the series do not divide the input, or the recording is too short
 */
export function samplesOf({ label, names, rows }: Recording, elements?: number): Samples {
  const columns = names.length;
  const window = elements === undefined ? rows.length : elements / columns;
  if (!Number.isInteger(window) || window < 1) throw new ProblemError(recordProblems.otherSize(names, elements!));
  const count = Math.floor(rows.length / window);
  if (count === 0) throw new ProblemError(recordProblems.tooShort(rows.length, window));
  return { rows: window, columns, labels: new Array<string>(count).fill(label), values: Float32Array.from(rows.slice(0, count * window).flat()) };
}
