import type { Model } from '../../../src/engine/ir/types';
import { hardSwish } from '../../../src/engine/ops/hard-swish/op';
import { leakyRelu } from '../../../src/engine/ops/leaky-relu/op';
import { sigmoid } from '../../../src/engine/ops/sigmoid/op';
import { tanh } from '../../../src/engine/ops/tanh/op';
import { comparePrograms } from '../../support/compare-programs';
import { CortexMProgram, needCortexM } from '../../support/cortex-m-c';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { Random } from '../../support/random';
import { ModelBuilder } from '../../support/random-graph';

const functions = { sigmoid, tanh, hardSwish, leakyRelu };

/** Codes of 16 bits through a real function, by onnxruntime's rule: too many for a table. */
function modelOf(name: keyof typeof functions, seed: number): Model {
  const random = new Random(seed);
  const b = new ModelBuilder(random, true, 'onnx-float-half-even');
  const quantization = (scale: number): { scale: number[]; zeroPoint: number[] } => ({ scale: [Math.fround(scale)], zeroPoint: [random.int(-3, 3)] });
  const input = b.editor.addValue('x', { dtype: 'int16', shape: [1, 400], quantization: quantization(random.real(1, 8) / 32768) });
  b.editor.inputs.push(input);
  const output = b.editor.addValue('y', { dtype: 'int16', shape: [1, 400], quantization: quantization(random.real(0.5, 4) / 32768) });
  b.editor.addNode({ op: functions[name].name, name, inputs: [input], outputs: [output], attributes: name === 'leakyRelu' ? { alpha: Math.fround(random.real(-0.5, 0.5)) } : {} });
  return b.finish(output);
}

describe('real functions of 16-bit codes by onnxruntime\'s rule', function () {
  this.timeout(300_000);
  const models = (): Model[] => (Object.keys(functions) as (keyof typeof functions)[]).flatMap((name) => [1, 2, 3].map((seed) => modelOf(name, seed * 31 + name.length)));

  it('equal the reference interpreter bit for bit, under sanitizers', function () {
    const compiler = needHostCompiler(this);
    comparePrograms(models(), 'c99', new Random(3), (list) => new HostProgram(list, compiler));
  });

  it('equal it on a simulated Cortex-M4F', function () {
    needCortexM(this);
    comparePrograms(models().slice(0, 6), 'dsp', new Random(4), (list) => new CortexMProgram(list, 'm4-sim'));
  });
});
