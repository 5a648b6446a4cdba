import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

const modes: Readonly<Record<string, string>> = {
  MEAN: 'mean', SUM: 'sum', REDUCE_MAX: 'max', REDUCE_MIN: 'min', REDUCE_PROD: 'prod', REDUCE_ANY: 'any', REDUCE_ALL: 'all',
};

export const reduceTflite: TfliteMapping = {
  import: Object.fromEntries(Object.entries(modes).map(([op, mode]) => [op, (node: TfliteNode) => importReduce(node, mode)])),
  export(node, writer) {
    const op = Object.keys(modes).find((name) => modes[name] === node.text('mode'));
    if (!op) return writer.refuse(`a reduction by ${node.text('mode')}`);
    const axes = (node.attributes.axes as readonly number[] | undefined) ?? node.staticType(0).shape.map((_, axis) => axis);
    writer.emit(op, [writer.inputs[0], writer.numbers('axes', axes)], writer.outputs, { keepDims: node.flag('keepDims') ? 1 : 0 });
  },
};

function importReduce(node: TfliteNode, mode: string): void {
  const rank = node.type(0).shape?.length ?? node.refuse('an input of unknown rank');
  const axes = [...new Set(node.known(1, 'axes').map((axis) => normalAxis(axis, rank)))];
  node.emit('reduce', [node.inputs[0]], { mode, keepDims: node.flag('keepDims'), axes });
}
