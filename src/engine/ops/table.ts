import type { OnnxImporters } from '../formats/onnx/mapping';
import type { TfliteImporters } from '../formats/tflite/mapping';
import { add } from './add/op';
import { argMax, argMin } from './arg-reduce/op';
import { attention } from './attention/op';
import { averagePool } from './average-pool/op';
import { batchNorm } from './batch-norm/op';
import { binaryOps } from './binary/op';
import { cast } from './cast/op';
import { clamp } from './clamp/op';
import { dataDependentImporters } from './compress/onnx';
import { concat } from './concat/op';
import { constantImporters } from './constants/onnx';
import { conditional, loop } from './control-flow/op';
import { conv } from './conv/op';
import { cumProd, cumSum } from './cum-sum/op';
import { dense } from './dense/op';
import { spaceImporters } from './depth-space/tflite';
import { depthSpaceImporters } from './depth-space/onnx';
import { dequantize } from './dequantize/op';
import { det } from './det/op';
import { detection } from './detection/op';
import { einsum } from './einsum/op';
import { expand } from './expand/op';
import { gatherElements } from './gather/elements';
import { gatherNd } from './gather/nd';
import { gather } from './gather/op';
import { gridSample } from './grid-sample/op';
import { hardSwish } from './hard-swish/op';
import { hardmax } from './hardmax/op';
import { identity } from './identity/op';
import { inputRows } from './input-rows/op';
import { groupNorm } from './instance-norm/op';
import { dynamicQuantize } from './integer-layers/dynamic-quantize';
import { microsoftImporters } from './integer-layers/microsoft';
import { integerLayerImporters } from './integer-layers/onnx';
import { layerNorm, rmsNorm } from './layer-norm/op';
import { leakyRelu } from './leaky-relu/op';
import { localResponseNorm } from './local-response-norm/op';
import { logSoftmax } from './log-softmax/op';
import { negativeLogLikelihood } from './loss/op';
import { lpNorm } from './lp-norm/op';
import { lpPool } from './lp-pool/op';
import { lstm } from './lstm/op';
import { matmul } from './matmul/op';
import { maxPool } from './max-pool/op';
import { mul } from './mul/op';
import { nonMaxSuppressionImporters } from './non-max-suppression/onnx';
import { nonMaxSuppression } from './non-max-suppression/op';
import { nonZero } from './non-zero/op';
import { oneHot } from './one-hot/op';
import type { OpDefinition } from './op';
import { opaque } from './opaque';
import { pad } from './pad/op';
import { prelu } from './prelu/op';
import { quantize } from './quantize/op';
import { gru, rnn } from './recurrent/op';
import { reduce } from './reduce/op';
import { reshape } from './reshape/op';
import { resize } from './resize/op';
import { reverseSequence } from './reverse-sequence/op';
import { rotaryEmbedding } from './rotary-embedding/op';
import { scatterElements, scatterNd } from './scatter/op';
import { sigmoid } from './sigmoid/op';
import { slice } from './slice/op';
import { softmax } from './softmax/op';
import { split } from './split/op';
import { sub } from './sub/op';
import { svdf } from './svdf/op';
import { tanh } from './tanh/op';
import { tile } from './tile/op';
import { topK } from './top-k/op';
import { transposeConv } from './transpose-conv/op';
import { transpose } from './transpose/op';
import { trilu } from './trilu/op';
import { compositeImporters } from './tflite-composites';
import { bucketImporters } from './tflite-buckets';
import { unaryOps } from './unary/op';
import { uniqueImporters } from './unique/onnx';
import { unique } from './unique/op';
import { updateSlice } from './update-slice/op';
import { where } from './where/op';
import { windowImporters } from './windows/onnx';

/**
 * Every op that the engine knows. Adding one is a folder and a line here. Functions, as op folders read formats, and those this
 * table: whichever file is loaded first, the table is made when it is first asked for.
 */
const definitions = (): readonly OpDefinition[] => [
  add, argMax, argMin, attention, averagePool, batchNorm, cast, clamp, concat, conditional, conv, cumProd, cumSum, dense, dequantize, det,
  detection, dynamicQuantize, einsum, expand, gather, gatherElements, gatherNd, gridSample, groupNorm, gru, hardmax, hardSwish, identity, inputRows, layerNorm,
  leakyRelu, localResponseNorm, logSoftmax, loop, lpNorm, lpPool, lstm, matmul, maxPool, mul, negativeLogLikelihood, nonMaxSuppression, nonZero, oneHot, opaque, pad,
  prelu, quantize, reduce, reshape, resize, reverseSequence, rmsNorm, rnn, rotaryEmbedding, scatterElements, scatterNd, sigmoid, slice,
  softmax, split, sub, svdf, tanh, tile, topK, transpose, transposeConv, trilu, unique, updateSlice, where, ...binaryOps, ...unaryOps,
];

let known: ReadonlyMap<string, OpDefinition> | undefined;
export const ops = (): ReadonlyMap<string, OpDefinition> => (known ??= new Map(definitions().map((op) => [op.name, op])));

/** Definition of a node's op; every op in a graph is in the table. */
export function opOf(node: { readonly op: string }): OpDefinition {
  const op = ops().get(node.op);
  if (!op) throw new Error(`No op ${node.op}`);
  return op;
}

/** ONNX constructs that are made of other ops, or that vanish on import. */
const onnxOnly = (): readonly OnnxImporters[] => [
  constantImporters, dataDependentImporters, depthSpaceImporters, integerLayerImporters, microsoftImporters, nonMaxSuppressionImporters, uniqueImporters,
  windowImporters,
];

/** TFLite operators that are made of other ops, or that vanish on import. */
const tfliteOnly = (): readonly TfliteImporters[] => [bucketImporters, compositeImporters, spaceImporters];

/** TFLite operator to what imports it. */
export function tfliteImporters(): ReadonlyMap<string, TfliteImporters[string]> {
  return new Map([...definitions().map((op) => op.tflite?.import ?? {}), ...tfliteOnly()].flatMap((importers) => Object.entries(importers)));
}

/** ONNX op, with its domain in front unless it is the standard one, to what imports it. */
export function onnxImporters(): ReadonlyMap<string, OnnxImporters[string]> {
  return new Map([...definitions().map((op) => op.onnx?.import ?? {}), ...onnxOnly()].flatMap((importers) => Object.entries(importers)));
}
