import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { quietTask } from '../../src/base/progress';
import { loadDataset, sampleAt } from '../../src/app/data/dataset';
import { programOf } from '../../src/app/generate-code';
import { inspectModel } from '../../src/app/inspect-model';
import { inputOf } from '../../src/app/load-samples';
import { openModel } from '../../src/app/model-file';
import { emitModel } from '../../src/engine/codegen/emit';
import { readOnnx } from '../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../src/engine/formats/onnx/write';
import { quantizeInt8, type Range } from '../../src/engine/compress/quantize-int8';
import type { ValueId } from '../../src/engine/ir/types';
import { Interpreter } from '../../src/engine/verify/interpret';
import { printGraph, printModel } from '../../src/engine/ir/print';
import { verifyGraph } from '../../src/engine/ir/verify';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { matchGolden } from '../support/golden';
import { root, temporaryFolder } from '../support/project';

/**
 * int8 form with ranges measured by the reference interpreter: onnxruntime's last bits differ between processors, and goldens
 * must not.
 */
async function quantizedByReference(file: string, data: string): Promise<Uint8Array> {
  const { canonical } = await openModel(file, quietTask);
  const { calibration } = await loadDataset(data);
  const ranges = new Map<ValueId, Range>();
  const interpreter = new Interpreter(canonical);
  const widen = (id: ValueId, values: ArrayLike<number>): void => {
    const { min, max } = ranges.get(id) ?? { min: Infinity, max: -Infinity };
    ranges.set(id, { min: Math.min(min, ...Array.from(values)), max: Math.max(max, ...Array.from(values)) });
  };
  for (let i = 0; i < 20; i++) {
    const input = inputOf(canonical, sampleAt(calibration, i));
    widen(canonical.graph.inputs[0], input.data);
    interpreter.run([input], (id, tensor) => widen(id, tensor.data));
  }
  return writeOnnx(quantizeInt8(canonical, ranges).value).bytes;
}

const samples = ['digits/digits', 'digits/digits-dense', 'gesture/gesture'];

describe('samples', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = temporaryFolder('golden')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const sample of samples) {
    const name = path.basename(sample);
    const float = path.join(root, 'samples', `${sample}.onnx`);
    const int8 = async (): Promise<string> => {
      const out = path.join(folder, `${name}.int8.onnx`);
      if (!fs.existsSync(out)) fs.writeFileSync(out, await quantizedByReference(float, path.join(root, 'samples', path.dirname(sample), `${path.dirname(sample)}.npz`)));
      return out;
    };

    it(`${name}: every pass leaves a well-formed graph`, async () => {
      for (const file of [float, await int8()]) {
        const { model } = readOnnx(fs.readFileSync(file), file);
        assert.deepEqual(verifyGraph(model.graph), []);
        const check = (pass: { name: string }, after: typeof model): void => assert.deepEqual(verifyGraph(after.graph), [], pass.name);
        lower(canonicalize(model, check), check);
      }
    });

    it(`${name}: IR and costs are as recorded`, async () => {
      for (const [variant, file] of [['float', float], ['int8', await int8()]] as const) {
        const open = await openModel(file, quietTask);
        const report = await inspectModel({ path: file }, quietTask);
        const costs = report.layers.map((l) => `${l.label} ${l.outputShape.join('x')} macs=${l.macs} params=${l.params} weights=${l.weightBytes} output=${l.outputBytes} live=${l.liveBytes}`);
        const { macs, params, weightBytes, ramBytes } = report.totals;
        matchGolden(`${name}.${variant}.txt`, [printModel({ ...open.lowered, name }), `total macs=${macs} params=${params} weights=${weightBytes} ram=${ramBytes}`, ...costs, ''].join('\n'));
      }
    });

    it(`${name}: what is written reads back as the same graph, and writes the same bytes`, async () => {
      for (const file of [float, await int8()]) {
        const { canonical } = await openModel(file, quietTask);
        const { bytes } = writeOnnx(canonical);
        const again = canonicalize(readOnnx(bytes, file).model);
        // Names and node order may change on the way through QDQ nodes; a second trip must change nothing.
        const second = writeOnnx(again).bytes;
        const third = canonicalize(readOnnx(second, file).model);
        assert.equal(printGraph(third.graph).join('\n'), printGraph(again.graph).join('\n'));
        assert.deepEqual(Buffer.from(writeOnnx(canonical).bytes), Buffer.from(bytes));
        assert.deepEqual([...again.metadata], [...canonical.metadata]);
      }
    });

    it(`${name}: generated C is the same to the byte each time, in printable ASCII`, async () => {
      const program = async (): Promise<ReturnType<typeof emitModel>> => emitModel(await programOf(await openModel(await int8(), quietTask), 'c99'), name);
      const [one, two] = [await program(), await program()];
      assert.deepEqual(one, two);
      for (const file of one.files) assert.match(file.text, /^[\n\x20-\x7e]*$/, file.path);
    });
  }

  it('digits-dense int8: the generated C is as recorded', async () => {
    const out = path.join(folder, 'digits-dense.int8.onnx');
    const emitted = emitModel(await programOf(await openModel(out, quietTask), 'c99'), 'digits_dense');
    for (const file of emitted.files.filter((f) => ['digits_dense.h', 'digits_dense.c'].includes(f.path))) matchGolden(file.path, file.text);
  });
});
