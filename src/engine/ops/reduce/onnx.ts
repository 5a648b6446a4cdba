import { CannotWrite, type OnnxMapping, type OnnxNode } from '../../formats/onnx/mapping';

/** ONNX op, mode, and the operator set in which axes became an input. */
const modes: readonly (readonly [string, string, number])[] = [
  ['ReduceMean', 'mean', 18], ['ReduceSum', 'sum', 13], ['ReduceMax', 'max', 18], ['ReduceMin', 'min', 18], ['ReduceProd', 'prod', 18],
  ['ReduceL1', 'l1', 18], ['ReduceL2', 'l2', 18], ['ReduceSumSquare', 'sum_square', 18], ['ReduceLogSum', 'log_sum', 18],
];

/** Operator set that our exporter writes: see formats/onnx/write.ts. */
const WRITTEN_OPSET = 17;

export const reduceOnnx: OnnxMapping = {
  import: Object.fromEntries(modes.map(([name, mode, since]) => [name, (node: OnnxNode) => importReduce(node, mode, since)])),
  export(node, writer) {
    const found = modes.find(([, mode]) => mode === node.text('mode'));
    if (!found) throw new CannotWrite(`${node.text('mode')} has no ONNX form`);
    const [name, , since] = found;
    const axes = node.attributes.axes as readonly number[] | undefined;
    const keepdims = node.flag('keepDims') ? 1 : 0;
    if (!axes) return writer.emit(name, writer.inputs, writer.outputs, { keepdims });
    if (WRITTEN_OPSET < since) return writer.emit(name, writer.inputs, writer.outputs, { axes, keepdims });
    const list = writer.constant('axes', { type: { dtype: 'int64', shape: [axes.length] }, data: Float64Array.from(axes) });
    writer.emit(name, [writer.inputs[0], list], writer.outputs, { keepdims });
  },
};

function importReduce(node: OnnxNode, mode: string, since: number): void {
  const given = node.opset < since ? node.ints('axes') : node.inputs[1] === undefined ? undefined : Array.from((node.constant(1) ?? node.refuse('axes that vary')).data);
  const axes = given?.length ? given : undefined;
  if (!axes && node.int('noop_with_empty_axes', 0)) {
    // Only the part that works on single elements remains.
    if (mode !== 'mean' && mode !== 'sum' && mode !== 'max' && mode !== 'min' && mode !== 'prod') node.refuse('a reduction of no axes');
    return node.alias(0, node.inputs[0]!);
  }
  node.emit('reduce', [node.inputs[0]], { mode, keepDims: node.int('keepdims', 1) === 1, ...(axes ? { axes } : {}) });
}
