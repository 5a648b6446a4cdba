import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { broadcastOffsets } from '../broadcast';
import { normalAxis, ShapeError, type OpDefinition } from '../op';
import { normKernel } from './kernels';
import { layerNormOnnx, rmsNormOnnx } from './onnx';

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + bias over all axes from `axis` on. Inputs: x, scale, optional bias.
 * Outputs: y, and where asked mean and 1 / standard deviation. Attributes: axis, epsilon.
 */
export const layerNorm = normalization('layer_norm', 'LayerNorm', true);
/** x / sqrt(mean of x² + epsilon) * scale over all axes from `axis` on. Attributes: axis, epsilon. */
export const rmsNorm = normalization('rms_norm', 'RMSNorm', false);

function normalization(name: string, label: string, centers: boolean): OpDefinition {
  return {
    name,
    label: () => label,
    infer(node) {
      const { dtype, shape } = node.type(0);
      if (!shape) return node.node.outputs.map(() => ({ dtype, shape }));
      if (!shape.length) throw new ShapeError('a scalar has no axis');
      const axis = normalAxis(node.int('axis'), shape.length);
      const statistics = { dtype: 'float32', shape: shape.map((d, i) => (i < axis ? d : 1)) } as const;
      return [{ dtype, shape }, statistics, statistics];
    },
    evaluate(node, [input, scale, bias]) {
      const result = zeros(node.outputType());
      const { shape } = input!.type;
      const axis = normalAxis(node.int('axis'), shape.length);
      const inner = elementCount(shape.slice(axis));
      const outer = elementCount(shape.slice(0, axis));
      const statistics = { dtype: 'float32', shape: shape.map((d, i) => (i < axis ? d : 1)) } as const;
      const [means, inverses] = [zeros(statistics), zeros(statistics)];
      const [atScale, atBias] = [scale, bias].map((tensor) => tensor && broadcastOffsets(tensor.type.shape, shape));
      const epsilon = node.attributes.epsilon as number;
      for (let row = 0; row < outer; row++) {
        let mean = 0;
        for (let i = 0; centers && i < inner; i++) mean += input!.data[row * inner + i] / inner;
        let square = 0;
        for (let i = 0; i < inner; i++) square += (input!.data[row * inner + i] - mean) ** 2;
        const inverse = 1 / Math.sqrt(square / inner + epsilon);
        [means.data[row], inverses.data[row]] = [mean, inverse];
        for (let i = row * inner; i < (row + 1) * inner; i++) {
          const normal = (input!.data[i] - mean) * inverse * (scale ? scale.data[atScale![i]] : 1);
          result.data[i] = normal + (bias ? bias.data[atBias![i]] : 0);
        }
      }
      return [result, means, inverses];
    },
    kernels: [normKernel(centers)],
    onnx: centers ? layerNormOnnx : rmsNormOnnx,
  };
}
