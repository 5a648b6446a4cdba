import type { Kernel, PackedConstant } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import { broadcastOffsets } from '../broadcast';
import { normalAxis, type NodeView } from '../op';
import text from './tml_layer_norm_f32.h';

/** Factors and summands are known, and the same for every row. */
const isPerRow = (node: NodeView, index: number): boolean => {
  if (!node.has(index)) return true;
  const { shape } = node.staticType(0);
  const axis = normalAxis(node.int('axis'), shape.length);
  const own = node.staticType(index).shape;
  return node.isConstant(index) && own.slice(0, Math.max(0, own.length - (shape.length - axis))).every((extent) => extent === 1);
};

export const normKernel = (centers: boolean): Kernel => ({
  header: { file: 'tml_layer_norm_f32.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && node.node.outputs.length === 1 && isPerRow(node, 1) && isPerRow(node, 2),
  plan(node) {
    const { shape } = node.staticType(0);
    const axis = normalAxis(node.int('axis'), shape.length);
    const row = shape.slice(axis);
    const inner = elementCount(row);
    const spread = (role: string, index: number, otherwise: number): PackedConstant => ({
      role,
      dtype: 'float32',
      elements: inner,
      make() {
        const tensor = node.constant(index);
        if (!tensor) return new Float32Array(inner).fill(otherwise);
        const own = tensor.type.shape.slice(-row.length);
        return Float32Array.from(broadcastOffsets(row.length ? own : [], row), (at) => tensor.data[at]);
      },
    });
    return {
      function: 'tml_layer_norm_f32',
      params: { type: 'tml_layer_norm_f32_params', members: { outer: elementCount(shape.slice(0, axis)), inner, centers: centers ? 1 : 0, epsilon: node.attributes.epsilon as number } },
      inputs: [0],
      constants: [spread('scale', 1, 1), spread('bias', 2, 0)],
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 160,
    };
  },
});
