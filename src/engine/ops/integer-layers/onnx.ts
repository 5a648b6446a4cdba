import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { codesType, readQuantization } from '../../formats/onnx/quantization';
import type { Attributes, Quantization, ValueId } from '../../ir/types';
import { importConv } from '../conv/onnx';

/** ONNX layers on codes (QOperator form): they become what a QDQ model becomes after its pairs are fused. */
export const integerLayerImporters: OnnxImporters = {
  QLinearConv(node) {
    const rank = node.rank(0);
    const [image, weights, output] = [quantizationAt(node, 0, rank), weightQuantization(node, 3), quantizationAt(node, 6, rank)];
    const inputs = [node.codes(0, image), codesAt(node, 3, weights), node.has(8) ? biasCodes(node, 8, image, weights) : undefined];
    const type = { dtype: codesType(node, 7), shape: undefined, quantization: output };
    node.emit('conv', inputs, importConv(node, 0, 3), { type });
  },
  QLinearMatMul(node) {
    const rank = node.rank(3);
    const [left, right, output] = [quantizationAt(node, 0, node.rank(0)), rowQuantization(node, 3), quantizationAt(node, 6, rank)];
    const type = { dtype: codesType(node, 7), shape: undefined, quantization: output };
    if (rank === 2 && node.isConstant(node.inputs[3]) && left.axis === undefined) {
      return void node.emit('dense', [node.codes(0, left), node.step('transpose', [codesAt(node, 3, right)], { permutation: [1, 0] })], {}, { type });
    }
    const product = node.step('matmul', [node.step('dequantize', [node.codes(0, left)]), node.step('dequantize', [codesAt(node, 3, right)])]);
    node.emit('quantize', [product], {}, { type: { ...type, shape: node.typeOf(product).shape } });
  },
  MatMulInteger(node) {
    node.emit('matmul', [shifted(node, 0, 2, node.rank(0) - 2), shifted(node, 1, 3, node.rank(1) - 1)]);
  },
  ConvInteger(node) {
    node.emit('conv', [shifted(node, 0, 2, 1), shifted(node, 1, 3, 0)], importConv(node, 0, 1));
  },
};

/** Scale and zero point in the two inputs behind `index`. */
export const quantizationAt = (node: OnnxNode, index: number, rank: number, axis?: number): Quantization => {
  const isScaleOnly = index === 6;
  const [scale, zeroPoint] = isScaleOnly ? [6, 7] : [index + 1, index + 2];
  const quantization = readQuantization(node, rank, scale, zeroPoint);
  return quantization.axis === undefined ? quantization : { ...quantization, axis: axis ?? quantization.axis };
};

/** Output channels come first in weights. */
const weightQuantization = (node: OnnxNode, index: number): Quantization => quantizationAt(node, index, node.rank(index), 0);
/** A scale per column of the right matrix. */
const rowQuantization = (node: OnnxNode, index: number): Quantization => quantizationAt(node, index, node.rank(index), node.rank(index) - 1);

const codesAt = (node: OnnxNode, index: number, quantization: Quantization): ValueId => node.codes(index, quantization);

/** int32 at input scale * weight scale. */
function biasCodes(node: OnnxNode, index: number, image: Quantization, weights: Quantization): ValueId {
  const scale = weights.scale.map((s) => Math.fround(s * image.scale[0]));
  return node.codes(index, { scale, zeroPoint: scale.map(() => 0), ...(scale.length > 1 ? { axis: 0 } : {}) });
}

/** Codes as int32 less their zero point, which may be one per slice along `axis`. */
function shifted(node: OnnxNode, index: number, zeroPoint: number, axis: number): ValueId {
  const wide: Attributes = { to: 'int32' };
  const codes = node.step('cast', [node.inputs[index]], wide);
  if (!node.has(zeroPoint)) return codes;
  const zero = node.step('cast', [node.inputs[zeroPoint]], wide);
  const { shape } = node.typeOf(zero);
  const isList = shape?.length === 1 && shape[0] !== 1;
  const rank = node.rank(index);
  const aligned = isList ? node.step('reshape', [zero], { shape: Array.from({ length: rank }, (_, i) => (i === axis ? shape[0] : 1)) }) : zero;
  return node.step('sub', [codes, shape?.length === 1 && !isList ? node.step('reshape', [zero], { shape: [] }) : aligned]);
}
