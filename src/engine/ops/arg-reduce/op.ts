import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { normalAxis, type OpDefinition } from '../op';
import { forEachRow, rowsAlong } from '../rows';
import { argKernel } from './kernels';
import { argReduceTflite } from './tflite';

/** Place of the largest or smallest element along an axis. Attributes: axis, keepAxis, selectLast (of equal ones). */
export const argMax = argReduce('arg_max', 'ArgMax', '>', (x, best) => x > best);
export const argMin = argReduce('arg_min', 'ArgMin', '<', (x, best) => x < best);

function argReduce(name: string, onnxName: string, better: '>' | '<', isBetter: (x: number, best: number) => boolean): OpDefinition {
  const onnx: OnnxMapping = {
    import: {
      [onnxName]: (node) => void node.emit(name, [node.inputs[0]], { axis: node.int('axis', 0), keepAxis: node.int('keepdims', 1) === 1, selectLast: node.int('select_last_index', 0) === 1 }),
    },
    export: (node, writer) => writer.emit(onnxName, writer.inputs, writer.outputs, { axis: node.int('axis', 0), keepdims: node.flag('keepAxis') ? 1 : 0, select_last_index: node.flag('selectLast') ? 1 : 0 }),
  };
  return {
    name,
    label: () => onnxName,
    infer(node) {
      const { shape } = node.type(0);
      if (!shape) return [{ dtype: 'int64', shape }];
      const axis = normalAxis(node.int('axis', 0), shape.length);
      return [{ dtype: 'int64', shape: node.flag('keepAxis') ? shape.map((d, i) => (i === axis ? 1 : d)) : shape.filter((_, i) => i !== axis) }];
    },
    evaluate(node, [input]) {
      const result = zeros(node.outputType());
      const rows = rowsAlong(input!.type.shape, node.int('axis', 0));
      const selectLast = node.flag('selectLast');
      forEachRow(rows, (start, row) => {
        let best = 0;
        for (let i = 1; i < rows.depth; i++) {
          const [x, y] = [input!.data[start + i * rows.inner], input!.data[start + best * rows.inner]];
          if (isBetter(x, y) || (selectLast && x === y)) best = i;
        }
        result.data[row] = best;
      });
      return [result];
    },
    kernels: [argKernel(name, better)],
    onnx,
    tflite: argReduceTflite(name.toUpperCase(), name),
  };
}
