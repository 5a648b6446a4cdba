import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { codesType, readQuantization } from '../../formats/onnx/quantization';
import type { Attributes, Quantization, ValueId } from '../../ir/types';
import { add } from '../add/op';
import { averagePool } from '../average-pool/op';
import { concat } from '../concat/op';
import { dequantize } from '../dequantize/op';
import { leakyRelu } from '../leaky-relu/op';
import { mul } from '../mul/op';
import { normalAxis } from '../op';
import { importPool } from '../pool';
import { quantize } from '../quantize/op';
import { reduce } from '../reduce/op';
import { sigmoid } from '../sigmoid/op';
import { softmax } from '../softmax/op';
import { where } from '../where/op';

/**
 * Layers on codes that onnxruntime's quantizer writes in QOperator form: each becomes dequantize, the layer, quantize, which
 * is what a QDQ model holds; fusing makes codes of both. Source: onnxruntime docs/ContribOperators.md.
 */
export const microsoftImporters: OnnxImporters = {
  'com.microsoft:QLinearAdd': (node) => pairwise(node, add.name),
  'com.microsoft:QLinearMul': (node) => pairwise(node, mul.name),
  'com.microsoft:QLinearSigmoid': (node) => single(node, sigmoid.name, {}),
  'com.microsoft:QLinearLeakyRelu': (node) => single(node, leakyRelu.name, { alpha: node.float('alpha', 0.01) }),
  'com.microsoft:QLinearSoftmax': (node) => single(node, softmax.name, { axis: node.int('axis', -1) }),
  'com.microsoft:QLinearGlobalAveragePool'(node) {
    const { shape } = node.known(0);
    const isLast = node.int('channels_last', 0) === 1;
    const kernel = isLast ? shape.slice(1, -1) : shape.slice(2);
    single(node, averagePool.name, {
      layout: isLast ? 'nhwc' : 'nchw', kernel, strides: kernel.map(() => 1), dilations: kernel.map(() => 1), pads: [...kernel, ...kernel].map(() => 0), ceilMode: false, countPadding: false,
    });
  },
  'com.microsoft:QLinearAveragePool'(node) {
    if (node.int('channels_last', 0)) node.refuse('an image with channels last');
    single(node, averagePool.name, { ...importPool(node), countPadding: node.int('count_include_pad', 0) === 1 });
  },
  'com.microsoft:QLinearReduceMean'(node) {
    const axes = node.ints('axes');
    single(node, reduce.name, { mode: 'mean', keepDims: node.int('keepdims', 1) === 1, ...(axes ? { axes } : {}) });
  },
  'com.microsoft:QLinearConcat'(node) {
    // Output scale and zero point come first, then three inputs for each part.
    const count = (node.inputs.length - 2) / 3;
    const parts = Array.from({ length: count }, (_, i) => real(node, 2 + 3 * i));
    finish(node, node.step(concat.name, parts, { axis: normalAxis(node.int('axis', 0), node.rank(2)) }), 0);
  },
  'com.microsoft:QLinearWhere': (node) => finish(node, node.step(where.name, [node.inputs[0], real(node, 1), real(node, 4)]), 7),
  'com.microsoft:QGemm'(node) {
    if (node.int('transA', 0) || node.float('alpha', 1) !== 1) node.refuse('a factor or a transposed left operand');
    const left = readQuantization(node, 2, 1, 2);
    const rows = readQuantization(node, 2, 4, 5);
    const isTurned = node.int('transB', 0) === 1;
    const right: Quantization = rows.axis === undefined ? rows : { ...rows, axis: isTurned ? 0 : 1 };
    const codes = node.codes(3, right);
    const weights = isTurned ? codes : node.step('transpose', [codes], { permutation: [1, 0] });
    const scale = right.scale.map((s) => Math.fround(s * left.scale[0]));
    const bias = node.has(6) ? node.codes(6, { scale, zeroPoint: scale.map(() => 0), ...(scale.length > 1 ? { axis: 0 } : {}) }) : undefined;
    const product: Attributes = {};
    if (!node.has(7)) node.refuse('a result in float');
    node.emit('dense', [node.codes(0, left), weights, bias], product, { type: { dtype: codesType(node, 8), shape: undefined, quantization: readQuantization(node, 2, 7, 8) } });
  },
};

/** Two operands of three inputs each, then the result's scale and zero point. */
const pairwise = (node: OnnxNode, op: string): void => finish(node, node.step(op, [real(node, 0), real(node, 3)]), 6);
/** One operand, then the result's scale and zero point. */
const single = (node: OnnxNode, op: string, attributes: Attributes): void => finish(node, node.step(op, [real(node, 0)], attributes), 3);

/** Real numbers of the codes at `index`, whose scale and zero point follow. */
const real = (node: OnnxNode, index: number): ValueId => node.step(dequantize.name, [node.codes(index, readQuantization(node, node.type(index).shape?.length, index + 1, index + 2))]);

function finish(node: OnnxNode, value: ValueId, scale: number): void {
  const { shape } = node.typeOf(value);
  const quantization = readQuantization(node, shape?.length, scale, scale + 1);
  node.emit(quantize.name, [value], {}, { type: { dtype: codesType(node, scale + 1), shape, quantization } });
}
