import type { Isa } from '../../../src/engine/codegen/kernel';
import type { RoundingRule } from '../../../src/engine/ir/types';
import { add } from '../../../src/engine/ops/add/op';
import { averagePool } from '../../../src/engine/ops/average-pool/op';
import { clamp } from '../../../src/engine/ops/clamp/op';
import { conv } from '../../../src/engine/ops/conv/op';
import { dense } from '../../../src/engine/ops/dense/op';
import { dequantize } from '../../../src/engine/ops/dequantize/op';
import { maxPool } from '../../../src/engine/ops/max-pool/op';
import { quantize } from '../../../src/engine/ops/quantize/op';
import { softmax } from '../../../src/engine/ops/softmax/op';
import { sub } from '../../../src/engine/ops/sub/op';
import { transpose } from '../../../src/engine/ops/transpose/op';
import { comparePrograms } from '../../support/compare-programs';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { weightedLayers } from '../../support/weighted-layers';
import { Random } from '../../support/random';
import { drawModel, ModelBuilder, randomClamp, type Make } from '../../support/random-graph';

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

/** Sums and differences; ops whose float kernels are still to come are drawn for codes only. */
const codesOnly: Readonly<Record<string, Make>> = {
  sub(b, r) {
    const shape = [1, r.int(1, 5), r.int(1, 6)];
    return b.layer(sub.name, [b.input(shape), b.input(shape)], randomClamp(r));
  },
};

/** Layers of each kind in CI; TINYML_KERNEL_CASES asks for more. */
const CASES = Number(process.env.TINYML_KERNEL_CASES ?? 6);

const rules = ['onnx-float-half-even', 'tflite-double-round', 'tflite-single-round'] as const;

describe('kernels against the reference interpreter, under sanitizers', function () {
  this.timeout(600_000);

  const check = (title: string, make: Make, seed: number, isQuantized: boolean, rule: RoundingRule, isa: Isa = 'c99'): void => {
    it(`${title} (${CASES} random layers)`, function () {
      const compiler = needHostCompiler(this);
      const models = Array.from({ length: CASES }, (_, i) => drawModel(make, new Random((i + 1) * 7919 + seed), isQuantized, rule));
      comparePrograms(models, isa, new Random(seed), (list) => new HostProgram(list, compiler));
    });
  };

  for (const [name, make] of Object.entries(layers)) {
    check(`${name}, float: within 1e-5`, make, name.length * 104729, false, rules[0]);
    for (const rule of rules) check(`${name}, int8, ${rule}: equal bits`, make, name.length * 104729 + 1 + rules.indexOf(rule), true, rule);
  }
  for (const [name, make] of Object.entries(codesOnly)) {
    for (const rule of rules.slice(1)) check(`${name}, int8, ${rule}: equal bits`, make, name.length * 104729 + 1, true, rule);
  }

  // Cores with room for code get kernels of their own for the commonest layers; AVR keeps the small ones.
  for (const rule of rules) {
    for (const name of ['pointwise', 'convolution, any channels', 'depthwise, small'] as const) check(`${name}, int8, ${rule}: equal bits`, weightedLayers[name].make, name.length + rules.indexOf(rule), true, rule);
    for (const name of ['conv', 'dense'] as const) check(`${name} of AVR, int8, ${rule}: equal bits`, layers[name], name.length * 7 + rules.indexOf(rule), true, rule, 'avr');
  }

  it('between real numbers and codes', function () {
    const compiler = needHostCompiler(this);
    const builder = new ModelBuilder(new Random(99), false);
    const input = builder.input([1, 50]);
    const quantization = builder.quantization();
    const codes = builder.editor.addValue('codes', { dtype: 'int8', shape: [1, 50], quantization });
    builder.editor.addNode({ op: quantize.name, name: 'q', inputs: [input], outputs: [codes] });
    const real = builder.editor.addValue('real', { dtype: 'float32', shape: [1, 50] });
    builder.editor.addNode({ op: dequantize.name, name: 'd', inputs: [codes], outputs: [real] });
    comparePrograms([builder.finish(real)], 'c99', new Random(99), (list) => new HostProgram(list, compiler));
  });
});
