/** Weights of one direction: rows per gate and hidden unit, row-major; biases of the input part, then of the recurrent part. */
export interface CellWeights {
  readonly input: ArrayLike<number>;
  readonly recurrent: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly features: number;
  readonly hidden: number;
}

export interface CellOptions {
  readonly functions: readonly ((x: number) => number)[];
  /** Bound on what goes into an activation; absent where there is none. */
  readonly clip?: number;
  /** GRU: the reset gate works on the recurrent product, not on the state. */
  readonly resetsAfter?: boolean;
}

/** The next state from features at `x[from..]` and the state. */
export type Cell = (x: ArrayLike<number>, from: number, state: Float64Array) => Float64Array;

/** state' = f(W x + R state + biases). Source: onnx Operators.md, RNN-14. */
export function rnnCell(weights: CellWeights, { functions: [f], clip }: CellOptions): Cell {
  const { hidden, bias } = weights;
  return (x, from, state) => Float64Array.from({ length: hidden }, (_, h) => f(limit(inputSum(weights, h, x, from) + recurrentSum(weights, h, state) + bias[h] + bias[hidden + h], clip)));
}

/** Gates update, reset, hidden. Source: onnx Operators.md, GRU-14. */
export function gruCell(weights: CellWeights, { functions: [f, g], clip, resetsAfter }: CellOptions): Cell {
  const { hidden, bias } = weights;
  return (x, from, state) => {
    const gate = (index: number): Float64Array =>
      Float64Array.from({ length: hidden }, (_, h) => {
        const row = index * hidden + h;
        return f(limit(inputSum(weights, row, x, from) + recurrentSum(weights, row, state) + bias[row] + bias[3 * hidden + row], clip));
      });
    const [update, reset] = [gate(0), gate(1)];
    const damped = state.map((s, h) => s * reset[h]);
    return Float64Array.from({ length: hidden }, (_, h) => {
      const row = 2 * hidden + h;
      const inner = resetsAfter ? reset[h] * (recurrentSum(weights, row, state) + bias[3 * hidden + row]) : recurrentSum(weights, row, damped) + bias[3 * hidden + row];
      const candidate = g(limit(inputSum(weights, row, x, from) + inner + bias[row], clip));
      return (1 - update[h]) * candidate + update[h] * state[h];
    });
  };
}

function inputSum({ input, features }: CellWeights, row: number, x: ArrayLike<number>, from: number): number {
  let sum = 0;
  for (let k = 0; k < features; k++) sum += input[row * features + k] * x[from + k];
  return sum;
}

function recurrentSum({ recurrent, hidden }: CellWeights, row: number, state: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < hidden; k++) sum += recurrent[row * hidden + k] * state[k];
  return sum;
}

const limit = (x: number, clip: number | undefined): number => (clip === undefined ? x : Math.min(clip, Math.max(-clip, x)));
