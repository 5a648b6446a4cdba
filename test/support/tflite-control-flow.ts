import { floats, ints, type TestGraph, type TestTensor } from './tflite-model';

/** Models whose graphs run other graphs; tests read them, and an independent runtime runs them. */

const scalar = (name: string, type: 'float32' | 'int32' | 'bool', data?: ArrayBufferView): TestTensor => ({ name, type, shape: [], ...(data ? { data } : {}) });

/** x [3] doubled where its sum is positive, else plus one. */
export function branchModel(): TestGraph[] {
  const [x, y]: TestTensor[] = ['x', 'y'].map((name) => ({ name, shape: [3] }));
  const branch = (op: string, operand: number): TestGraph => ({
    tensors: [x, y, scalar('operand', 'float32', floats(operand))], inputs: ['x'], outputs: ['y'], operators: [{ op, inputs: ['x', 'operand'], outputs: ['y'], options: {} }],
  });
  const axes: TestTensor = { name: 'axes', type: 'int32', shape: [1], data: ints(0) };
  return [
    {
      tensors: [x, y, axes, scalar('sum', 'float32'), scalar('zero', 'float32', floats(0)), scalar('condition', 'bool')], inputs: ['x'], outputs: ['y'],
      operators: [
        { op: 'SUM', inputs: ['x', 'axes'], outputs: ['sum'], options: {} },
        { op: 'GREATER', inputs: ['sum', 'zero'], outputs: ['condition'], options: {} },
        { op: 'IF', inputs: ['condition', 'x'], outputs: ['y'], options: { thenSubgraphIndex: 1, elseSubgraphIndex: 2 } },
      ],
    },
    branch('MUL', 2),
    branch('ADD', 1),
  ];
}

/** x [2] doubled so many times. */
export function countedLoopModel(rounds: number): TestGraph[] {
  const [x, y]: TestTensor[] = ['x', 'y'].map((name) => ({ name, shape: [2] }));
  const [i, next] = [scalar('i', 'int32'), scalar('next', 'int32')];
  return [
    {
      tensors: [x, y, scalar('start', 'int32', ints(0)), scalar('end', 'int32')], inputs: ['x'], outputs: ['y'],
      operators: [{ op: 'WHILE', inputs: ['start', 'x'], outputs: ['end', 'y'], options: { condSubgraphIndex: 1, bodySubgraphIndex: 2 } }],
    },
    {
      tensors: [i, x, scalar('rounds', 'int32', ints(rounds)), scalar('goes_on', 'bool')], inputs: ['i', 'x'], outputs: ['goes_on'],
      operators: [{ op: 'LESS', inputs: ['i', 'rounds'], outputs: ['goes_on'], options: {} }],
    },
    {
      tensors: [i, x, next, y, scalar('one', 'int32', ints(1)), scalar('two', 'float32', floats(2))], inputs: ['i', 'x'], outputs: ['next', 'y'],
      operators: [{ op: 'ADD', inputs: ['i', 'one'], outputs: ['next'], options: {} }, { op: 'MUL', inputs: ['x', 'two'], outputs: ['y'], options: {} }],
    },
  ];
}

/** x [1, 2] times twice the identity until its sum is 100 or more. */
export function dataLoopModel(): TestGraph[] {
  const [x, y]: TestTensor[] = ['x', 'y'].map((name) => ({ name, shape: [1, 2] }));
  const axes: TestTensor = { name: 'axes', type: 'int32', shape: [2], data: ints(0, 1) };
  return [
    { tensors: [x, y], inputs: ['x'], outputs: ['y'], operators: [{ op: 'WHILE', inputs: ['x'], outputs: ['y'], options: { condSubgraphIndex: 1, bodySubgraphIndex: 2 } }] },
    {
      tensors: [x, axes, scalar('sum', 'float32'), scalar('limit', 'float32', floats(100)), scalar('goes_on', 'bool')], inputs: ['x'], outputs: ['goes_on'],
      operators: [{ op: 'SUM', inputs: ['x', 'axes'], outputs: ['sum'], options: {} }, { op: 'LESS', inputs: ['sum', 'limit'], outputs: ['goes_on'], options: {} }],
    },
    {
      tensors: [x, y, { name: 'weights', shape: [2, 2], data: floats(2, 0, 0, 2) }], inputs: ['x'], outputs: ['y'],
      operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'weights'], outputs: ['y'], options: {} }],
    },
  ];
}
