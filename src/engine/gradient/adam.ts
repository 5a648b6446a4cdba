import type { Parameter } from './gradient-graph';

/** Decay of the means of gradients and of their squares, and what keeps their quotient finite. Source: Kingma and Ba 2015, arXiv 1412.6980. */
const [MOMENTUM, SQUARES, TINY] = [0.9, 0.999, 1e-12];
/** Tensors of zeros move as if they had this size. Source: Shazeer and Stern 2018, arXiv 1804.04235, section 8. */
const LEAST_SIZE = 1e-3;

/**
 * Adam with steps in proportion to each tensor's own size (relative steps as in Adafactor): one rate suits models whose inputs
 * go to 1 and those whose inputs go to 255.
 */
export class Adam {
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  private steps = 0;

  constructor(private readonly parameters: readonly Parameter[], size: number) {
    this.mean = new Float32Array(size);
    this.square = new Float32Array(size);
  }

  /** Changes `values` [size] in place. `rate`: share of a tensor's root mean square that an element moves by at most, or so. */
  step(values: Float32Array, gradient: ArrayLike<number>, rate: number): void {
    this.steps++;
    const [meanShare, squareShare] = [1 - MOMENTUM ** this.steps, 1 - SQUARES ** this.steps];
    for (const { at, size } of this.parameters) {
      let power = 0;
      for (let i = at; i < at + size; i++) power += values[i] * values[i];
      const reach = rate * Math.max(LEAST_SIZE, Math.sqrt(power / size));
      for (let i = at; i < at + size; i++) {
        const g = gradient[i];
        this.mean[i] += (1 - MOMENTUM) * (g - this.mean[i]);
        this.square[i] += (1 - SQUARES) * (g * g - this.square[i]);
        values[i] -= (reach * (this.mean[i] / meanShare)) / (Math.sqrt(this.square[i] / squareShare) + TINY);
      }
    }
  }
}
