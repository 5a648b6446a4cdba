import assert from 'node:assert/strict';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { printModel } from '../../../src/engine/ir/print';
import type { Model } from '../../../src/engine/ir/types';
import { opaque } from '../../../src/engine/ops/opaque';
import { canonicalize } from '../../../src/engine/passes/pipeline';
import { modelFile, node, port, tensor, type ModelParts } from '../../support/onnx-builder';

/** One small network, as onnxruntime's quantizer writes it in either form. */
const scales: ModelParts['initializers'] = [
  tensor('sx', 'float32', [], [0.5]), tensor('zx', 'uint8', [], [128]), tensor('sc', 'float32', [], [0.25]), tensor('zc', 'uint8', [], [100]),
  tensor('sa', 'float32', [], [0.3]), tensor('za', 'uint8', [], [90]), tensor('ss', 'float32', [], [1 / 256]), tensor('zs', 'uint8', [], [0]),
  tensor('w', 'int8', [2, 2, 1, 1], [1, -2, 3, 4]), tensor('sw', 'float32', [2], [0.125, 0.5]), tensor('zw', 'int8', [2], [0, 0]),
  tensor('b', 'int32', [2], [5, -7]), tensor('sb', 'float32', [2], [0.0625, 0.25]), tensor('zb', 'int32', [2], [0, 0]),
  tensor('g', 'int8', [3, 2], [1, 2, 3, 4, 5, 6]), tensor('sg', 'float32', [], [0.1]), tensor('zg', 'int8', [], [0]),
];
const ports = { inputs: [port('x', [1, 2, 2, 2])], outputs: [port('y', [1, 3])], initializers: scales };
const ms = { domain: 'com.microsoft' };

const qOperator: ModelParts = {
  ...ports, domains: { 'com.microsoft': 1 },
  nodes: [
    node('QuantizeLinear', ['x', 'sx', 'zx'], ['xq']),
    node('QLinearConv', ['xq', 'sx', 'zx', 'w', 'sw', 'zw', 'sc', 'zc', 'b'], ['cq']),
    node('QLinearAdd', ['cq', 'sc', 'zc', 'xq', 'sx', 'zx', 'sa', 'za'], ['aq'], {}, ms),
    node('QLinearSigmoid', ['aq', 'sa', 'za', 'ss', 'zs'], ['sq'], {}, ms),
    node('QLinearGlobalAveragePool', ['sq', 'ss', 'zs', 'ss', 'zs'], ['pq'], { channels_last: 0 }, ms),
    node('Flatten', ['pq'], ['fq']),
    node('QGemm', ['fq', 'ss', 'zs', 'g', 'sg', 'zg', '', 'sa', 'za'], ['yq'], { transB: 1 }, ms),
    node('DequantizeLinear', ['yq', 'sa', 'za'], ['y']),
  ],
};

const real = (codes: string, scale: string, zero: string, to: string, axis?: number): ReturnType<typeof node> => node('DequantizeLinear', [codes, scale, zero], [to], axis === undefined ? {} : { axis });
const codes = (from: string, scale: string, zero: string, to: string): ReturnType<typeof node> => node('QuantizeLinear', [from, scale, zero], [to]);
const qdq: ModelParts = {
  ...ports,
  nodes: [
    codes('x', 'sx', 'zx', 'xq'), real('xq', 'sx', 'zx', 'xr'), real('w', 'sw', 'zw', 'wr', 0), real('b', 'sb', 'zb', 'br', 0), node('Conv', ['xr', 'wr', 'br'], ['cr']), codes('cr', 'sc', 'zc', 'cq'),
    real('cq', 'sc', 'zc', 'cd'), node('Add', ['cd', 'xr'], ['ar']), codes('ar', 'sa', 'za', 'aq'), real('aq', 'sa', 'za', 'ad'), node('Sigmoid', ['ad'], ['sr']), codes('sr', 'ss', 'zs', 'sq'),
    real('sq', 'ss', 'zs', 'sd'), node('GlobalAveragePool', ['sd'], ['pr']), codes('pr', 'ss', 'zs', 'pq'), real('pq', 'ss', 'zs', 'pd'), node('Flatten', ['pd'], ['fr']), codes('fr', 'ss', 'zs', 'fq'),
    real('fq', 'ss', 'zs', 'fd'), real('g', 'sg', 'zg', 'gr'), node('Gemm', ['fd', 'gr'], ['yr'], { transB: 1 }), codes('yr', 'sa', 'za', 'yq'), real('yq', 'sa', 'za', 'y'),
  ],
};

/** Text of a graph without the names of values inside of it. */
const shape = (model: Model): string[] => printModel(model).split('\n').slice(1).map((line) => line.replace(/%[\w.]+/g, '%'));

describe('QOperator form', () => {
  it('arrives at the same graph as QDQ form', () => {
    const [a, b] = [qOperator, qdq].map((parts) => canonicalize(readOnnx(modelFile(parts), 'm.onnx').model));
    assert.deepEqual(a.graph.nodes.filter((n) => n.op === opaque.name).map((n) => n.attributes.reason), []);
    assert.deepEqual(shape(a), shape(b));
    assert.ok(a.graph.nodes.every((n) => n.op !== 'dequantize' || a.graph.outputs.includes(n.outputs[0])), 'all layers are on codes');
  });
});
