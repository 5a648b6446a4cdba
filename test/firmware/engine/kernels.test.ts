import assert from 'node:assert/strict';
import { bytesOf, concatBytes } from '../../../src/base/bytes';
import { emitModel } from '../../../src/engine/codegen/emit';
import { planProgram } from '../../../src/engine/codegen/program';
import { isStatic } from '../../../src/engine/ir/dtype';
import { tensorOf, type Tensor } from '../../../src/engine/ir/tensor';
import type { Model } from '../../../src/engine/ir/types';
import { verifyGraph } from '../../../src/engine/ir/verify';
import { add } from '../../../src/engine/ops/add/op';
import { averagePool } from '../../../src/engine/ops/average-pool/op';
import { clamp } from '../../../src/engine/ops/clamp/op';
import { conv } from '../../../src/engine/ops/conv/op';
import { dense } from '../../../src/engine/ops/dense/op';
import { dequantize } from '../../../src/engine/ops/dequantize/op';
import { maxPool } from '../../../src/engine/ops/max-pool/op';
import { quantize } from '../../../src/engine/ops/quantize/op';
import { ShapeError } from '../../../src/engine/ops/op';
import { softmax } from '../../../src/engine/ops/softmax/op';
import { transpose } from '../../../src/engine/ops/transpose/op';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { HostModel, needHostCompiler } from '../../support/host-c';
import { Random } from '../../support/random';
import { ModelBuilder, randomClamp, randomInput } from '../../support/random-graph';

type Make = (b: ModelBuilder, r: Random) => number;

const windowAttributes = (r: Random, rank: number): Record<string, number[] | string> => {
  const list = (low: number, high: number, n = rank): number[] => Array.from({ length: n }, () => r.int(low, high));
  return { layout: 'nhwc', strides: list(1, 2), pads: list(0, 1, 2 * rank) };
};

const image = (r: Random, rank: number, channels: number): number[] => [r.int(1, 2), ...Array.from({ length: rank }, () => r.int(3, 7)), channels];

/** A random layer of each kind; kernels, strides, pads, groups, scales and clamps vary. */
const layers: Readonly<Record<string, Make>> = {
  conv(b, r) {
    const rank = r.int(1, 2);
    const group = r.int(1, 3);
    const perGroup = r.int(1, 4);
    const outputs = group * r.int(1, 3);
    const input = b.input(image(r, rank, group * perGroup));
    const kernel = Array.from({ length: rank }, () => r.int(1, 3));
    const [weights, bias] = b.weights([outputs, ...kernel, perGroup], input);
    const dilations = Array.from({ length: rank }, () => r.int(1, 2));
    return b.layer(conv.name, [input, weights, r.int(0, 3) ? bias : undefined], { ...windowAttributes(r, rank), dilations, group, ...randomClamp(r) });
  },
  dense(b, r) {
    const depth = r.int(1, 20);
    const input = b.input([r.int(1, 3), depth]);
    const [weights, bias] = b.weights([r.int(1, 9), depth], input);
    return b.layer(dense.name, [input, weights, r.int(0, 3) ? bias : undefined], randomClamp(r));
  },
  maxPool(b, r) {
    const rank = r.int(1, 2);
    const input = b.input(image(r, rank, r.int(1, 5)));
    const kernel = Array.from({ length: rank }, () => r.int(2, 3));
    return b.layer(maxPool.name, [input], { ...windowAttributes(r, rank), kernel, ceilMode: r.int(0, 1) === 1 }, b.editor.value(input).type.quantization);
  },
  averagePool(b, r) {
    const rank = r.int(1, 2);
    const input = b.input(image(r, rank, r.int(1, 5)));
    const kernel = Array.from({ length: rank }, () => r.int(2, 3));
    return b.layer(averagePool.name, [input], { ...windowAttributes(r, rank), kernel, countPadding: r.int(0, 1) === 1, ...randomClamp(r) });
  },
  clamp(b, r) {
    const input = b.input([1, r.int(1, 40)]);
    return b.layer(clamp.name, [input], { clampMin: -r.real(0, 1), ...(r.int(0, 1) ? { clampMax: r.real(0, 2) } : {}) }, b.editor.value(input).type.quantization);
  },
  add(b, r) {
    const shape = [1, r.int(1, 5), r.int(1, 6)];
    return b.layer(add.name, [b.input(shape), b.input(shape)], randomClamp(r));
  },
  softmax(b, r) {
    const rank = r.int(1, 3);
    const shape = Array.from({ length: rank }, () => r.int(1, 12));
    return b.layer(softmax.name, [b.input(shape)], { axis: r.int(-rank, rank - 1) }, { scale: [1 / 256], zeroPoint: [-128] });
  },
  transpose(b, r) {
    const rank = r.int(2, 4);
    const permutation = Array.from({ length: rank }, (_, i) => i);
    for (let i = rank - 1; i > 0; i--) {
      const j = r.int(0, i);
      [permutation[i], permutation[j]] = [permutation[j], permutation[i]];
    }
    const input = b.input(Array.from({ length: rank }, () => r.int(1, 5)));
    return b.layer(transpose.name, [input], { permutation }, b.editor.value(input).type.quantization);
  },
};

/** A layer that fits its input: random windows that do not are drawn again. */
function drawModel(make: Make, random: Random, isQuantized: boolean): Model {
  for (;;) {
    try {
      const builder = new ModelBuilder(random, isQuantized);
      return builder.finish(make(builder, random));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
  }
}

const RUNS = 3;

function compare(model: Model, random: Random, compiler: string): void {
  assert.deepEqual(verifyGraph(model.graph), []);
  const program = planProgram(model, 'c99');
  assert.deepEqual(program.refusals, []);
  const { graph } = model;
  const host = new HostModel(emitModel(program, 'random_layer'), graph.inputs.length, graph.outputs.length, compiler);
  try {
    const interpreter = new Interpreter(model);
    const runs = Array.from({ length: RUNS }, () =>
      graph.inputs.map((id): Tensor => {
        const { type } = graph.values.get(id)!;
        assert.ok(isStatic(type));
        return tensorOf(type, randomInput(random, type));
      }),
    );
    const got = host.run(concatBytes(runs.flat().map((tensor) => bytesOf(tensor.data))));
    const want = runs.flatMap((inputs) => interpreter.run(inputs));
    const isReal = want[0].type.dtype === 'float32';
    if (!isReal) return assert.deepEqual(Buffer.from(got), Buffer.from(concatBytes(want.map((tensor) => bytesOf(tensor.data)))));
    const values = new Float32Array(got.slice().buffer);
    const wanted = want.flatMap((tensor) => Array.from(tensor.data));
    const scale = Math.max(1e-3, ...wanted.map(Math.abs));
    assert.equal(values.length, wanted.length);
    wanted.forEach((value, i) => assert.ok(Math.abs(values[i] - value) <= 1e-5 * scale, `element ${i}: ${values[i]}, expected ${value}`));
  } finally {
    host.dispose();
  }
}

/** Layers of each kind in CI; TINYML_KERNEL_CASES asks for more. */
const CASES = Number(process.env.TINYML_KERNEL_CASES ?? 6);

describe('kernels against the reference interpreter, under sanitizers', function () {
  this.timeout(600_000);
  for (const [name, make] of Object.entries(layers)) {
    for (const isQuantized of [false, true]) {
      it(`${name}, ${isQuantized ? 'int8: equal bits' : 'float: within 1e-5'} (${CASES} random layers)`, function () {
        const compiler = needHostCompiler(this);
        for (let seed = 1; seed <= CASES; seed++) {
          const random = new Random(seed * 7919 + name.length * 104729 + (isQuantized ? 1 : 0));
          const model = drawModel(make, random, isQuantized);
          try {
            compare(model, random, compiler);
          } catch (error) {
            throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
          }
        }
      });
    }
  }

  it('between real numbers and codes', function () {
    const compiler = needHostCompiler(this);
    const random = new Random(99);
    const builder = new ModelBuilder(random, false);
    const input = builder.input([1, 50]);
    const quantization = builder.quantization();
    const codes = builder.editor.addValue('codes', { dtype: 'int8', shape: [1, 50], quantization });
    builder.editor.addNode({ op: quantize.name, name: 'q', inputs: [input], outputs: [codes] });
    const real = builder.editor.addValue('real', { dtype: 'float32', shape: [1, 50] });
    builder.editor.addNode({ op: dequantize.name, name: 'd', inputs: [codes], outputs: [real] });
    compare(builder.finish(real), random, compiler);
  });
});
