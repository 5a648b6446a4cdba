import assert from 'node:assert/strict';
import { concatBytes } from '../../../src/base/bytes';
import { openSteps, stepWith } from '../../../src/engine/codegen/choose-kernels';
import { emitModel } from '../../../src/engine/codegen/emit';
import { callsOf, type Isa } from '../../../src/engine/codegen/kernel';
import { planMemory } from '../../../src/engine/codegen/plan-memory';
import type { Program } from '../../../src/engine/codegen/program';
import { byteLengthOf } from '../../../src/engine/ir/dtype';
import { GraphEditor } from '../../../src/engine/ir/edit';
import { constantOf, constantTensor, encodeBytes, tensorOf } from '../../../src/engine/ir/tensor';
import type { Model, RoundingRule, StaticType } from '../../../src/engine/ir/types';
import { CortexMProgram, needCortexM } from '../../support/cortex-m-c';
import type { CModel } from '../../support/emitted-c';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { Random } from '../../support/random';
import { drawModel, randomInput } from '../../support/random-graph';
import { weightedLayers } from '../../support/weighted-layers';

/** What weights are made of, and the kernels that are to store them. */
const contents = {
  'four values': { kernel: /c2(s8|f32)/, change: (w: number[], r: Random) => fewValues(w, r, 4) },
  'sixteen values': { kernel: /c4(s8|f32)/, change: (w: number[], r: Random) => fewValues(w, r, 16) },
  'zeros here and there': { kernel: /sparse_(pixels|windows)1/, change: (w: number[], r: Random) => w.map((x) => (r.int(0, 9) < 7 ? 0 : x)) },
  'zeros in fours': {
    kernel: /sparse_(pixels|windows)4/,
    change(w: number[], r: Random) {
      const kept = w.map(() => r.int(0, 3) === 0);
      return w.map((x, i) => (kept[i >> 2] ? x : 0));
    },
  },
  'zeros only': { kernel: /sparse_(pixels|windows)1/, change: (w: number[]) => w.map(() => 0) },
} as const;

function fewValues(weights: number[], random: Random, count: number): number[] {
  const values = Array.from({ length: count }, () => random.pick(weights));
  return weights.map(() => random.pick(values));
}

const layers = ['pointwise', 'convolution, channels in fours', 'convolution, any channels', 'depthwise, small', 'dense'] as const;
const rules: readonly RoundingRule[] = ['tflite-double-round', 'onnx-float-half-even'];
const CASES = 4;
const RUNS = 2;

function withContent(model: Model, change: (weights: number[]) => number[]): Model {
  const editor = GraphEditor.of(model.graph);
  for (const value of [...editor.values.values()]) {
    if (!value.constant || value.type.shape!.length < 2) continue;
    const tensor = constantTensor(value);
    editor.values.set(value.id, { ...value, constant: constantOf(tensorOf(tensor.type, change([...tensor.data]))) });
  }
  return { ...model, graph: editor.finish() };
}

/** The program with kernels that match, where there are any; `wanted` undefined: portable ones that read weights as they are. */
function programWith(model: Model, isa: Isa, wanted?: RegExp): Program {
  const steps = openSteps(model, isa, 'own').map((step) => {
    const matching = step.choices.findIndex(({ plan, kernel }) => (wanted ? wanted.test(plan.function) : !kernel.isas && !/sparse|_c\d[sf]\d/.test(plan.function)));
    return stepWith(step, Math.max(0, matching));
  });
  return { isa, goal: 'flash', ...planMemory(model, steps), refusals: [] };
}

const usesOf = (program: Program, pattern: RegExp): boolean => program.steps.some((step) => pattern.test(step.plan!.function));

const constantBytes = ({ steps }: Program): number => steps.flatMap((step) => callsOf(step.plan!)).flatMap((call) => call.constants).reduce((sum, { dtype, elements }) => sum + byteLengthOf(dtype, elements), 0);

/** Both programs on the same inputs: every bit of every output is the same. Returns how many layers the kernels served. */
function compareBits(models: readonly Model[], isa: Isa, pattern: RegExp, random: Random, build: (models: readonly CModel[]) => HostProgram | CortexMProgram): number {
  const served = models.map((model) => ({ packed: programWith(model, isa, pattern), plain: programWith(model, isa) })).filter(({ packed }) => usesOf(packed, pattern));
  if (!served.length) return 0;
  const inputs = concatBytes(Array.from({ length: RUNS }, () => served.flatMap(({ plain: { model: { graph } } }) => graph.inputs.map((id) => {
    const type = graph.values.get(id)!.type as StaticType;
    return encodeBytes(type.dtype, tensorOf(type, randomInput(random, type)).data);
  }))).flat());
  const outputs = (['packed', 'plain'] as const).map((form) => {
    const program = build(served.map((pair, i) => ({ emitted: emitModel(pair[form], `m${i}`), inputs: pair.plain.model.graph.inputs.length, outputs: 1 })));
    try {
      return program.run(inputs);
    } finally {
      program.dispose();
    }
  });
  assert.ok(outputs[0].length > 0);
  assert.deepEqual(Buffer.from(outputs[0]), Buffer.from(outputs[1]));
  return served.length;
}

describe('C that decodes weights', function () {
  this.timeout(600_000);
  for (const [what, { kernel, change }] of Object.entries(contents)) {
    const modelsOf = (isQuantized: boolean, rule: RoundingRule): Model[] => layers.flatMap((layer) => Array.from({ length: CASES }, (_, i) => {
      const random = new Random((i + 1) * 7919 + layer.length);
      return withContent(drawModel(weightedLayers[layer].make, random, isQuantized, rule), (weights) => change(weights, random));
    }));
    for (const [numbers, isQuantized, rule] of [...rules.map((rule) => [`int8, ${rule}`, true, rule] as const), ['float32', false, 'onnx-float-half-even'] as const]) {
      it(`${what}, ${numbers}: the bits of the C that reads every weight, under both sanitizers`, function () {
        const compiler = needHostCompiler(this);
        const served = compareBits(modelsOf(isQuantized, rule), 'c99', kernel, new Random(1), (models) => new HostProgram(models, compiler));
        assert.ok(served >= CASES, `${served} layers`);
      });
    }
    it(`${what}: the same on a simulated Cortex-M0 and M4F`, function () {
      needCortexM(this);
      for (const [board, isa] of [['m0-sim', 'c99'], ['m4-sim', 'dsp']] as const) {
        // Cores with DSP instructions multiply four weights faster than they skip them.
        if (isa === 'dsp' && what === 'zeros in fours') continue;
        assert.ok(compareBits(modelsOf(true, 'tflite-double-round').slice(0, 3 * CASES), isa, kernel, new Random(2), (models) => new CortexMProgram(models, board)) > 0);
      }
    });
  }

  it('takes fewer bytes of constants', () => {
    const random = new Random(5);
    const model = withContent(drawModel(weightedLayers.dense.make, random, true, 'tflite-double-round'), (w) => w.map((x, i) => (i % 4 ? 0 : x)));
    assert.ok(constantBytes(programWith(model, 'c99', /sparse_pixels1/)) < constantBytes(programWith(model, 'c99')));
  });
});
