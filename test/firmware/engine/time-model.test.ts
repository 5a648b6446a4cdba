import assert from 'node:assert/strict';
import path from 'node:path';
import { QemuProgram } from '../../../bench/measure/qemu-program';
import { packed, packings } from '../../../bench/measure/models';
import { cycleCounter, coreTimings } from '../../../bench/measure/core-timing';
import { openModel } from '../../../src/app/model-file';
import { quietTask } from '../../../src/base/progress';
import { findBoard } from '../../../src/device/boards';
import { timingOf } from '../../../src/device/boards/core-timing';
import { instructionsOf, layerWork } from '../../../src/engine/cost/latency';
import type { Step } from '../../../src/engine/codegen/choose-kernels';
import { planProgram, type Program } from '../../../src/engine/codegen/program';
import { lower } from '../../../src/engine/passes/pipeline';
import { needCortexM } from '../../support/cortex-m-c';
import { root } from '../../support/project';
import { sharedFolder } from '../../support/shared-folder';

/** Modelled over counted instructions of a whole model on the simulated Cortex-M4F. */
const ratio = async (file: string): Promise<number> => ratioOf(planProgram((await openModel(file, quietTask)).lowered, findBoard('m4-sim')!.isa), 'm4-sim', 'armv7e-m', () => true);

/** The same of some layers of a program on a simulated board. */
function ratioOf(program: Program, boardId: string, code: string, isWanted: (step: Step) => boolean): number {
  const built = new QemuProgram(program, findBoard(boardId)!);
  try {
    const counts = built.layerInstructions();
    const wanted = program.steps.filter(isWanted);
    const counted = wanted.reduce((sum, { index }) => sum + counts[index], 0);
    return wanted.reduce((sum, step) => sum + (instructionsOf(layerWork(step), code) ?? NaN), 0) / counted;
  } finally {
    built.dispose();
  }
}

describe('time model against simulated boards', function () {
  this.timeout(120_000);
  before(function () {
    needCortexM(this);
  });

  const isNear = async (files: readonly string[]): Promise<void> => {
    for (const file of files) {
      const found = await ratio(file);
      assert.ok(found > 0.7 && found < 1.4, `${path.basename(file)}: ${found}`);
    }
  };

  it('is near the counted instructions of the samples', () => isNear(['digits/digits.onnx', 'digits/digits-dense.onnx', 'gesture/gesture.onnx'].map((file) => path.join(root, 'samples', file))));

  it('is near those of MLPerf Tiny', function () {
    const shared = sharedFolder(this, 'models');
    return isNear(['mlperf_tiny_kws_dscnn_int8', 'mlperf_tiny_vww_mobilenetv1_025_int8', 'mlperf_tiny_resnet8_int8'].map((name) => path.join(shared, `${name}.tflite`)));
  });

  it('is near those of kernels that decode weights or skip zeros, of the keyword model as int8', async function () {
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_kws_dscnn_int8.tflite');
    const { canonical } = await openModel(file, quietTask);
    for (const packing of packings.filter(({ name }) => name !== '256 values')) {
      const program = planProgram(lower(packed(canonical, packing)), findBoard('m3-sim')!.isa, { goal: packing.goal });
      assert.ok(program.steps.some(({ plan }) => plan?.work), packing.name);
      for (const isWanted of [({ plan }: Step) => plan?.work !== undefined, () => true]) {
        const found = ratioOf(program, 'm3-sim', 'armv7-m', isWanted);
        assert.ok(found > 0.8 && found < 1.25, `${packing.name}: ${found}`);
      }
    }
  });

  it('has the cycles per instruction that the core\'s manual gives for what runs', async () => {
    const board = findBoard('m4-sim')!;
    const program = planProgram((await openModel(path.join(root, 'samples/digits/digits.onnx'), quietTask)).lowered, board.isa);
    const built = new QemuProgram(program, board);
    try {
      const counter = cycleCounter(built.elf, coreTimings['Cortex-M4F']);
      await built.trace((address) => counter.visit(address));
      const { instructions, cycles } = counter.result();
      assert.ok(instructions > 10_000, String(instructions));
      const { real } = timingOf('Cortex-M4F', '')!.cyclesPerInstruction;
      assert.ok(Math.abs(cycles / instructions / real.value - 1) < 0.2, String(cycles / instructions));
    } finally {
      built.dispose();
    }
  });
});
