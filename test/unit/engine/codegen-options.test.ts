import assert from 'node:assert/strict';
import { emitModel } from '../../../src/engine/codegen/emit';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { analyze } from '../../../src/engine/cost/analyze';
import type { Model } from '../../../src/engine/ir/types';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { tensorOf } from '../../../src/engine/ir/tensor';
import { Network } from '../../support/network/network';
import { Random } from '../../support/random';
import { ModelBuilder } from '../../support/random-graph';

/** Two int8 convolutions of one shape: what can share code, and what DSP instructions speed up. */
function twoConvolutions(): Model {
  const b = new ModelBuilder(new Random(4), true, 'tflite-double-round');
  let x = b.input([1, 8, 8, 8]);
  for (let i = 0; i < 2; i++) {
    const [weights, bias] = b.weights([8, 1, 1, 8], x);
    x = b.layer('conv', [x, weights, bias], { layout: 'nhwc' }, b.outputQuantization(x, 0.02, 8, false));
  }
  return b.finish(x);
}

const flashOf = (program: Program): number => analyze({ model: program.model, path: '', program, labels: [], problems: [], openExtents: [] }).totals.flashBytes;

describe('options of code generation', () => {
  it('optimizing for flash takes fewer modelled bytes than for speed, and shares kernels; for RAM never more arena', () => {
    const model = twoConvolutions();
    const [speed, ram, flash] = (['speed', 'ram', 'flash'] as const).map((goal) => planProgram(model, 'dsp', { goal }));
    assert.ok(flashOf(flash) < flashOf(speed), `${flashOf(flash)} and ${flashOf(speed)}`);
    assert.ok(ram.arenaBytes <= speed.arenaBytes);
    const source = (program: Program): string => emitModel(program, 'm').files.find((file) => file.path === 'm.c')!.text;
    assert.match(source(flash), /#define TML_SHARE_KERNELS 1/);
    assert.doesNotMatch(source(speed), /TML_SHARE_KERNELS/);
  });

  it('a section holds every constant of the weights file and nothing else changes', () => {
    const program = planProgram(twoConvolutions(), 'c99');
    const weights = (section?: string): string => emitModel(program, 'm', { weightsSection: section }).files.find((file) => file.path === 'm_weights.c')!.text;
    const arrays = weights('.qspi').match(/^TML_CONST .*$/gm)!;
    assert.ok(arrays.length > 3 && arrays.every((line) => line.endsWith(' M_SECTION = {')), arrays.join('\n'));
    assert.match(weights('.qspi'), /__attribute__\(\(section\("\.qspi"\)\)\)/);
    assert.equal(weights('.qspi').replace(/\n#if defined\(__GNUC__\)[^]*?#endif\n/, '').replaceAll(' M_SECTION', ''), weights());
  });

  it('a library is called only where it is asked for', () => {
    const functions = (backend: 'own' | 'cmsis-nn'): string[] => planProgram(twoConvolutions(), 'dsp', { backend }).steps.map((step) => step.plan!.function);
    assert.deepEqual(functions('cmsis-nn'), ['tml_cmsis_conv_s8', 'tml_cmsis_conv_s8']);
    assert.ok(functions('own').every((name) => !name.includes('cmsis')));
  });
});

describe('clamps that become part of a layer', () => {
  it('bounds in a row are those of one clamp after another', () => {
    for (const [first, second] of [[[0, 6], [0.1, 5]], [[0, 1], [3, 5]], [[0, 6], [-9, -1]], [[-1, 1], [-9, 9]]] as const) {
      const n = new Network(new Random(7), 'onnx-float-half-even');
      const x = n.input('float32', [1, 9]);
      const sum = n.compute('add', [x, x], { clampMin: first[0], clampMax: first[1] });
      n.compute('clamp', [sum], { clampMin: second[0], clampMax: second[1] });
      const model = n.finish();
      const input = tensorOf({ dtype: 'float32', shape: [1, 9] }, [-8, -2, -0.5, 0, 0.04, 0.5, 2, 2.6, 8]);
      const [plain, fused] = [model, lower(canonicalize(model))];
      assert.equal(fused.graph.nodes.length, 1);
      assert.deepEqual(new Interpreter(fused).run([input])[0].data, new Interpreter(plain).run([input])[0].data);
    }
  });

  it('a layer that keeps memory between runs stays whole', () => {
    const n = new Network(new Random(3), 'tflite-double-round');
    const x = n.input('float32', [1, 3]);
    const state = n.remembered([1, 8]);
    const results = n.layer('svdf', [x, n.constant('float32', [4, 3], n.random.reals(12)), n.constant('float32', [4, 2], n.random.reals(8)), undefined, state], { rank: 1 }, [{}, {}]);
    n.remember([state], results.slice(1));
    n.compute('clamp', [results[0]], { clampMin: 0 });
    const lowered = lower(canonicalize(n.finish()));
    assert.equal(lowered.graph.states.length, 1);
    assert.ok(lowered.graph.nodes.some((node) => node.outputs.includes(lowered.graph.states[0].output)));
  });
});
