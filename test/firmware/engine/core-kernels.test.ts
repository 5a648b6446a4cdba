import assert from 'node:assert/strict';
import type { Isa } from '../../../src/engine/codegen/kernel';
import type { RoundingRule } from '../../../src/engine/ir/types';
import { comparePrograms } from '../../support/compare-programs';
import { CortexMProgram, needCortexM } from '../../support/cortex-m-c';
import { weightedLayers } from '../../support/weighted-layers';
import { Random } from '../../support/random';
import { drawModel } from '../../support/random-graph';

type Kernels = Partial<Readonly<Record<keyof typeof weightedLayers, RegExp>>>;

/** Cores, and the functions that must have computed some layers of each kind by each rule. */
const cores: readonly { readonly board: string; readonly isa: Isa; readonly kernels: Readonly<Record<RoundingRule, Kernels>> }[] = [
  { board: 'm4-sim', isa: 'dsp', kernels: dspKernels() },
  { board: 'm55-sim', isa: 'mve', kernels: mveKernels() },
];

function dspKernels(): Readonly<Record<RoundingRule, Kernels>> {
  const bothRules = { pointwise: /pointwise_dsp/, 'convolution, channels in fours': /conv2d_dsp/, 'convolution, any channels': /conv2d_rows_dsp/, 'depthwise, small': /depthwise_3x3/, dense: /dense_dsp/ };
  const fixed = { ...bothRules, 'depthwise, stride 1': /depthwise_s1/, 'depthwise, stride 2': /depthwise_s2/, add: /add_(saturating|signed)_dsp/, averagePool: /average_pool_dsp/ };
  return { 'tflite-double-round': fixed, 'tflite-single-round': fixed, 'onnx-float-half-even': bothRules };
}

function mveKernels(): Readonly<Record<RoundingRule, Kernels>> {
  const bothRules = {
    pointwise: /pointwise_(spare_)?mve/, 'convolution, channels in fours': /conv2d_mve/, 'convolution, any channels': /conv2d_mve/, 'depthwise, small': /depthwise_3x3_.*_mve/, 'depthwise, stride 1': /depthwise_3x3_.*_mve/,
    'depthwise, stride 2': /depthwise_3x3_.*_mve/, dense: /dense_mve/,
  };
  return { 'tflite-double-round': bothRules, 'tflite-single-round': {}, 'onnx-float-half-even': bothRules };
}

/** Layers of each kind in CI; TINYML_KERNEL_CASES asks for more. */
const CASES = Number(process.env.TINYML_KERNEL_CASES ?? 12);

for (const { board, isa, kernels } of cores) {
  describe(`int8 kernels of ${isa} against the reference interpreter, on ${board}`, function () {
    this.timeout(600_000);
    for (const [rule, byLayer] of Object.entries(kernels) as [RoundingRule, Kernels][]) {
      for (const [name, pattern] of Object.entries(byLayer) as [keyof typeof weightedLayers, RegExp][]) {
        it(`${name}, ${rule}: equal bits (${CASES} random layers)`, function () {
          needCortexM(this);
          const models = Array.from({ length: CASES }, (_, i) => drawModel(weightedLayers[name].make, new Random((i + 1) * 104723 + name.length), true, rule));
          const programs = comparePrograms(models, isa, new Random(name.length), (list) => new CortexMProgram(list, board));
          const used = programs.flatMap((program) => program.steps.map((step) => step.plan!.function)).filter((text) => pattern.test(text));
          // Single rounding leaves fewer of them.
          assert.ok(used.length >= (rule === 'tflite-single-round' ? 0 : CASES / 3), `${used.length} of ${CASES} by the specialised kernel`);
        });
      }
    }
  });
}

/** float32 on the FPU: within 1e-5. */
const floatKernels: Kernels = { pointwise: /conv2d_f32_dsp/, 'convolution, channels in fours': /conv2d_f32_dsp/, 'convolution, any channels': /conv2d_f32_dsp/, 'depthwise, small': /depthwise_3x3_(relu_)?f32/, 'depthwise, stride 1': /depthwise_3x3_(relu_)?f32/, dense: /dense_f32_dsp/ };

describe('float32 kernels of dsp against the reference interpreter, on m4-sim', function () {
  this.timeout(600_000);
  for (const [name, pattern] of Object.entries(floatKernels) as [keyof typeof weightedLayers, RegExp][]) {
    it(`${name}: within 1e-5 (${CASES} random layers)`, function () {
      needCortexM(this);
      const models = Array.from({ length: CASES }, (_, i) => drawModel(weightedLayers[name].make, new Random((i + 1) * 7919 + name.length), false, 'onnx-float-half-even'));
      const programs = comparePrograms(models, 'dsp', new Random(name.length), (list) => new CortexMProgram(list, 'm4-sim'));
      const used = programs.flatMap((program) => program.steps.map((step) => step.plan!.function)).filter((text) => pattern.test(text));
      // Dense layers count where their inputs come in fours.
      assert.ok(used.length >= CASES / 12, `${used.length} of ${CASES} by the specialised kernel`);
    });
  }
});
