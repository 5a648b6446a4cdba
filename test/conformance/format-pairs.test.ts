import assert from 'node:assert/strict';
import { fnv1a32, toHex32 } from '../../src/base/bytes';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { readTflite } from '../../src/engine/formats/tflite/read';
import type { Model } from '../../src/engine/ir/types';
import { NodeView } from '../../src/engine/ops/op';
import { opOf } from '../../src/engine/ops/table';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { readBytes, sharedOrSkip } from './support/shared';

/** Operation, MACs and hashes of weights and bias of each layer that has weights. */
function layers(model: Model): string[] {
  const { graph, rounding } = lower(canonicalize(model));
  return graph.nodes.flatMap((node) => {
    const op = opOf(node);
    if (!op.scalesWeights) return [];
    const view = new NodeView(graph, node, rounding);
    const hashes = [1, 2].map((i) => (view.has(i) ? toHex32(fnv1a32(view.input(i).constant!.bytes())) : '-'));
    return [`${op.label(view)}: ${op.macs!(view)} MACs, weights ${hashes[0]}, bias ${hashes[1]}`];
  });
}

describe('one network from both formats has one layer table', function () {
  this.timeout(60_000);
  for (const name of ['mlperf_tiny_resnet8_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float']) {
    it(`${name}: the same layers, MACs and weight bytes`, function () {
      const onnx = readOnnx(readBytes(sharedOrSkip(this, 'models', `${name}.onnx`)), name).model;
      const tflite = readTflite(readBytes(sharedOrSkip(this, 'models', `${name}.tflite`)), name).model;
      assert.deepEqual(layers(onnx), layers(tflite));
    });
  }
});
