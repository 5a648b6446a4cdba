import type { ValueId } from '../../ir/types';
import { normalAxis } from '../op';
import { CannotWrite, type OnnxMapping, type OnnxNode } from '../../formats/onnx/mapping';

/** ONNX op, mode, and the operator set in which axes became an input. */
const modes: readonly (readonly [string, string, number])[] = [
  ['ReduceMean', 'mean', 18], ['ReduceSum', 'sum', 13], ['ReduceMax', 'max', 18], ['ReduceMin', 'min', 18], ['ReduceProd', 'prod', 18],
  ['ReduceL1', 'l1', 18], ['ReduceL2', 'l2', 18], ['ReduceSumSquare', 'sum_square', 18], ['ReduceLogSum', 'log_sum', 18],
];

export const reduceOnnx: OnnxMapping = {
  import: {
    ...Object.fromEntries(modes.map(([name, mode, since]) => [name, (node: OnnxNode) => importReduce(node, mode, since)])),
    ReduceLogSumExp: importLogSumExp,
  },
  export(node, writer) {
    const found = modes.find(([, mode]) => mode === node.text('mode'));
    if (!found) throw new CannotWrite(`${node.text('mode')} has no ONNX form`);
    const [name, , since] = found;
    const axes = node.attributes.axes as readonly number[] | undefined;
    const keepdims = node.flag('keepDims') ? 1 : 0;
    if (!axes) return writer.emit(name, writer.inputs, writer.outputs, { keepdims });
    if (writer.opset < since) return writer.emit(name, writer.inputs, writer.outputs, { axes, keepdims });
    const list = writer.constant('axes', { type: { dtype: 'int64', shape: [axes.length] }, data: Float64Array.from(axes) });
    writer.emit(name, [writer.inputs[0], list], writer.outputs, { keepdims });
  },
};

/** Modes that leave single elements as they are. */
const trivial = new Set(['mean', 'sum', 'max', 'min', 'prod']);

function importReduce(node: OnnxNode, mode: string, since: number): void {
  const axes = axesOf(node, since);
  const isNone = axes?.length === 0;
  if (isNone && trivial.has(mode)) return node.alias(0, node.inputs[0]!);
  node.emit('reduce', [node.inputs[0]], { mode, keepDims: node.int('keepdims', 1) === 1, ...(axes ? { axes } : {}) });
}

/** Axes to reduce: all where undefined, none where empty. */
function axesOf(node: OnnxNode, since: number): readonly number[] | undefined {
  const given = node.opset < since ? node.ints('axes') : node.has(1) ? node.integers(1, 'axes') : undefined;
  if (given?.length) return given;
  return node.int('noop_with_empty_axes', 0) ? [] : undefined;
}

/** log(sum(exp(x - max))) + max: no exponential overflows. */
function importLogSumExp(node: OnnxNode): void {
  const axes = axesOf(node, 18);
  const [input] = node.inputs;
  if (axes?.length === 0) return node.alias(0, input!);
  const reduced = (id: ValueId, mode: string): ValueId => node.step('reduce', [id], { mode, keepDims: true, ...(axes ? { axes } : {}) });
  const largest = reduced(input!, 'max');
  const sum = reduced(node.step('exp', [node.step('sub', [input, largest])]), 'sum');
  if (node.int('keepdims', 1)) return void node.emit('add', [node.step('log', [sum]), largest]);
  const result = node.step('add', [node.step('log', [sum]), largest]);
  const shape = node.known(0).shape;
  const gone = new Set(axes ? axes.map((axis) => normalAxis(axis, shape.length)) : shape.map((_, axis) => axis));
  node.emit('reshape', [result], { shape: shape.filter((_, axis) => !gone.has(axis)) });
}
