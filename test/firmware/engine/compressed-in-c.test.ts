import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { quantizeKinds, type QuantizeKind } from '../../../src/app/compress/kinds';
import { inputOf } from '../../../src/app/load-samples';
import { openModel } from '../../../src/app/model-file';
import { OrtRunner } from '../../../src/app/runners/ort-client';
import { concatBytes } from '../../../src/base/bytes';
import { neverCancelled } from '../../../src/base/cancel';
import { quietTask } from '../../../src/base/progress';
import { emitModel } from '../../../src/engine/codegen/emit';
import { callsOf } from '../../../src/engine/codegen/kernel';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { byteLengthOf, elementCount, typeBytes } from '../../../src/engine/ir/dtype';
import { decodeBytes, encodeBytes, realValues } from '../../../src/engine/ir/tensor';
import type { StaticType } from '../../../src/engine/ir/types';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { root, temporaryFolder } from '../../support/project';
import { Random } from '../../support/random';

const SAMPLES = 20;

/** Bytes of the arrays that the generated C stores for layers with weights. */
const weightBytes = (program: Program): number =>
  program.steps.filter((step) => step.op.scalesWeights).flatMap((step) => callsOf(step.plan!)).flatMap((call) => call.constants)
    .filter(({ role }) => role === 'weights').reduce((sum, { dtype, elements }) => sum + byteLengthOf(dtype, elements), 0);

/** Share of the float model's weights that each form may take, in bits of 32. */
const bits: Readonly<Record<string, number>> = { int8: 8, int16x8: 8, float16: 16, hybrid: 8, int4: 4, int2: 2, ternary: 2, binary: 1 };

describe('C of compressed models', function () {
  this.timeout(600_000);
  let folder: string;
  let runner: OrtRunner;
  // In a hook: a run that selects none of these tests starts no process.
  before(() => {
    folder = temporaryFolder('compressed-c');
    runner = new OrtRunner(neverCancelled);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    runner.close();
  });

  for (const sample of ['digits/digits.onnx', 'gesture/gesture.onnx']) {
    const kinds = Object.keys(bits) as QuantizeKind[];
    for (const { kind, groupSize } of [...kinds.map((kind) => ({ kind, groupSize: undefined })), { kind: 'int4' as const, groupSize: 32 }, { kind: 'binary' as const, groupSize: 20 }]) {
      it(`${path.basename(sample)} as ${kind}${groupSize ? ` in groups of ${groupSize}` : ''}: the interpreter's codes, onnxruntime's numbers, ${bits[kind]} bits a weight`, async function () {
        const compiler = needHostCompiler(this);
        const source = path.join(root, 'samples', sample);
        const out = path.join(folder, `${path.basename(sample)}.${kind}${groupSize ?? ''}.onnx`);
        await compressModel({ path: source, quantize: kind, groupSize, method: [], out }, quietTask);
        const { lowered } = await openModel(out, quietTask);
        const program = planProgram(lowered, 'c99');
        assert.deepEqual(program.refusals, []);
        const layers = program.steps.filter((step) => step.op.scalesWeights).map((step) => lowered.graph.values.get(step.node.inputs[1]!)!.type as StaticType);
        assert.equal(layers.some(({ quantization, shape }) => (quantization?.scale.length ?? 0) > shape[0]), groupSize !== undefined, 'more scales than channels');
        const plain = planProgram((await openModel(source, quietTask)).lowered, 'c99');
        // Each layer may fill up its last byte.
        assert.ok(weightBytes(program) <= (weightBytes(plain) * bits[kind]) / 32 + program.steps.length, `${weightBytes(program)} of ${weightBytes(plain)} bytes`);

        const { graph } = lowered;
        const [input, output] = [graph.inputs[0], graph.outputs[0]].map((id) => graph.values.get(id)!.type as StaticType);
        const random = new Random(5);
        const numbers = Array.from({ length: SAMPLES }, () => Float64Array.from({ length: elementCount(input.shape) }, () => random.real(0, 1)));
        const tensors = numbers.map((list) => inputOf(lowered, list));
        const host = new HostProgram([{ emitted: emitModel(program, 'model'), inputs: 1, outputs: 1 }], compiler);
        const got = host.run(concatBytes(tensors.map((tensor) => encodeBytes(tensor.type.dtype, tensor.data))));
        host.dispose();
        const expected = await runner.load(fs.readFileSync(out));
        const interpreter = new Interpreter(lowered);
        const floatInput = (await openModel(source, quietTask)).lowered.graph;
        const shape = (floatInput.values.get(floatInput.inputs[0])!.type as StaticType).shape;
        for (let i = 0; i < SAMPLES; i++) {
          const own = decodeBytes(output.dtype, elementCount(output.shape), got.slice(i * typeBytes(output), (i + 1) * typeBytes(output)));
          const want = interpreter.run([tensors[i]])[0];
          const results = await expected.run({ [expected.inputs[0]]: { type: 'float32', shape, data: Float32Array.from(numbers[i]) } });
          const real = realValues({ type: output, data: own });
          const ort = results[expected.outputs[0]].data as Float32Array;
          if (output.quantization) assert.deepEqual(Array.from(own), Array.from(want.data), 'codes of the interpreter');
          // One code, or rounding of floats.
          const most = output.quantization ? output.quantization.scale[0] * 1.01 : 1e-5 * Math.max(...Array.from(ort, Math.abs));
          real.forEach((x, k) => assert.ok(Math.abs(x - ort[k]) <= most, `sample ${i}, output ${k}: ${x}, onnxruntime ${ort[k]}`));
        }
      });
    }
  }

  it('has a share of weights for every kind that gives all layers one form', () => {
    assert.deepEqual(Object.keys(quantizeKinds).filter((kind) => bits[kind] === undefined), ['mixed', 'auto']);
  });
});
