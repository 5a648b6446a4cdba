import assert from 'node:assert/strict';
import type { LayerReport } from '../../../../src/engine/cost/report';
import { assignLayers } from '../../../../src/host/python/assign';
import { matchLayers } from '../../../../src/host/python/match';
import { scanLayers } from '../../../../src/host/python/scan';
import { layer, sampleReport } from '../sample-report';

const of = (text: string, layers: readonly LayerReport[]): Record<string, number[]> =>
  Object.fromEntries(matchLayers(scanLayers(text), layers).calls.map(({ call, layers: found }) => [`${call.line} ${call.callee}`, found.map(({ index }) => index)]));
const made = (index: number, op: string, channels: number, name = `node_${index}`, family: LayerReport['family'] = op === 'conv' || op === 'dense' ? op : 'other'): LayerReport =>
  layer(index, { op, family, name, outputShape: [1, 4, 4, channels], origin: [{ name, op, index }] });

describe('layers of a Python source in a model', () => {
  it('goes by name first, whatever the order', () => {
    const layers = [made(0, 'conv', 8, '/b/Conv'), made(1, 'conv', 8, 'model/a/Conv2D;model/a/BiasAdd'), made(2, 'dense', 10, 'head_1')];
    assert.deepEqual(of('self.a = nn.Conv2d(1, 8, 3)\nself.b = nn.Conv2d(8, 8, 3)\nself.head = nn.Linear(8, 10)', layers), { '0 Conv2d': [1], '1 Conv2d': [0], '2 Linear': [2] });
  });

  it('then by type and shape in order, skipping what has no counterpart', () => {
    const layers = [made(0, 'conv', 8), made(1, 'conv', 8, 'n1', 'depthwise'), made(2, 'conv', 16), made(3, 'reduce', 16), made(4, 'dense', 2)];
    const text = 'x = Conv2D(8, 3)(inp)\nx = ReLU()(BatchNormalization()(x))\nx = Conv2D(99, 1)(x)\nx = DepthwiseConv2D(3)(x)\nx = Conv2D(16, 1)(x)\nx = GlobalAveragePooling2D()(x)\nx = Dense(2)(x)\n';
    assert.deepEqual(of(text, layers), { '0 Conv2D': [0], '1 ReLU': [], '1 BatchNormalization': [], '3 DepthwiseConv2D': [1], '4 Conv2D': [2], '5 GlobalAveragePooling2D': [3], '6 Dense': [4] });
  });

  it('gives a separable convolution both of its layers, and a name used in several blocks all of them', () => {
    const layers = [made(0, 'conv', 3, 'n0', 'depthwise'), made(1, 'conv', 8), made(2, 'conv', 8, '/blocks/0/conv/Conv'), made(3, 'conv', 8, '/blocks/1/conv/Conv')];
    assert.deepEqual(of('x = SeparableConv2D(8, 3)(x)\nclass Block:\n  self.conv = nn.Conv2d(8, 8, 3)\n', layers), { '0 SeparableConv2D': [0, 1], '2 Conv2d': [2, 3] });
  });

  it('calls nothing fused whose neighbour was not found', () => {
    assert.deepEqual(of('a = Conv2D(8, 3)(x)\nb = ReLU()(a)\nc = Conv2D(7, 3)(b)\nd = ReLU()(c)', [made(0, 'conv', 8)]), { '0 Conv2D': [0], '1 ReLU': [] });
  });

  it('shares the constructors of one source among the models it defines', () => {
    const cnn = sampleReport({ layers: [made(0, 'conv', 8, '/conv1/Conv'), made(1, 'dense', 10, '/dense/Gemm')] });
    const small = sampleReport({ layers: [made(0, 'dense', 16, '/dense1/Gemm'), made(1, 'dense', 10, '/dense2/Gemm')] });
    const other = sampleReport({ layers: [made(0, 'lstm', 64)] });
    const text = 'self.conv1 = nn.Conv2d(1, 8, 3)\nself.dense = nn.Linear(64, 10)\nself.dense1 = nn.Linear(64, 16)\nself.dense2 = nn.Linear(16, 10)\n';
    const assigned = assignLayers(scanLayers(text), [other, small, cnn], () => false);
    assert.deepEqual(assigned.map(({ call, report }) => [call.name, report === cnn ? 'cnn' : report === small ? 'small' : 'other']), [['conv1', 'cnn'], ['dense', 'cnn'], ['dense1', 'small'], ['dense2', 'small']]);
    assert.deepEqual(assignLayers(scanLayers(text), [other], () => false), []);
  });
});
