/**
 * First and second moments of a layer's input rows, as the float model and as the quantized model see them: all that is needed
 * to choose weights with the least mean square error of the layer's output.
 */
export class RowMoments {
  private readonly sumReal: Float64Array;
  private readonly sumQuantized: Float64Array;
  private readonly products: Float64Array;
  private readonly cross: Float64Array;
  rows = 0;

  constructor(readonly depth: number) {
    this.sumReal = new Float64Array(depth);
    this.sumQuantized = new Float64Array(depth);
    this.products = new Float64Array(depth * depth);
    this.cross = new Float64Array(depth * depth);
  }

  /** A row of the float model's input and the same row of the quantized model's. */
  add(real: Float64Array, quantized: Float64Array): void {
    const n = this.depth;
    this.rows++;
    for (let i = 0; i < n; i++) {
      this.sumReal[i] += real[i];
      this.sumQuantized[i] += quantized[i];
      const x = quantized[i];
      const r = real[i];
      const at = i * n;
      if (x !== 0) for (let j = 0; j <= i; j++) this.products[at + j] += x * quantized[j];
      if (r !== 0) for (let j = 0; j < n; j++) this.cross[at + j] += r * quantized[j];
    }
  }

  /** Means, covariance of the quantized rows, and covariance of real (first index) with quantized rows (second). */
  finish(): Moments {
    const n = this.depth;
    const rows = Math.max(1, this.rows);
    const meanReal = this.sumReal.map((s) => s / rows);
    const meanQuantized = this.sumQuantized.map((s) => s / rows);
    const covariance = new Float64Array(n * n);
    const cross = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const product = j <= i ? this.products[i * n + j] : this.products[j * n + i];
        covariance[i * n + j] = product / rows - meanQuantized[i] * meanQuantized[j];
        cross[i * n + j] = this.cross[i * n + j] / rows - meanReal[i] * meanQuantized[j];
      }
    }
    return { depth: n, rows: this.rows, meanReal, meanQuantized, covariance, cross };
  }
}

export interface Moments {
  readonly depth: number;
  readonly rows: number;
  readonly meanReal: Float64Array;
  readonly meanQuantized: Float64Array;
  readonly covariance: Float64Array;
  readonly cross: Float64Array;
}
