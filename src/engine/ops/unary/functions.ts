import { roundHalfEven } from '../../quant/rounding';
import { erf } from './erf';

/** Functions of one number. Parameters are attributes under ONNX's names; `f` gets them in the order listed. */
export interface UnaryFunction {
  readonly name: string;
  readonly label: string;
  readonly onnx: string;
  readonly tflite?: string;
  /** First operator set that has it, where that is later than 13. */
  readonly since?: number;
  readonly parameters?: Readonly<Record<string, number>>;
  /** Integer or text attributes: value in the file for each number that `f` gets. */
  readonly choices?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly result?: 'bool';
  /** On integers of 64 bits, where doubles do not do. */
  wide?(x: bigint): bigint;
  f(x: number, ...parameters: readonly number[]): number;
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));
const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));
const geluTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/** Constants of Selu. Source: onnx Operators.md, Selu-6. */
const SELU = { alpha: 1.6732631921768188, gamma: 1.0507010221481323 };

export const unaryFunctions: readonly UnaryFunction[] = [
  { name: 'abs', label: 'Abs', onnx: 'Abs', tflite: 'ABS', f: Math.abs },
  { name: 'acos', label: 'Acos', onnx: 'Acos', f: Math.acos },
  { name: 'acosh', label: 'Acosh', onnx: 'Acosh', f: Math.acosh },
  { name: 'asin', label: 'Asin', onnx: 'Asin', f: Math.asin },
  { name: 'asinh', label: 'Asinh', onnx: 'Asinh', f: Math.asinh },
  { name: 'atan', label: 'Atan', onnx: 'Atan', f: Math.atan },
  { name: 'atanh', label: 'Atanh', onnx: 'Atanh', f: Math.atanh },
  { name: 'bitwise_not', label: 'BitwiseNot', onnx: 'BitwiseNot', since: 18, f: (x) => ~x, wide: (x) => ~x },
  { name: 'ceil', label: 'Ceil', onnx: 'Ceil', tflite: 'CEIL', f: Math.ceil },
  { name: 'celu', label: 'CELU', onnx: 'Celu', parameters: { alpha: 1 }, f: (x, alpha) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha)) },
  { name: 'cos', label: 'Cos', onnx: 'Cos', tflite: 'COS', f: Math.cos },
  { name: 'cosh', label: 'Cosh', onnx: 'Cosh', f: Math.cosh },
  { name: 'elu', label: 'ELU', onnx: 'Elu', tflite: 'ELU', parameters: { alpha: 1 }, f: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x) },
  { name: 'erf', label: 'Erf', onnx: 'Erf', f: erf },
  { name: 'exp', label: 'Exp', onnx: 'Exp', tflite: 'EXP', f: Math.exp },
  { name: 'floor', label: 'Floor', onnx: 'Floor', tflite: 'FLOOR', f: Math.floor },
  { name: 'gelu', label: 'GELU', onnx: 'Gelu', tflite: 'GELU', since: 20, choices: { approximate: ['none', 'tanh'] }, f: (x, tanh) => (tanh ? geluTanh(x) : gelu(x)) },
  { name: 'hard_sigmoid', label: 'HardSigmoid', onnx: 'HardSigmoid', parameters: { alpha: 0.2, beta: 0.5 }, f: (x, alpha, beta) => clamp01(alpha * x + beta) },
  {
    name: 'is_inf', label: 'IsInf', onnx: 'IsInf', result: 'bool', choices: { detect_negative: [0, 1], detect_positive: [0, 1] },
    f: (x, negative, positive) => ((x === Infinity && positive) || (x === -Infinity && negative) ? 1 : 0),
  },
  { name: 'is_nan', label: 'IsNaN', onnx: 'IsNaN', result: 'bool', f: (x) => (Number.isNaN(x) ? 1 : 0) },
  { name: 'log', label: 'Log', onnx: 'Log', tflite: 'LOG', f: Math.log },
  { name: 'mish', label: 'Mish', onnx: 'Mish', since: 18, f: (x) => x * Math.tanh(softplus(x)) },
  { name: 'neg', label: 'Neg', onnx: 'Neg', tflite: 'NEG', f: (x) => -x },
  { name: 'logical_not', label: 'Not', onnx: 'Not', tflite: 'LOGICAL_NOT', result: 'bool', f: (x) => (x ? 0 : 1) },
  { name: 'reciprocal', label: 'Reciprocal', onnx: 'Reciprocal', f: (x) => 1 / x },
  { name: 'round', label: 'Round', onnx: 'Round', tflite: 'ROUND', f: (x) => (Number.isFinite(x) ? roundHalfEven(x) : x) },
  { name: 'selu', label: 'SELU', onnx: 'Selu', parameters: SELU, f: (x, alpha, gamma) => gamma * (x > 0 ? x : alpha * Math.expm1(x)) },
  { name: 'shrink', label: 'Shrink', onnx: 'Shrink', parameters: { bias: 0, lambd: 0.5 }, f: (x, bias, lambd) => (x < -lambd ? x + bias : x > lambd ? x - bias : 0) },
  { name: 'sign', label: 'Sign', onnx: 'Sign', tflite: 'SIGN', f: Math.sign },
  { name: 'sin', label: 'Sin', onnx: 'Sin', tflite: 'SIN', f: Math.sin },
  { name: 'sinh', label: 'Sinh', onnx: 'Sinh', f: Math.sinh },
  { name: 'softplus', label: 'Softplus', onnx: 'Softplus', f: softplus },
  { name: 'softsign', label: 'Softsign', onnx: 'Softsign', f: (x) => x / (1 + Math.abs(x)) },
  { name: 'sqrt', label: 'Sqrt', onnx: 'Sqrt', tflite: 'SQRT', f: Math.sqrt },
  { name: 'swish', label: 'Swish', onnx: 'Swish', since: 24, parameters: { alpha: 1 }, f: (x, alpha) => x * logistic(alpha * x) },
  { name: 'tan', label: 'Tan', onnx: 'Tan', f: Math.tan },
  { name: 'thresholded_relu', label: 'ThresholdedReLU', onnx: 'ThresholdedRelu', parameters: { alpha: 1 }, f: (x, alpha) => (x > alpha ? x : 0) },
];
