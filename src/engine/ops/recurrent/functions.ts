/** Functions inside of recurrent cells, by ONNX's names in lower case. Source: onnx Operators.md, GRU-14, with default parameters. */
export const cellFunctions: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  affine: (x) => x,
  leakyrelu: (x) => (x < 0 ? 0.01 * x : x),
  thresholdedrelu: (x) => (x > 1 ? x : 0),
  hardsigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  softsign: (x) => x / (1 + Math.abs(x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};
