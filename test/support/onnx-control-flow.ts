import { graph, modelFile, node, port, tensor, type ModelParts } from './onnx-builder';

/** ONNX models whose course depends on data, or whose loops are too long to unroll. */
export interface ControlFlowCase {
  readonly name: string;
  readonly file: Uint8Array;
  readonly ops: readonly string[];
  /** Values of the inputs, run by run. */
  readonly runs: readonly (readonly (readonly number[])[])[];
}

const flag = port('holds', [], 'bool');
const round = port('i', [], 'int64');
const isPositive = [node('ReduceSum', ['x'], ['total'], { keepdims: 0 }), node('Greater', ['total', 'zero'], ['is_positive'])];
const zero = tensor('zero', 'float32', [], [0]);
const model = (parts: ModelParts): Uint8Array => modelFile(parts);

/** Both branches read a computed value, a stored one and a name of their own that the other has too. */
export const branchParts: ModelParts = {
  nodes: [
    ...isPositive, node('Mul', ['x', 'x'], ['square']),
    node('If', ['is_positive'], ['y'], {
      then_branch: graph({ nodes: [node('MatMul', ['square', 'w'], ['r']), node('Add', ['r', 'x'], ['out'])], outputs: [port('out', [1, 2])] }),
      else_branch: graph({ nodes: [node('Sub', ['x', 'square'], ['r']), node('MatMul', ['r', 'w'], ['out'])], outputs: [port('out', [1, 2])] }),
    }),
  ],
  inputs: [port('x', [1, 2])], outputs: [port('y', [1, 2])], initializers: [zero, tensor('w', 'float32', [2, 2], [1, 2, 3, 4])],
};

/** Takes x times two until its sum is 100 or more, at most `n` times, and tells all that it went through. */
const doubling = graph({
  nodes: [
    node('Add', ['v', 'v'], ['twice']), node('Add', ['twice', 'offset'], ['next']), node('ReduceSum', ['next'], ['sum'], { keepdims: 0 }), node('Less', ['sum', 'hundred'], ['again']),
    node('Identity', ['next'], ['seen']),
  ],
  inputs: [round, flag, port('v', [2])], outputs: [port('again', [], 'bool'), port('next', [2]), port('seen', [2])], initializers: [tensor('hundred', 'float32', [], [100])],
});

/** So many rounds of x times a matrix, which no data change. */
export const countedParts = (rounds: number, joins: boolean): ModelParts => ({
  nodes: [
    node('Loop', ['rounds', '', 'x'], joins ? ['y', 'all'] : ['y'], {
      body: graph({
        nodes: [node('MatMul', ['v', 'w'], ['next']), node('Identity', ['holds'], ['again']), ...(joins ? [node('ReduceSum', ['next'], ['sum'], { keepdims: 0 })] : [])],
        inputs: [round, flag, port('v', [1, 2])], outputs: [port('again', [], 'bool'), port('next', [1, 2]), ...(joins ? [port('sum')] : [])],
      }),
    }),
  ],
  inputs: [port('x', [1, 2])], outputs: [port('y', [1, 2]), ...(joins ? [port('all', [rounds])] : [])],
  initializers: [tensor('rounds', 'int64', [], [rounds]), tensor('w', 'float32', [2, 2], [0.5, 0.5, -0.25, 1])],
});

const scanned: ModelParts = {
  nodes: [
    node('Scan', ['start', 'x', 'x'], ['last', 'sums', 'steps'], {
      num_scan_inputs: 2, scan_input_axes: [1, 1], scan_input_directions: [0, 1], scan_output_axes: [1, 0], scan_output_directions: [1, 0],
      body: graph({
        nodes: [node('Mul', ['a', 'b'], ['product']), node('Add', ['state', 'product'], ['sum']), node('Identity', ['sum'], ['next']), node('Sub', ['a', 'state'], ['step'])],
        inputs: [port('state', [2]), port('a', [2]), port('b', [2])], outputs: [port('next', [2]), port('sum', [2]), port('step', [2])],
      }),
    }),
  ],
  inputs: [port('x', [2, 300])], outputs: [port('last', [2]), port('sums', [2, 300]), port('steps', [300, 2])], initializers: [tensor('start', 'float32', [2], [1, -1])],
};

const nested: ModelParts = {
  nodes: [
    ...isPositive,
    node('If', ['is_positive'], ['y'], {
      then_branch: graph({
        nodes: [
          node('Loop', ['', 'is_positive', 'x'], ['halved'], {
            body: graph({
              nodes: [
                node('ReduceMax', ['v'], ['most'], { keepdims: 0 }), node('Greater', ['most', 'one'], ['again']),
                node('If', ['again'], ['next'], {
                  then_branch: graph({ nodes: [node('Mul', ['v', 'half'], ['halved_once'])], outputs: [port('halved_once', [2])] }),
                  else_branch: graph({ nodes: [node('Identity', ['v'], ['kept'])], outputs: [port('kept', [2])] }),
                }),
              ],
              inputs: [round, flag, port('v', [2])], outputs: [port('again', [], 'bool'), port('next', [2])], initializers: [tensor('half', 'float32', [], [0.5])],
            }),
          }),
        ],
        outputs: [port('halved', [2])], initializers: [tensor('one', 'float32', [], [1])],
      }),
      else_branch: graph({ nodes: [], outputs: [port('fixed', [2])], initializers: [tensor('fixed', 'float32', [2], [7, 8])] }),
    }),
  ],
  inputs: [port('x', [2])], outputs: [port('y', [2])], initializers: [zero],
};

/** A branch that reads codes, one that does not, and what comes of it as codes again. */
const quantized: ModelParts = {
  nodes: [
    ...isPositive, node('QuantizeLinear', ['x', 'scale', 'point'], ['codes']),
    node('If', ['is_positive'], ['y'], {
      then_branch: graph({ nodes: [node('DequantizeLinear', ['codes', 'scale', 'point'], ['real']), node('Add', ['real', 'real'], ['twice'])], outputs: [port('twice', [3])] }),
      else_branch: graph({ nodes: [node('Neg', ['x'], ['negative'])], outputs: [port('negative', [3])] }),
    }),
  ],
  inputs: [port('x', [3])], outputs: [port('y', [3])], initializers: [zero, tensor('scale', 'float32', [], [0.5]), tensor('point', 'int8', [], [3])],
};

export const controlFlowCases: readonly ControlFlowCase[] = [
  { name: 'If on data', file: model(branchParts), ops: ['if'], runs: [[[1, 2]], [[-3, 0.5]]] },
  {
    name: 'If whose branches give different shapes', ops: ['if'], runs: [[[1, 2]], [[-1, -2]]],
    file: model({
      nodes: [
        ...isPositive,
        node('If', ['is_positive'], ['r'], {
          then_branch: graph({ nodes: [node('Concat', ['x', 'x'], ['long'], { axis: 0 })], outputs: [port('long', [4])] }),
          else_branch: graph({ nodes: [node('Neg', ['x'], ['short'])], outputs: [port('short', [2])] }),
        }),
        node('Relu', ['r'], ['y']),
      ],
      inputs: [port('x', [2])], outputs: [port('y', ['n'])], initializers: [zero],
    }),
  },
  {
    name: 'Loop on data, at most so many times as an input says, with all rounds joined', ops: ['loop'], runs: [[[1, 2], [50]], [[1, 2], [2]], [[1, 2], [0]], [[90, 70], [9]]],
    file: model({
      nodes: [node('Mul', ['x', 'tenth'], ['offset']), node('Loop', ['n', '', 'x'], ['y', 'all'], { body: doubling })],
      inputs: [port('x', [2]), port('n', [], 'int64')], outputs: [port('y', [2]), port('all', ['rounds', 2])], initializers: [tensor('tenth', 'float32', [], [0.1])],
    }),
  },
  {
    name: 'Loop that may not begin', ops: ['loop'], runs: [[[1, 2]], [[-1, -2]]],
    file: model({
      nodes: [...isPositive, node('Identity', ['zero'], ['offset']), node('Loop', ['', 'is_positive', 'x'], ['y'], { body: { ...doubling, output: doubling.output.slice(0, 2) } })],
      inputs: [port('x', [2])], outputs: [port('y', [2])], initializers: [zero],
    }),
  },
  { name: 'Loop of more known rounds than are unrolled', file: model(countedParts(300, true)), ops: ['loop'], runs: [[[1, 2]]] },
  {
    name: 'Loop that makes its value longer each round', ops: ['loop'], runs: [[[1, 2], [3]], [[1, 2], [0]]],
    file: model({
      nodes: [
        node('Loop', ['n', '', 'x'], ['y'], {
          body: graph({
            nodes: [node('Concat', ['v', 'x'], ['next'], { axis: 0 }), node('Identity', ['holds'], ['again'])],
            inputs: [round, flag, port('v', ['length'])], outputs: [port('again', [], 'bool'), port('next', ['longer'])],
          }),
        }),
      ],
      inputs: [port('x', [2]), port('n', [], 'int64')], outputs: [port('y', ['n'])],
    }),
  },
  { name: 'Scan over more steps than are unrolled, from either end, along other axes', file: model(scanned), ops: ['loop', 'gather', 'transpose'], runs: [[Array.from({ length: 600 }, (_, i) => Math.sin(i))]] },
  { name: 'a loop in a branch, and a branch in that loop', file: model(nested), ops: ['if'], runs: [[[5, 2]], [[-5, 2]], [[0.5, 0.25]]] },
  { name: 'If over codes', file: model(quantized), ops: ['quantize', 'if'], runs: [[[1, 2, 3.3]], [[-1, -2, -100]]] },
];
