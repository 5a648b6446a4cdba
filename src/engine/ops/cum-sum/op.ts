import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { TfliteMapping } from '../../formats/tflite/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { OpDefinition } from '../op';
import { rowKernel } from '../row-kernel';
import { forEachRow, rowsAlong, rowwiseInfer } from '../rows';

/** Running sum or product along an axis. Attributes: axis, exclusive (leaves the element itself out), reverse. */
export const cumSum = running('cum_sum', 'CumSum', 0, (sum, x) => sum + x);
export const cumProd = running('cum_prod', 'CumProd', 1, (product, x) => product * x);

function running(name: string, onnxName: string, start: number, f: (total: number, x: number) => number): OpDefinition {
  const onnx: OnnxMapping = {
    import: {
      [onnxName]: (node) =>
        void node.emit(name, [node.inputs[0]], { axis: node.integers(1, 'an axis')[0], exclusive: node.int('exclusive', 0) === 1, reverse: node.int('reverse', 0) === 1 }),
    },
    since: () => (name === 'cum_prod' ? 26 : 0),
    export: (node, writer) =>
      writer.emit(onnxName, [writer.inputs[0], writer.constant('axis', int64Tensor([node.int('axis')], []))], writer.outputs, {
        exclusive: node.flag('exclusive') ? 1 : 0, reverse: node.flag('reverse') ? 1 : 0,
      }),
  };
  const tflite: TfliteMapping = {
    import: {
      CUMSUM(node) {
        node.needReal();
        const [axis] = node.known(1, 'axes');
        node.emit(name, [node.inputs[0]], { axis, exclusive: node.flag('exclusive'), reverse: node.flag('reverse') });
      },
    },
    export(node, writer) {
      if (node.type(0).quantization) return writer.refuse('codes in place of real numbers');
      const axis = writer.constant('axis', { type: { dtype: 'int32', shape: [] }, data: Int32Array.of(node.int('axis')) });
      writer.emit('CUMSUM', [writer.inputs[0], axis], writer.outputs, { exclusive: node.flag('exclusive') ? 1 : 0, reverse: node.flag('reverse') ? 1 : 0 });
    },
  };
  return {
    name,
    label: () => onnxName,
    infer: (node) => rowwiseInfer(node, node.int('axis')),
    evaluate(node, [input]) {
      const result = zeros(node.outputType());
      const rows = rowsAlong(input!.type.shape, node.int('axis'));
      const [exclusive, reverse] = [node.flag('exclusive'), node.flag('reverse')];
      forEachRow(rows, (first) => {
        let total = start;
        for (let i = 0; i < rows.depth; i++) {
          const at = first + (reverse ? rows.depth - 1 - i : i) * rows.inner;
          const next = f(total, input!.data[at]);
          result.data[at] = exclusive ? total : next;
          total = next;
        }
      });
      return [result];
    },
    kernels: [rowKernel(() => `tml_${name}_f32`, 90)],
    onnx,
    tflite: name === 'cum_sum' ? tflite : undefined,
  };
}
