import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bytesOf } from '../../../src/base/bytes';
import { emitModel, type EmittedModel } from '../../../src/engine/codegen/emit';
import type { Isa } from '../../../src/engine/codegen/kernel';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { tensorOf } from '../../../src/engine/ir/tensor';
import type { StaticType } from '../../../src/engine/ir/types';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { readBytes, sharedOrSkip } from '../../conformance/support/shared';
import { programOrSkip, skip } from '../device/support/boards';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { root, temporaryFolder } from '../../support/project';
import { Random } from '../../support/random';
import { randomInput } from '../../support/random-graph';

const models = ['mlperf_tiny_resnet8_int8', 'mlperf_tiny_kws_dscnn_int8', 'mlperf_tiny_vww_mobilenetv1_025_int8', 'mlperf_tiny_ad_autoencoder_int8', 'tinymaix_mnist_resnet_q'];

/** Every op of the four MLPerf Tiny models is one that the library computes. */
const CALLED = ['tml_cmsis_add_s8', 'tml_cmsis_average_pool_s8', 'tml_cmsis_conv_s8', 'tml_cmsis_dense_s8', 'tml_cmsis_depthwise_s8', 'tml_cmsis_softmax_s8'];

describe('C that calls CMSIS-NN', function () {
  this.timeout(300_000);

  const programOf = (context: Mocha.Context, name: string, isa: Isa): Program => {
    const file = sharedOrSkip(context, 'models', `${name}.tflite`);
    const program = planProgram(lower(canonicalize(readTflite(readBytes(file), file).model)), isa, { backend: 'cmsis-nn' });
    assert.deepEqual(program.refusals, []);
    return program;
  };

  it('compiles against its interface without a warning, for cores with and without Helium, and calls it for every layer of the four benchmark models', function () {
    const compiler = programOrSkip(this, 'arm-none-eabi-gcc');
    const called = new Set<string>();
    for (const [isa, flags] of [['dsp', ['-mcpu=cortex-m4']], ['mve', ['-mcpu=cortex-m55']]] as const) {
      for (const name of models) {
        const program = programOf(this, name, isa);
        if (name.startsWith('mlperf')) program.steps.forEach((step) => called.add(step.plan!.function));
        compile(emitModel(program, 'model'), compiler, [...flags, '-mthumb']);
      }
    }
    assert.deepEqual([...called].sort(), CALLED);
  });

  function compile({ files }: EmittedModel, compiler: string, flags: readonly string[]): void {
    const folder = temporaryFolder('cmsis');
    try {
      for (const file of files) fs.writeFileSync(path.join(folder, file.path), file.text);
      execFileSync(compiler, ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', ...flags, `-I${path.join(root, 'test/support/cmsis-nn')}`, '-c', 'model.c'], { cwd: folder, stdio: 'pipe' });
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  for (const name of models) {
    it(`${name}: linked with the library it gives the reference's bits`, function () {
      const compiler = needHostCompiler(this);
      const library = process.env.TINYML_CMSIS_NN;
      if (!library) skip(this, 'TINYML_CMSIS_NN does not name a folder with CMSIS-NN\'s Include and libcmsis-nn.a for this computer');
      const program = programOf(this, name, 'c99');
      const host = new HostProgram([{ emitted: emitModel(program, 'model'), inputs: 1, outputs: 1 }], compiler, [`-I${library}/Include`, `-Wl,--whole-archive,${library}/libcmsis-nn.a,--no-whole-archive`]);
      const interpreter = new Interpreter(program.model);
      const type = program.model.graph.values.get(program.model.graph.inputs[0])!.type as StaticType;
      const random = new Random(3);
      for (let run = 0; run < 4; run++) {
        const input = tensorOf(type, randomInput(random, type));
        assert.deepEqual(Buffer.from(host.run(bytesOf(input.data))), Buffer.from(bytesOf(interpreter.run([input])[0].data)));
      }
      host.dispose();
    });
  }
});
