import assert from 'node:assert/strict';
import { reportOf } from '../../src/app/inspect-model';
import { understand, type OpenModel } from '../../src/app/model-file';
import { fnv1a32, toHex32 } from '../../src/base/bytes';
import { planProgram } from '../../src/engine/codegen/program';
import type { InspectReport } from '../../src/engine/cost/report';
import { constantTensor, realValues } from '../../src/engine/ir/tensor';
import { NodeView } from '../../src/engine/ops/op';
import { opOf } from '../../src/engine/ops/table';
import { readBytes, sharedOrSkip } from './support/shared';

/** What a layer is and costs, without what only its file decides: names, and where it stands. */
const table = (report: InspectReport): object[] =>
  report.layers.filter((layer) => !layer.layoutOnly).map(({ op, label, family, macs, executedMacs, params, weightBytes, outputBytes, outputShape, dtype, counted }) => ({ op, label, family, macs, executedMacs, params, weightBytes, outputBytes, outputShape, dtype, counted }));

/** Hashes of the numbers of weights and bias of each layer that has weights. */
function weightsOf({ asInFile: { graph, rounding } }: OpenModel): string[] {
  return graph.nodes.flatMap((node) => {
    if (!opOf(node).scalesWeights) return [];
    const view = new NodeView(graph, node, rounding);
    return [1, 2].map((i) => (view.has(i) ? toHex32(fnv1a32(new Uint8Array(Float32Array.from(realValues(constantTensor(view.input(i)))).buffer))) : '-'));
  });
}

describe('one network from both formats has one layer table', function () {
  this.timeout(60_000);
  for (const name of ['mlperf_tiny_resnet8_float', 'mlperf_tiny_vww_mobilenetv1_025_float', 'mlperf_tiny_ad_autoencoder_float', 'mlperf_tiny_kws_dscnn_float']) {
    it(`${name}: the same layers, MACs and weights`, function () {
      const [onnx, tflite] = ['onnx', 'tflite'].map((format) => understand(readBytes(sharedOrSkip(this, 'models', `${name}.${format}`)), `${name}.${format}`));
      const [left, right] = [onnx, tflite].map((open) => reportOf(open, planProgram(open.lowered, 'c99'), []));
      assert.deepEqual(weightsOf(onnx), weightsOf(tflite));
      // The TFLite keyword model is hybrid: its weights are the same numbers in a quarter of the bytes.
      const isHybrid = name.includes('kws');
      const bytes = (layers: object[]): object[] => (isHybrid ? layers.map((layer) => ({ ...layer, weightBytes: 0 })) : layers);
      assert.deepEqual(bytes(table(left)), bytes(table(right)));
      const totals = ({ totals: { macs, executedMacs, params, weightBytes } }: InspectReport): object => ({ macs, executedMacs, params, weightBytes: isHybrid ? 0 : weightBytes });
      assert.deepEqual(totals(left), totals(right));
      // Layouts of the ports stay each file's: what a caller of the generated C passes is what the file says.
      assert.ok(left.layers.filter((layer) => layer.layoutOnly).length <= 1);
      assert.deepEqual(right.layers.filter((layer) => layer.layoutOnly), []);
    });
  }
});
