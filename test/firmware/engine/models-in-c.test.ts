import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { bytesOf, concatBytes } from '../../../src/base/bytes';
import { emitModel } from '../../../src/engine/codegen/emit';
import type { Isa } from '../../../src/engine/codegen/kernel';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { readTflite } from '../../../src/engine/formats/tflite/read';
import { typeBytes } from '../../../src/engine/ir/dtype';
import type { StaticType } from '../../../src/engine/ir/types';
import { canonicalize, lower } from '../../../src/engine/passes/pipeline';
import { hashOf, inputGenerator, type RecordedModel } from '../../conformance/support/reference';
import { readJson, readBytes, sharedOrSkip } from '../../conformance/support/shared';
import type { CModel } from '../../support/emitted-c';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { CortexMProgram, needCortexM } from '../../support/cortex-m-c';

/**
 * Models whose C must give TensorFlow Lite Micro's bits; arena and code of the DSP build may not exceed these bytes. The arenas
 * of the first four include 16 to 576 bytes of scratch above the bounds that overlapping outputs allow (docs/benchmarks.md).
 */
const models: Readonly<Record<string, { readonly arena: number }>> = {
  mlperf_tiny_resnet8_int8: { arena: 33_872 },
  mlperf_tiny_kws_dscnn_int8: { arena: 8_432 },
  mlperf_tiny_vww_mobilenetv1_025_int8: { arena: 36_896 },
  mlperf_tiny_ad_autoencoder_int8: { arena: 768 },
  mlperf_tiny_streaming_ww_int8: { arena: 6_660 },
  tflm_hello_world_int8: { arena: 100 },
  tflm_micro_speech_int8: { arena: 4_800 },
  tflm_person_detect_int8: { arena: 36_896 },
  tflm_keyword_scrambled_8bit: { arena: 10_304 },
  mww_v2_okay_nabu_int8: { arena: 8_164 },
  tflm_mnist_lstm_int8: { arena: 1_624 },
  tinymaix_mnist_valid_q: { arena: 940 },
  tinymaix_mnist_resnet_q: { arena: 3_216 },
};

function programOf(file: string, isa: Isa): Program {
  const { model } = readTflite(readBytes(file), file);
  const program = planProgram(lower(canonicalize(model)), isa);
  assert.deepEqual(program.refusals, []);
  return program;
}

const cModel = (program: Program): CModel => ({ emitted: emitModel(program, 'model'), inputs: program.model.graph.inputs.length, outputs: program.model.graph.outputs.length });

/** Inputs of all recorded runs, or of the recorded stream, one after another, and hashes of what must come out. */
function recorded(program: Program, record: RecordedModel, most: number): { inputs: Uint8Array; wanted: string[] } {
  const rows = (record.stream ? record.stream.invocations : record.runs).slice(0, record.stream ? undefined : most);
  const generate = inputGenerator(record.stream?.seed ?? 1);
  const inputs = rows.map((row) => (record.stream ? generate : inputGenerator(row.seed!))(program.model));
  inputs.forEach((tensors, i) => assert.equal(tensors.map(hashOf).join(), rows[i].input_fnv1a32));
  return { inputs: concatBytes(inputs.flat().map((tensor) => bytesOf(tensor.data))), wanted: rows.flatMap((row) => row.outputs.map((output) => output.fnv1a32)) };
}

function hashesOf(program: Program, bytes: Uint8Array): string[] {
  const { outputs, values } = program.model.graph;
  const types = outputs.map((id) => values.get(id)!.type as StaticType);
  const hashes: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    for (const type of types) {
      hashes.push(hashOf({ type: { dtype: 'uint8', shape: [typeBytes(type)] }, data: bytes.slice(at, at + typeBytes(type)) }));
      at += typeBytes(type);
    }
  }
  return hashes;
}

/** Rows of a channel that the depthwise kernel for Helium keeps at the step of the peak. */
const HELIUM_SCRATCH = 400;

describe('C of TFLite models gives the bits of TensorFlow Lite Micro', function () {
  this.timeout(600_000);

  for (const [name, { arena }] of Object.entries(models)) {
    const record = (context: Mocha.Context): RecordedModel => readJson<{ models: Record<string, RecordedModel> }>(sharedOrSkip(context, 'reference', 'expected.json')).models[name];

    it(`${name}: portable, on this computer under sanitizers`, function () {
      const compiler = needHostCompiler(this);
      const program = programOf(sharedOrSkip(this, 'models', `${name}.tflite`), 'c99');
      const { inputs, wanted } = recorded(program, record(this), 8);
      const host = new HostProgram([cModel(program)], compiler);
      try {
        assert.deepEqual(hashesOf(program, host.run(inputs)), wanted);
      } finally {
        host.dispose();
      }
    });

    for (const { core, board, isa, bytes } of [
      { core: 'DSP instructions, on a simulated Cortex-M4F', board: 'm4-sim', isa: 'dsp', bytes: arena },
      { core: 'Helium, on a simulated Cortex-M55', board: 'm55-sim', isa: 'mve', bytes: arena + HELIUM_SCRATCH },
    ] as const) {
      it(`${name}: ${core}, in ${bytes} bytes`, function () {
        needCortexM(this);
        const program = programOf(sharedOrSkip(this, 'models', `${name}.tflite`), isa);
        assert.ok(program.arenaBytes <= bytes, `the arena takes ${program.arenaBytes} bytes`);
        const { inputs, wanted } = recorded(program, record(this), 8);
        const simulated = new CortexMProgram([cModel(program)], board);
        try {
          assert.deepEqual(hashesOf(program, simulated.run(inputs)), wanted);
        } finally {
          simulated.dispose();
        }
      });
    }
  }

  it('600 keyword recordings give the recorded outputs on a simulated Cortex-M4F', function () {
    needCortexM(this);
    const program = programOf(sharedOrSkip(this, 'models', 'mlperf_tiny_kws_dscnn_int8.tflite'), 'dsp');
    const { files } = readJson<{ files: { file: string; out: number[] }[] }>(sharedOrSkip(this, 'reference', 'kws01.json'));
    const folder = sharedOrSkip(this, 'testdata', 'kws01');
    const board = new CortexMProgram([cModel(program)], 'm4-sim');
    try {
      const inputs = files.map(({ file }) => new Uint8Array(fs.readFileSync(path.join(folder, file))));
      assert.deepEqual(Array.from(new Int8Array(board.run(concatBytes(inputs)).buffer)), files.flatMap(({ out }) => out));
    } finally {
      board.dispose();
    }
  });
});
