import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { exportPool, importPool, poolGeometry, poolInfer, poolLabel } from '../pool';
import type { OpDefinition } from '../op';
import { forEachWindow, stridesOf } from '../window';

const onnx: OnnxMapping = {
  import: {
    LpPool: (node) => void node.emit('lp_pool', node.inputs, { ...importPool(node), order: node.int('p', 2) }),
    GlobalLpPool(node) {
      const kernel = node.known(0).shape.slice(2);
      node.emit('lp_pool', node.inputs, { layout: 'nchw', kernel, strides: kernel.map(() => 1), order: node.int('p', 2) });
    },
  },
  since: () => 18,
  export: (node, writer) => writer.emit('LpPool', writer.inputs, writer.outputs, { ...exportPool(node), dilations: node.ints('dilations', node.ints('kernel').map(() => 1)), p: node.int('order') }),
};

/** Length of the vector under a window: (sum of |x|^order)^(1 / order). Attributes as for pools, and order. */
export const lpPool: OpDefinition = {
  name: 'lp_pool',
  label: (node) => poolLabel(`L${node.int('order')}Pool`, node),
  imageInputs: [0],
  infer: (node) => poolInfer(node),
  evaluate(node, [input]) {
    const { window, from, to } = poolGeometry(node);
    const result = zeros(node.outputType());
    const [inStrides, outStrides] = [stridesOf(from, window.layout), stridesOf(to, window.layout)];
    const order = node.int('order');
    forEachWindow(from, to, window, (offset, taps) => {
      for (let batch = 0; batch < from.batch; batch++) {
        for (let c = 0; c < from.channels; c++) {
          let sum = 0;
          for (const tap of taps) sum += Math.abs(input!.data[batch * inStrides.batch + c * inStrides.channel + tap.input]) ** order;
          result.data[batch * outStrides.batch + c * outStrides.channel + offset] = sum ** (1 / order);
        }
      }
    });
    return [result];
  },
  onnx,
};
