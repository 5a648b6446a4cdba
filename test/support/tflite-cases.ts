import { detectionCases } from './tflite-detection';
import { floats, ints, type TestGraph, type TestOperator, type TestTensor } from './tflite-model';

/** One operator between real numbers: what LiteRT's JavaScript takes and gives. Whole numbers pass through a CAST. */
export interface OperatorCase {
  readonly name: string;
  readonly graph: TestGraph;
  /** Inputs of one run; drawn at random where absent. */
  readonly inputs?: readonly (readonly number[])[];
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const wave = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.fround(Math.sin(1 + 0.7 * i)));
const float = (name: string, ...shape: number[]): TestTensor => ({ name, shape });
const weights = (name: string, ...shape: number[]): TestTensor => ({ name, shape, data: wave(size(shape)) });
const list = (name: string, ...values: number[]): TestTensor => ({ name, type: 'int32', shape: [values.length], data: ints(...values) });
const scalar = (name: string, value: number): TestTensor => ({ name, type: 'int32', shape: [], data: ints(value) });
const real = (name: string, value: number): TestTensor => ({ name, shape: [], data: floats(value) });
const whole = (name: string, ...shape: number[]): TestTensor => ({ name, type: 'int32', shape });
const castTo = (from: string, to: string, toInt: boolean): TestOperator => ({ op: 'CAST', inputs: [from], outputs: [to], options: toInt ? { inDataType: 0, outDataType: 2 } : { inDataType: 2, outDataType: 0 } });

function single(name: string, op: string, inputs: readonly TestTensor[], output: TestTensor, options?: Readonly<Record<string, number>>, run?: readonly (readonly number[])[]): OperatorCase {
  return {
    name, inputs: run,
    graph: {
      tensors: [...inputs, output], operators: [{ op, inputs: inputs.map((t) => t.name), outputs: [output.name], options }],
      inputs: inputs.filter((t) => !t.data).map((t) => t.name), outputs: [output.name],
    },
  };
}

/** The same with int32 operands (`int…`) that arrive as real numbers. */
function onWhole(name: string, op: string, inputs: readonly TestTensor[], output: TestTensor, options: Readonly<Record<string, number>>, run: readonly (readonly number[])[]): OperatorCase {
  const isWhole = (t: TestTensor): boolean => t.type === 'int32' && !t.data;
  const { graph } = single(name, op, inputs, output, options);
  const ports = inputs.filter(isWhole).map((t) => float(`real_${t.name}`, ...t.shape));
  const isOutWhole = output.type === 'int32';
  return {
    name, inputs: run,
    graph: {
      tensors: [...graph.tensors, ...ports, ...(isOutWhole ? [float('real_result', ...output.shape)] : [])],
      operators: [...ports.map((t) => castTo(t.name, t.name.slice('real_'.length), true)), ...graph.operators, ...(isOutWhole ? [castTo(output.name, 'real_result', false)] : [])],
      inputs: inputs.filter((t) => !t.data).map((t) => (isWhole(t) ? `real_${t.name}` : t.name)), outputs: [isOutWhole ? 'real_result' : output.name],
    },
  };
}

const same = { padding: 0, strideD: 2, strideH: 1, strideW: 1, dilationDFactor: 1, dilationHFactor: 1, dilationWFactor: 1 };

export function operatorCases(): OperatorCase[] {
  return [
    topK(),
    ...detectionCases(),
    onWhole('BUCKETIZE', 'BUCKETIZE', [float('x', 2, 4)], whole('y', 2, 4), { boundaries: [-0.5, 0, 0.75] } as never, [[-1, -0.5, -0.1, 0, 0.5, 0.75, 0.8, 9]]),
    ...[[-1, 1, 8, 0], [-0.3, 2.1, 4, 0], [0, 6, 8, 0]].map(([min, max, numBits, narrowRange]) =>
      single(`FAKE_QUANT of ${min} to ${max} in ${numBits} bits`, 'FAKE_QUANT', [float('x', 20)], float('y', 20), { min, max, numBits, narrowRange }, [[...wave(20)].map((v, i) => v * (1 + i / 5))])),
    ...[[1, 2], [-4, 9]].map((place) =>
      onWhole(`DYNAMIC_UPDATE_SLICE at ${place.join()}`, 'DYNAMIC_UPDATE_SLICE', [float('x', 3, 5), float('u', 2, 2), whole('at', 2)], float('y', 3, 5), {}, [[...wave(15)], [7, 8, 9, 10], place])),
    placesSum(), uniquePlaces(),
    ...[[0, 0], [1, 0], [0, 1], [1, 1]].map(([exclusive, reverse]) => single(`CUMSUM ${exclusive}${reverse}`, 'CUMSUM', [float('x', 2, 5), scalar('axis', 1)], float('y', 2, 5), { exclusive, reverse })),
    ...[-1, 0, 1].map((axis) =>
      onWhole(`ONE_HOT on axis ${axis}`, 'ONE_HOT', [whole('i', 2, 2), scalar('depth', 3), real('on', 2.5), real('off', -1)], float('y', ...(axis === -1 ? [2, 2, 3] : axis === 0 ? [3, 2, 2] : [2, 3, 2])), { axis }, [[0, 2, 5, -1]])),
    onWhole('GATHER_ND', 'GATHER_ND', [float('x', 3, 4, 2), whole('i', 2, 2)], float('y', 2, 2), {}, [[...wave(24)], [2, 1, 0, 3]]),
    onWhole('GATHER of rows in step', 'GATHER', [float('x', 2, 4, 3), whole('i', 2, 2)], float('y', 2, 2, 3), { axis: 1, batchDims: 1 }, [[...wave(24)], [3, 0, 1, 1]]),
    onWhole('SCATTER_ND', 'SCATTER_ND', [whole('i', 3, 1), float('u', 3, 2), list('shape', 4, 2)], float('y', 4, 2), {}, [[3, 1, 3], [1, 2, 3, 4, 5, 6]]),
    onWhole('REVERSE_SEQUENCE', 'REVERSE_SEQUENCE', [float('x', 2, 4, 2), whole('n', 2)], float('y', 2, 4, 2), { seqDim: 1, batchDim: 0 }, [[...wave(16)], [3, 4]]),
    onWhole('FLOOR_DIV of whole numbers', 'FLOOR_DIV', [whole('a', 6), whole('b', 6)], whole('y', 6), {}, [[7, -7, 7, -7, 6, -6], [2, 2, -2, -2, 3, 3]]),
    single('FILL', 'FILL', [list('shape', 2, 3), float('v')], float('y', 2, 3), undefined, [[0.25]]),
    single('L2_POOL_2D', 'L2_POOL_2D', [float('x', 1, 4, 5, 2)], float('y', 1, 2, 3, 2), { padding: 0, strideH: 2, strideW: 2, filterHeight: 3, filterWidth: 2 }),
    single('LOCAL_RESPONSE_NORMALIZATION', 'LOCAL_RESPONSE_NORMALIZATION', [float('x', 1, 2, 2, 6)], float('y', 1, 2, 2, 6), { radius: 2, bias: 1.5, alpha: 0.3, beta: 0.6 }),
    single('CONV_3D', 'CONV_3D', [float('x', 1, 4, 5, 3, 2), weights('w', 3, 2, 2, 2, 4), weights('b', 4)], float('y', 1, 2, 5, 3, 4), { ...same, fusedActivationFunction: 1 }),
    single('CONV_3D without padding', 'CONV_3D', [float('x', 1, 4, 5, 3, 2), weights('w', 3, 2, 2, 2, 4)], float('y', 1, 1, 4, 2, 4), { ...same, padding: 1 }),
    single('CONV_3D_TRANSPOSE', 'CONV_3D_TRANSPOSE', [list('shape', 1, 4, 5, 3, 3), weights('w', 3, 2, 2, 3, 2), float('x', 1, 2, 5, 3, 2)], float('y', 1, 4, 5, 3, 3), same),
    rangePlus(),
    ...[4, 5].map(suppression),
  ];
}

/** Boxes about three centres; places, scores where they are told, and how many there are. */
function suppression(version: number): OperatorCase {
  const boxes = Array.from({ length: 12 }, (_, i) => [i % 3, (i % 3) / 2, (i % 3) + 1 + i / 20, (i % 3) / 2 + 0.4 + i / 50]);
  const limits = [scalar('limit', 6), real('overlap', 0.45), real('least', 0.2), ...(version === 5 ? [real('sigma', 0)] : [])];
  const results = [whole('places', 6), ...(version === 5 ? [float('best', 6)] : []), whole('count')];
  return {
    name: `NON_MAX_SUPPRESSION_V${version}`, inputs: [boxes.flat(), Array.from(wave(12), (x) => Math.abs(x))],
    graph: {
      tensors: [float('boxes', 12, 4), float('scores', 12), ...limits, ...results, float('real_places', 6), float('real_count')], inputs: ['boxes', 'scores'],
      outputs: ['real_places', ...(version === 5 ? ['best'] : []), 'real_count'],
      operators: [
        { op: `NON_MAX_SUPPRESSION_V${version}`, inputs: ['boxes', 'scores', ...limits.map((t) => t.name)], outputs: results.map((t) => t.name) },
        castTo('places', 'real_places', false), castTo('count', 'real_count', false),
      ],
    },
  };
}

/** Values and, as real numbers, their places; two of the values are equal. */
function topK(): OperatorCase {
  return {
    name: 'TOPK_V2', inputs: [[3, 1, 3, 2, -1, 0, 4, 4]],
    graph: {
      tensors: [float('x', 2, 4), scalar('k', 3), float('v', 2, 3), whole('i', 2, 3), float('places', 2, 3)], inputs: ['x'], outputs: ['v', 'places'],
      operators: [{ op: 'TOPK_V2', inputs: ['x', 'k'], outputs: ['v', 'i'] }, castTo('i', 'places', false)],
    },
  };
}

/** x plus 1, 1.1, 1.2, ..., the zeros of its shape and a half. */
function rangePlus(): OperatorCase {
  return {
    name: 'RANGE, ZEROS_LIKE, BROADCAST_ARGS',
    graph: {
      tensors: [float('x', 5), real('from', 1), real('to', 1.45), real('step', 0.1), float('r', 5), float('z', 5), float('s', 5), list('one', 1), list('five', 5), whole('shape', 1), real('half', 0.5), float('w', 5), float('v', 5), float('y', 5)],
      inputs: ['x'], outputs: ['y'],
      operators: [
        { op: 'RANGE', inputs: ['from', 'to', 'step'], outputs: ['r'], options: {} }, { op: 'ZEROS_LIKE', inputs: ['x'], outputs: ['z'] }, { op: 'ADD', inputs: ['r', 'z'], outputs: ['s'], options: {} },
        { op: 'BROADCAST_ARGS', inputs: ['one', 'five'], outputs: ['shape'] }, { op: 'FILL', inputs: ['shape', 'half'], outputs: ['w'] },
        { op: 'ADD', inputs: ['s', 'w'], outputs: ['v'], options: {} }, { op: 'ADD', inputs: ['v', 'x'], outputs: ['y'], options: {} },
      ],
    },
  };
}

/** Sum of the places at which x is more than a half. */
function placesSum(): OperatorCase {
  return {
    name: 'WHERE', inputs: [[0, 1, 0.6, -3, 5, 0]],
    graph: {
      tensors: [float('x', 2, 3), real('half', 0.5), { name: 'c', type: 'bool', shape: [2, 3] }, { name: 'p', type: 'int64', shape: [3, 2] }, float('r', 3, 2), list('rows', 0), float('y', 2)], inputs: ['x'], outputs: ['y'],
      operators: [
        { op: 'GREATER', inputs: ['x', 'half'], outputs: ['c'] }, { op: 'WHERE', inputs: ['c'], outputs: ['p'] },
        { op: 'CAST', inputs: ['p'], outputs: ['r'], options: { inDataType: 4, outDataType: 0 } }, { op: 'SUM', inputs: ['r', 'rows'], outputs: ['y'], options: {} },
      ],
    },
  };
}

/** Which of the distinct numbers each element is, and their sum. */
function uniquePlaces(): OperatorCase {
  return {
    name: 'UNIQUE', inputs: [[3, 1, 3, -2, 1, 7]],
    graph: {
      tensors: [float('x', 6), float('v', 4), whole('i', 6), float('places', 6), list('all', 0), float('sum')], inputs: ['x'], outputs: ['places', 'sum'],
      operators: [{ op: 'UNIQUE', inputs: ['x'], outputs: ['v', 'i'], options: { idxOutType: 2 } }, castTo('i', 'places', false), { op: 'SUM', inputs: ['v', 'all'], outputs: ['sum'], options: {} }],
    },
  };
}
