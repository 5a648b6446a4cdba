import assert from 'node:assert/strict';
import path from 'node:path';
import { QemuProgram } from '../../../bench/measure/qemu-program';
import { cycleCounter, coreTimings } from '../../../bench/measure/core-timing';
import { openModel } from '../../../src/app/model-file';
import { quietTask } from '../../../src/base/progress';
import { findBoard } from '../../../src/device/boards';
import { timingOf } from '../../../src/device/boards/core-timing';
import { instructionsOf, layerWork } from '../../../src/engine/cost/latency';
import { planProgram } from '../../../src/engine/codegen/program';
import { needCortexM } from '../../support/cortex-m-c';
import { root } from '../../support/project';
import { sharedFolder } from '../../support/shared-folder';

/** Modelled over counted instructions of a whole model on the simulated Cortex-M4F. */
async function ratio(file: string): Promise<number> {
  const board = findBoard('m4-sim')!;
  const program = planProgram((await openModel(file, quietTask)).lowered, board.isa);
  const built = new QemuProgram(program, board);
  try {
    const counted = built.layerInstructions().reduce((sum, count) => sum + count, 0);
    const modelled = program.steps.reduce((sum, step) => sum + (instructionsOf(layerWork(step), 'armv7e-m') ?? NaN), 0);
    return modelled / counted;
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
