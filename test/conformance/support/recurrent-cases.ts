import type { TestGraph, TestTensor } from '../../support/tflite-model';

/** Recurrent operators on real numbers; LiteRT's JavaScript cannot load their variable tensors, so its Python package ran them once. */
export interface RecurrentCase {
  readonly name: string;
  readonly graph: TestGraph;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const wave = (n: number, seed: number): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.fround(Math.sin(seed + 1.3 * i) * 0.7));
const BATCH = 2;
const TIME = 3;
const WIDTH = 4;
const UNITS = 5;

/** Inputs of two runs, which a state connects. */
export const recurrentInputs = (shape: readonly number[]): number[][] => [3, 4].map((seed) => Array.from(wave(size(shape), seed)));

const variable = (name: string, ...shape: number[]): TestTensor => ({ name, shape, extra: { isVariable: 1 } });

function lstm(name: string, has: { peepholes?: boolean; outputs?: number; norms?: boolean }, options: Record<string, number>): RecurrentCase {
  const outputs = has.outputs ?? UNITS;
  const shapes = new Map<number, readonly number[]>([
    ...[1, 2, 3, 4].map((i) => [i, [UNITS, WIDTH]] as const), ...[5, 6, 7, 8].map((i) => [i, [UNITS, outputs]] as const), ...[12, 13, 14, 15].map((i) => [i, [UNITS]] as const),
    ...(has.peepholes ? [9, 10, 11].map((i) => [i, [UNITS]] as const) : []), ...(has.norms ? [20, 21, 22, 23].map((i) => [i, [UNITS]] as const) : []),
    ...(has.outputs ? [[16, [outputs, UNITS]] as const, [17, [outputs]] as const] : []),
  ]);
  const parameters = [...shapes].map(([i, shape]): TestTensor => ({ name: `p${i}`, shape, data: wave(size(shape), i) }));
  const x: TestTensor = { name: 'x', shape: [BATCH, TIME, WIDTH] };
  const inputs = Array.from({ length: has.norms ? 24 : 20 }, (_, i) => (i === 0 ? 'x' : i === 18 ? 'h' : i === 19 ? 'c' : shapes.has(i) ? `p${i}` : ''));
  return {
    name,
    graph: {
      tensors: [x, ...parameters, variable('h', BATCH, outputs), variable('c', BATCH, UNITS), { name: 'y', shape: [BATCH, TIME, outputs] }],
      operators: [{ op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, outputs: ['y'], options: { fusedActivationFunction: 4, ...options } }], inputs: ['x'], outputs: ['y'],
    },
  };
}

function rnn(op: string, shape: readonly number[], options: Record<string, number>): RecurrentCase {
  const constant = (name: string, seed: number, ...extents: number[]): TestTensor => ({ name, shape: extents, data: wave(size(extents), seed) });
  return {
    name: `${op} ${Object.entries(options).join(' ')}`,
    graph: {
      tensors: [{ name: 'x', shape }, constant('w', 1, UNITS, WIDTH), constant('r', 2, UNITS, UNITS), constant('b', 5, UNITS), variable('h', BATCH, UNITS), { name: 'y', shape: [...shape.slice(0, -1), UNITS] }],
      operators: [{ op, inputs: ['x', 'w', 'r', 'b', 'h'], outputs: ['y'], options }], inputs: ['x'], outputs: ['y'],
    },
  };
}

/** Both directions, joined. */
function bidirectional(): RecurrentCase {
  const shapes = new Map<number, readonly number[]>([0, 17].flatMap((first) => [
    ...[1, 2, 3, 4].map((i) => [first + i, [UNITS, WIDTH]] as const), ...[5, 6, 7, 8].map((i) => [first + i, [UNITS, UNITS]] as const), ...[12, 13, 14, 15].map((i) => [first + i, [UNITS]] as const),
  ]));
  const parameters = [...shapes].map(([i, shape]): TestTensor => ({ name: `p${i}`, shape, data: wave(size(shape), i) }));
  const states = [35, 36, 37, 38];
  const inputs = Array.from({ length: 48 }, (_, i) => (i === 0 ? 'x' : states.includes(i) ? `s${i}` : shapes.has(i) ? `p${i}` : ''));
  return {
    name: 'BIDIRECTIONAL_SEQUENCE_LSTM',
    graph: {
      tensors: [{ name: 'x', shape: [BATCH, TIME, WIDTH] }, ...parameters, ...states.map((i) => variable(`s${i}`, BATCH, UNITS)), { name: 'y', shape: [BATCH, TIME, 2 * UNITS] }],
      operators: [{ op: 'BIDIRECTIONAL_SEQUENCE_LSTM', inputs, outputs: ['y'], options: { fusedActivationFunction: 4, mergeOutputs: 1, timeMajor: 0 } }], inputs: ['x'], outputs: ['y'],
    },
  };
}

export const recurrentCases = (): RecurrentCase[] => [
  lstm('LSTM', {}, {}),
  lstm('LSTM with peepholes', { peepholes: true }, { cellClip: 0.5 }),
  lstm('LSTM with a projection', { outputs: 3 }, { projClip: 0.3 }),
  lstm('LSTM with normalization', { norms: true }, {}),
  lstm('LSTM with all of these', { peepholes: true, outputs: 3, norms: true }, { cellClip: 0.8, projClip: 0.4 }),
  rnn('UNIDIRECTIONAL_SEQUENCE_RNN', [BATCH, TIME, WIDTH], { fusedActivationFunction: 4 }),
  rnn('UNIDIRECTIONAL_SEQUENCE_RNN', [TIME, BATCH, WIDTH], { timeMajor: 1, fusedActivationFunction: 1 }),
  rnn('RNN', [BATCH, WIDTH], { fusedActivationFunction: 4 }),
  bidirectional(),
];
