import assert from 'node:assert/strict';
import { readTflite } from '../../src/engine/formats/tflite/read';
import { writeTflite } from '../../src/engine/formats/tflite/write';
import { elementCount } from '../../src/engine/ir/dtype';
import { tensorOf } from '../../src/engine/ir/tensor';
import type { StaticType } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { Interpreter } from '../../src/engine/verify/interpret';
import { withLiteRt } from '../support/litert';
import { Random } from '../support/random';
import { operatorCases } from '../support/tflite-cases';
import { tfliteFile } from '../support/tflite-model';

describe('operators on real numbers, against LiteRT in a browser', function () {
  this.timeout(120_000);
  const litert = withLiteRt();

  for (const { name, graph, inputs } of operatorCases()) {
    it(`${name}: the file, and what is written of it, within 1e-6`, async () => {
      const file = tfliteFile([graph]);
      const { model, problems } = readTflite(file, name);
      assert.deepEqual(problems, []);
      assert.deepEqual(verifyGraph(model.graph), []);
      const types = model.graph.inputs.map((id) => model.graph.values.get(id)!.type as StaticType);
      const random = new Random(name.length);
      const values = types.map((type, i) => inputs?.[i] ?? random.reals(elementCount(type.shape), -1, 1));
      const ours = new Interpreter(model).run(values.map((data, i) => tensorOf(types[i], data)));
      const compare = async (bytes: Uint8Array, what: string): Promise<void> => {
        const theirs = await litert.run(bytes, values.map((data) => Array.from(data)));
        ours.forEach((tensor, o) => {
          assert.equal(tensor.data.length, theirs[o].length, what);
          theirs[o].forEach((value, i) => assert.ok(Math.abs(value - tensor.data[i]) <= 1e-6 * Math.max(1, Math.abs(value)), `${what} ${o}[${i}]: ${tensor.data[i]}, LiteRT ${value}`));
        });
      };
      await compare(file, 'file');
      await compare(writeTflite(model), 'written');
    });
  }
});
