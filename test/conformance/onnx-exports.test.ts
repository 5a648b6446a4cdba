import assert from 'node:assert/strict';
import { neverCancelled } from '../../src/base/cancel';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import type { Model } from '../../src/engine/ir/types';
import { macsOfGraph } from '../../src/engine/cost/graph-macs';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { modelFile } from '../support/onnx-builder';
import { dialect, operatorSets, torchCnn, type Flattening } from '../support/onnx-exports';
import { ortOutputs, relativeError, seededInputs } from '../support/onnx-models';

const read = (file: Uint8Array): Model => {
  const { model, problems } = readOnnx(file, 'm.onnx');
  assert.deepEqual(problems.filter((problem) => problem.severity !== 'info'), []);
  return model;
};

describe('ONNX as exporters write it, against onnxruntime', function () {
  this.timeout(60_000);
  const runner = new OrtRunner(neverCancelled);
  after(() => runner.close());

  async function compare(file: Uint8Array, forms: Readonly<Record<string, Model>>, tolerance: number): Promise<void> {
    const loaded = await runner.load(file);
    for (const [form, model] of Object.entries(forms)) {
      const inputs = seededInputs(forms.source, 5);
      const theirs = await ortOutputs(loaded, forms.source, inputs);
      new Interpreter(model).run(inputs).forEach((tensor, i) => assert.ok(relativeError(tensor.data, theirs[i]) <= tolerance, `${form}, output ${i}`));
    }
  }

  for (const opset of operatorSets) {
    it(`operator set ${opset} (IR version ${dialect(opset).irVersion}): read, and written again`, async () => {
      const file = modelFile(dialect(opset));
      const source = read(file);
      assert.equal(source.graph.inputs.length, 1, 'initializers are no inputs');
      const written = writeOnnx(canonicalize(source)).bytes;
      await compare(file, { source, written: read(written) }, 1e-5);
      await compare(written, { source }, 1e-5);
    });
  }

  const flattenings: readonly Flattening[] = ['Flatten', 'Reshape', 'view of size(0)'];
  for (const flattening of flattenings) {
    it(`a CNN of PyTorch that flattens by ${flattening} lowers with no transpose inside, norms, dropout and shape arithmetic gone`, async () => {
      for (const channels of [1, 3]) {
        const file = modelFile(torchCnn(flattening, channels));
        const source = read(file);
        const canonical = canonicalize(source);
        const lowered = lower(canonical);
        // An image of several channels comes in as the model's own file wants it.
        assert.deepEqual(
          lowered.graph.nodes.map((node) => node.op),
          [...(channels > 1 ? ['transpose'] : []), ...(channels > 1 ? [] : ['reshape']), 'conv', 'max_pool', 'conv', 'conv', 'conv', 'add', 'conv', 'reshape', 'dense', 'softmax'],
        );
        assert.equal(macsOfGraph(lowered.graph, 'onnx-float-half-even'), 16 * 16 * 8 * 9 * channels + 8 * 8 * (8 * 16 + 16 * 9 + 16 * 8) + 4 * 4 * 8 * 6 * 9 + 5 * 96);
        await compare(file, { source, canonical, lowered }, 1e-5);
      }
    });
  }
});
