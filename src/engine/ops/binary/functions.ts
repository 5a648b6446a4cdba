/** Functions of two numbers, element by element with broadcasting. */
export interface BinaryFunction {
  readonly name: string;
  readonly label: string;
  readonly onnx: string;
  readonly tflite?: string;
  readonly result?: 'bool';
  f(x: number, y: number): number;
  /** On integers; they wrap to the result's width when stored. */
  integer?(x: number, y: number): number;
  /** On integers of 64 bits, where doubles do not do. */
  wide?(x: bigint, y: bigint): bigint;
  /** Attributes that tell it from other functions under the same ONNX name. */
  readonly when?: Readonly<Record<string, number | string>>;
  /** ONNX takes any number of operands: they are combined from the left. */
  readonly variadic?: boolean;
}

/** Remainder with the sign of the divisor, as in Python. */
const floorMod = (x: number, y: number): number => {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
};
/** Shifts by the width and more leave nothing, as in C's arithmetic on wider types. */
const shiftLeft = (x: number, y: number): number => (y >= 32 ? 0 : x * 2 ** y);

export const binaryFunctions: readonly BinaryFunction[] = [
  { name: 'div', label: 'Div', onnx: 'Div', tflite: 'DIV', f: (x, y) => x / y, integer: (x, y) => Math.trunc(x / y) },
  { name: 'pow', label: 'Pow', onnx: 'Pow', tflite: 'POW', f: (x, y) => x ** y, integer: (x, y) => Math.trunc(x ** y) },
  { name: 'mod', label: 'Mod', onnx: 'Mod', tflite: 'FLOOR_MOD', when: { fmod: 0 }, f: floorMod },
  { name: 'fmod', label: 'FMod', onnx: 'Mod', when: { fmod: 1 }, f: (x, y) => x % y },
  { name: 'min', label: 'Min', onnx: 'Min', tflite: 'MINIMUM', variadic: true, f: Math.min },
  { name: 'max', label: 'Max', onnx: 'Max', tflite: 'MAXIMUM', variadic: true, f: Math.max },
  { name: 'equal', label: 'Equal', onnx: 'Equal', tflite: 'EQUAL', result: 'bool', f: (x, y) => (x === y ? 1 : 0) },
  { name: 'less', label: 'Less', onnx: 'Less', tflite: 'LESS', result: 'bool', f: (x, y) => (x < y ? 1 : 0) },
  { name: 'less_equal', label: 'LessOrEqual', onnx: 'LessOrEqual', tflite: 'LESS_EQUAL', result: 'bool', f: (x, y) => (x <= y ? 1 : 0) },
  { name: 'greater', label: 'Greater', onnx: 'Greater', tflite: 'GREATER', result: 'bool', f: (x, y) => (x > y ? 1 : 0) },
  { name: 'greater_equal', label: 'GreaterOrEqual', onnx: 'GreaterOrEqual', tflite: 'GREATER_EQUAL', result: 'bool', f: (x, y) => (x >= y ? 1 : 0) },
  { name: 'logical_and', label: 'And', onnx: 'And', tflite: 'LOGICAL_AND', result: 'bool', f: (x, y) => (x && y ? 1 : 0) },
  { name: 'logical_or', label: 'Or', onnx: 'Or', tflite: 'LOGICAL_OR', result: 'bool', f: (x, y) => (x || y ? 1 : 0) },
  { name: 'logical_xor', label: 'Xor', onnx: 'Xor', result: 'bool', f: (x, y) => (!x !== !y ? 1 : 0) },
  { name: 'bitwise_and', label: 'BitwiseAnd', onnx: 'BitwiseAnd', f: (x, y) => x & y, wide: (x, y) => x & y },
  { name: 'bitwise_or', label: 'BitwiseOr', onnx: 'BitwiseOr', f: (x, y) => x | y, wide: (x, y) => x | y },
  { name: 'bitwise_xor', label: 'BitwiseXor', onnx: 'BitwiseXor', tflite: 'BITWISE_XOR', f: (x, y) => x ^ y, wide: (x, y) => x ^ y },
  { name: 'shift_left', label: 'ShiftLeft', onnx: 'BitShift', when: { direction: 'LEFT' }, f: shiftLeft, wide: (x, y) => (y >= 64n ? 0n : x << y) },
  { name: 'shift_right', label: 'ShiftRight', onnx: 'BitShift', tflite: 'RIGHT_SHIFT', when: { direction: 'RIGHT' }, f: (x, y) => Math.floor(x / 2 ** y), wide: (x, y) => x >> y },
];
