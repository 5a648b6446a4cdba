import assert from 'node:assert/strict';
import fs from 'node:fs';
import { CannotWrite } from '../../src/engine/formats/onnx/mapping';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { printModel } from '../../src/engine/ir/print';
import type { Tensor } from '../../src/engine/ir/tensor';
import type { Model } from '../../src/engine/ir/types';
import { canonicalize } from '../../src/engine/passes/pipeline';
import { Interpreter } from '../../src/engine/verify/interpret';
import { runCase } from '../support/onnx-case-run';
import { caseNames, caseTensor, conformanceArchive, loadCase, unpackCases, type NodeCase } from '../support/onnx-cases';
import { renumbered } from '../support/renumbered';

/** Graph as text; opaque nodes may have been written under a later operator set. */
const graphText = (model: Model): string => printModel(renumbered(model)).split('\n').slice(1).join('\n').replace(/opsets=\[[^\]]*\]/g, '');

/** onnxruntime has no LSTM with batches first: it is written with steps first, between transposes. */
const rewritten = new Set(['test_lstm_batchwise']);

const same = (a: Tensor, b: Tensor): boolean =>
  a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i] || (Number.isNaN(x) && Number.isNaN(b.data[i])) || Math.abs(x - b.data[i]) <= 1e-5 * Math.abs(b.data[i]) + 1e-7);

/** What became of a case: everything but its first float input is known when it is read. */
function writeCase(test: NodeCase): string | undefined {
  const inputs = test.sets[0].inputs.map(caseTensor);
  const kept = inputs.findIndex((tensor) => tensor?.type.dtype.startsWith('float'));
  if (kept < 0) return undefined;
  const values = new Map<string, Tensor>();
  test.proto.graph!.input.forEach((port, i) => i !== kept && inputs[i] && values.set(port.name!, inputs[i]));
  const model = canonicalize(readOnnx(test.model, 'case.onnx', { values }).model);
  if (!model.graph.inputs.length) return undefined;
  const again = canonicalize(readOnnx(writeOnnx(model).bytes, 'case.onnx').model);
  if (graphText(again) !== graphText(model) && !rewritten.has(test.name)) return `is another graph:\n${graphText(model)}\n${graphText(again)}`;
  const [before, after] = [model, again].map((form) => new Interpreter(form).run([inputs[kept]!]));
  return before.every((tensor, i) => same(tensor, after[i])) ? 'same' : 'gives other numbers';
}

describe('official ONNX node cases, written and read again', () => {
  it('mean the same as before', function () {
    const archive = conformanceArchive();
    if (!archive) {
      console.log('      not run: the archive of official cases (shared/conformance) is not here');
      return this.skip();
    }
    this.timeout(240_000);
    const { folder, root } = unpackCases(archive);
    const results = new Map<string, string>();
    const refused: string[] = [];
    for (const name of caseNames(root).filter((candidate) => !candidate.includes('_expanded'))) {
      const test = loadCase(root, name);
      if (runCase(test).status !== 'pass') continue;
      try {
        const result = writeCase(test);
        if (result) results.set(name, result);
      } catch (error) {
        if (!(error instanceof CannotWrite)) throw new Error(`${name}: ${String(error)}`, { cause: error });
        refused.push(name);
      }
    }
    fs.rmSync(folder, { recursive: true });
    assert.deepEqual([...results].filter(([, result]) => result !== 'same'), []);
    assert.ok(results.size >= 700, `${results.size} cases were written`);
    assert.deepEqual(refused, []);
  });
});
